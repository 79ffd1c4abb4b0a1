import assert from "node:assert/strict";
import { test } from "node:test";
import { afterClose, CLOSE_CODES } from "#live/close-codes";

test("Every code from 4000 to 4399 comes back, and none from 4400 on does so by itself", () => {
  for (const [code, { act }] of Object.entries(CLOSE_CODES)) {
    const comesBack = act === "again";
    assert.equal(comesBack, Number(code) < 4400, `code ${code}`);
  }
});

test("A code of a newer server is read by its family", () => {
  assert.equal(afterClose(4099).act, "again");
  assert.equal(afterClose(4499).act, "stop");
  assert.equal(afterClose(1012).act, "again");
});

test("Whoever is stopped is told why, in words", () => {
  for (const code of [4400, 4403, 4429, 4499]) assert.match(afterClose(code).words, /\w+ \w+/);
});

test("Who was told that the server goes away spreads out, with or without a time in the goodbye", () => {
  assert.deepEqual(afterClose(4000).wait, [0, 5_000]);
  assert.equal(afterClose(1006).wait, undefined);
});

test("Too many refused commands: only a person's hand connects again", () => {
  assert.deepEqual(afterClose(4429).offer, "reconnect");
});
