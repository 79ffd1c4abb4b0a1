import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMAND_TIMEOUT, Commands } from "#live/commands";

test("Every command gets its own answer, in whatever order they come", async () => {
  const commands = new Commands();
  const first = commands.begin(0);
  const second = commands.begin(0);
  commands.answer({ re: second.id, error: { code: "invalid", detail: "no" } });
  commands.answer({ re: first.id, ok: { seq: 7 } });
  assert.deepEqual(await first.result, { ok: { seq: 7 } });
  assert.equal((await second.result).error.code, "invalid");
});

test("Without an answer for five seconds the result is a timeout, and a late answer changes nothing", async () => {
  const commands = new Commands();
  const { id, result } = commands.begin(100);
  commands.expire(100 + COMMAND_TIMEOUT - 1, 0);
  assert.equal(commands.due, 100 + COMMAND_TIMEOUT);
  commands.expire(100 + COMMAND_TIMEOUT, 0);
  commands.answer({ re: id, ok: {} });
  assert.equal((await result).error.code, "timeout");
  assert.equal(commands.due, Infinity);
});

test("A socket that goes takes all answers with it", async () => {
  const commands = new Commands();
  const results = [commands.begin(0).result, commands.begin(0).result];
  commands.lose();
  for (const result of results) assert.equal((await result).error.code, "disconnected");
});

test("A frame that was too large is given up, not sent again", async () => {
  const commands = new Commands();
  const { result } = commands.begin(0);
  commands.lose("too_large");
  assert.equal((await result).error.code, "too_large");
});

test("A timeout tells whether the server said anything meanwhile", async () => {
  for (const [heardAt, heard] of [
    [100, false],
    [101, true],
  ]) {
    const commands = new Commands();
    const { result } = commands.begin(100);
    commands.expire(100 + COMMAND_TIMEOUT, heardAt);
    assert.equal((await result).error.heard, heard);
  }
});

test("A refusal of a frame that could not be read answers the only command on its way", async () => {
  const commands = new Commands();
  const { result } = commands.begin(0);
  commands.answer({ re: null, error: { code: "bad_request", detail: "" } });
  assert.equal((await result).error.code, "bad_request");
});

test("Where two commands are on their way, nobody knows which of them could not be read", async () => {
  const commands = new Commands();
  const results = [commands.begin(0).result, commands.begin(0).result];
  commands.answer({ re: null, error: { code: "bad_request", detail: "" } });
  commands.lose();
  for (const result of results) assert.equal((await result).error.code, "disconnected");
});
