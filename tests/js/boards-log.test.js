import assert from "node:assert/strict";
import { test } from "node:test";
import { Lines, MOST_LINES, matcher } from "#boards/log-model";

const line = (text, changes = {}) => ({
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

test("A page keeps so many lines and no more, the newest, whatever comes", () => {
  const lines = new Lines();
  for (let round = 0; round < 60; round++)
    lines.append(Array.from({ length: 1_000 }, (_, at) => line(`${round * 1_000 + at}`)));
  assert.ok(lines.count <= MOST_LINES);
  assert.equal(lines.at(lines.count - 1).text, "59999");
  assert.equal(Number(lines.at(0).text), lines.dropped);
  assert.equal(lines.dropped + lines.count, 60_000);
  assert.ok(lines.isMore, "what was dropped can be loaded again");
});

test("Long lines are shortened, and many of them are fewer", () => {
  const lines = new Lines();
  for (let at = 0; at < 8_000; at++) lines.append([line("x".repeat(100_000))]);
  let characters = 0;
  for (const { text } of lines.slice(0, lines.count)) characters += text.length;
  assert.ok(characters <= 8_000_000, `${characters}`);
  assert.ok(lines.count > 1_000);
});

test("Older lines go before the others, as far as there is room", () => {
  const lines = new Lines();
  lines.append([line("new")]);
  assert.equal(lines.prepend([line("older"), line("old")]), 2);
  assert.deepEqual(
    lines.slice(0, 3).map(({ text }) => text),
    ["older", "old", "new"],
  );
  const many = Array.from({ length: MOST_LINES }, () => line("x"));
  assert.equal(lines.prepend(many), MOST_LINES - 3);
});
