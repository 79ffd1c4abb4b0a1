import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "#live/browser";

function answering(t, answer) {
  t.mock.method(globalThis, "fetch", answer);
}

test("An address that does not answer is given up after ten seconds, and counts as no answer", async (t) => {
  const waits = [];
  t.mock.method(AbortSignal, "timeout", (milliseconds) => {
    waits.push(milliseconds);
    return AbortSignal.abort();
  });
  answering(t, async (_, { signal }) => signal.throwIfAborted());
  assert.equal(await browser.session(), 0);
  assert.equal((await browser.state("me")).error.code, "unavailable");
  assert.deepEqual(waits, [10_000, 10_000]);
});

test("A state whose end never came is asked for again like one that cannot be had", async (t) => {
  answering(t, async () => new Response('{"rev": 1', { status: 200 }));
  assert.equal((await browser.state("me")).error.code, "unavailable");
});

test("The server's own reason is passed on", async (t) => {
  const reason = { code: "not_found", detail: "" };
  answering(t, async () => Response.json({ error: reason }, { status: 404 }));
  assert.deepEqual(await browser.state("room:7"), { error: reason });
});
