import assert from "node:assert/strict";
import { test } from "node:test";
import { Choice, KINDS, RETRY } from "#live/choice";
import { pick, seeded } from "./support/random.js";

function failing(choice, times, now = 0) {
  for (let time = 0; time < times; time += 1) choice.blocked(now);
  return choice.kind;
}

test("Two failures in a row move it on, from WebSocket to events to polling and to the beginning", () => {
  const choice = new Choice(null, 0);
  const kinds = [0, 1, 1, 1, 1, 1, 1].map((times) => failing(choice, times));
  assert.deepEqual(kinds, [
    "websocket",
    "websocket",
    "events",
    "events",
    "polling",
    "polling",
    "websocket",
  ]);
});

test("A failure counts for nothing once it got through", () => {
  const choice = new Choice(null, 0);
  for (let time = 0; time < 10; time += 1) {
    assert.equal(choice.blocked(0), false);
    choice.answered();
  }
  assert.equal(choice.kind, "websocket");
});

test("The next page begins where this one ended, and tries the better ones when this one would have", () => {
  const first = new Choice(null, 0);
  failing(first, 2, 7_000);
  const kept = JSON.parse(JSON.stringify(first.kept));
  const second = new Choice(kept, 9_000);
  assert.equal(second.kind, "events");
  assert.equal(second.retryAt, 7_000 + RETRY);
});

test("What is kept may be anything", () => {
  for (const kept of [null, undefined, 7, "events", {}, { kind: "pigeon" }, { kind: "toString" }])
    assert.equal(new Choice(kept, 0).kind, "websocket");
  for (const retryAt of [undefined, null, "soon", NaN, 1e18])
    assert.ok(new Choice({ kind: "events", retryAt }, 50).retryAt <= 50 + RETRY);
});

test("Whatever gets through at any time, it is found within four failures, and kept", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = seeded(seed);
    const choice = new Choice(null, 0);
    for (let change = 0; change < 20; change += 1) {
      // Polling always does, as where the server answers over HTTP at all.
      const through = KINDS.filter((kind) => kind === "polling" || pick(random, 2));
      let failures = 0;
      while (!through.includes(choice.kind)) {
        choice.blocked(0);
        failures += 1;
      }
      choice.answered();
      assert.ok(failures <= 4, `seed ${seed}`);
      const was = choice.kind;
      choice.blocked(0);
      choice.answered();
      assert.equal(choice.kind, was);
    }
  }
});
