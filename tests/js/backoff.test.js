import assert from "node:assert/strict";
import { test } from "node:test";
import { AWAY, backoff, SOON } from "#live/backoff";

const never = () => 0;
const almost = () => 0.999999;

test("Who alone was cut is back within a second", () => {
  assert.ok(backoff(0, almost) < 1_000);
});

test("The first return to a server that went away is spread over five seconds", () => {
  assert.equal(backoff(0, never, AWAY), 0);
  assert.ok(Math.abs(backoff(0, almost, AWAY) - 5_000) < 1);
});

test("The ceiling doubles with every failure and stays at thirty seconds", () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 40].map((n) => Math.round(backoff(n, almost)));
  assert.deepEqual(ceilings, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("The jitter is full: no wait has a floor of its own", () => {
  for (const n of [0, 1, 5, 20]) assert.equal(backoff(n, never), 0);
});

test("A range that the server asked for takes the place of the rule", () => {
  assert.equal(backoff(7, never, [5_000, 30_000]), 5_000);
  assert.equal(
    backoff(7, () => 0.5, [5_000, 30_000]),
    17_500,
  );
  assert.ok(backoff(9, almost, SOON) < 1_000);
});
