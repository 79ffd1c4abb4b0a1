import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines, MOST_LINES, matcher } from "#boards/log-model";

const line = (text, changes = {}) => ({
  rev: 1,
  at: 1,
  level: "info",
  source: "app",
  logger: "live.hub",
  text,
  ...changes,
});

test("A line is wanted by its level, source and text", () => {
  const warning = line("reader paused 11.2 s", { level: "warning", source: "checkout" });
  assert.ok(matcher({ level: "info" })(warning));
  assert.ok(!matcher({ level: "error" })(warning));
  assert.ok(matcher({ source: "checkout" })(warning));
  assert.ok(!matcher({ source: "app" })(warning));
  assert.ok(matcher({ text: "READER" })(warning));
  assert.ok(!matcher({ text: "writer" })(warning));
});

test("What is not wanted is not kept", () => {
  const lines = new Lines({ level: "warning" });
  assert.equal(lines.append([line("a"), line("b", { level: "error" })]), 1);
  assert.equal(lines.count, 1);
});

const many = (number, from = 0) =>
  Array.from({ length: number }, (_, at) =>
    line(`${from + at}`, { rev: Math.floor((from + at) / 100) }),
  );
const numbers = (lines) => lines.slice(0, lines.count).map(({ text }) => Number(text));

test("A page keeps so many lines and no more, the newest, whatever comes", () => {
  const lines = new Lines();
  for (let round = 0; round < 60; round++) lines.append(many(1_000, round * 1_000));
  assert.ok(lines.count <= MOST_LINES);
  assert.equal(lines.at(lines.count - 1).text, "59999");
  assert.equal(Number(lines.at(0).text), lines.dropped);
  assert.equal(lines.dropped + lines.count, 60_000);
});

test("What was dropped at the beginning is loaded again from exactly there, in whole batches", () => {
  const lines = new Lines();
  lines.append(many(MOST_LINES + 50));
  assert.equal(lines.at(0).rev, lines.before);
  assert.equal(Number(lines.at(0).text), lines.before * 100);
  lines.prepend(many(1_000, lines.before * 100 - 1_000), lines.before - 10);
  assert.deepEqual(
    numbers(lines),
    [...numbers(lines).keys()].map((at) => at + numbers(lines)[0]),
  );
});

test("Older lines come whole, and what there is no room for then is loaded again on the way down", () => {
  const lines = new Lines();
  lines.append(many(MOST_LINES, 5_000));
  assert.equal(lines.prepend(many(1_050, 3_950), 39), 1_050);
  assert.equal(Number(lines.at(0).text), 3_950);
  assert.ok(lines.count <= MOST_LINES);
  const last = Number(lines.at(lines.count - 1).text);
  assert.equal(last, lines.after * 100 + 99, "whole batches");
  assert.equal(lines.append(many(100, 25_000)), 100, "it is counted");
  assert.equal(Number(lines.at(lines.count - 1).text), last, "and not put behind a hole");

  lines.proceed(many(25_100 - last - 1, last + 1));
  assert.equal(lines.after, null);
  assert.equal(Number(lines.at(lines.count - 1).text), 25_099);
  const all = numbers(lines);
  assert.ok(all.every((number, at) => number === all[0] + at));
});

test("Nothing is dropped that somebody reads: what comes then is for later", () => {
  const lines = new Lines();
  lines.append(many(MOST_LINES));
  assert.equal(lines.append(many(100, MOST_LINES), true), 100);
  assert.equal(lines.dropped, 0);
  assert.equal(lines.after, MOST_LINES / 100 - 1);
});

test("Long lines are shortened, and many of them are fewer", () => {
  const lines = new Lines();
  for (let at = 0; at < 8_000; at++) lines.append([line("x".repeat(100_000), { rev: at })]);
  let characters = 0;
  for (const { text } of lines.slice(0, lines.count)) characters += text.length;
  assert.ok(characters <= 8_000_000, `${characters}`);
  assert.ok(lines.count > 1_000);
});
