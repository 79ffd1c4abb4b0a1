import assert from "node:assert/strict";
import { test } from "node:test";
import { Choice, KEY, RETRY } from "#live/choice";
import { ComingBack } from "#live/coming-back";
import { settle } from "./support/fake-socket.js";
import { fakeStorage } from "./support/fake-storage.js";

/** A page on a lesser transport; `through` gets through beside it. */
function page(t, kind, { through = [], kept = { kind, retryAt: 0 } } = {}) {
  const storage = fakeStorage();
  const tried = [];
  const others = [];
  globalThis.window = { addEventListener: (_, heard) => others.push(heard) };
  storage.setItem(KEY, JSON.stringify(kept));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = { now: 1_000, tried, storage };
  page.choice = new Choice({ kind, retryAt: 0 }, page.now);
  const socket = {
    isLive: true,
    tryBeside: (other) => {
      tried.push(other);
      if (through.includes(other)) page.choice.kind = other;
    },
  };
  const io = { wallClock: () => page.now, pause: async () => {} };
  page.back = new ComingBack(socket, page.choice, io);
  page.socket = socket;
  page.tell = (kept) => {
    storage.setItem(KEY, JSON.stringify(kept));
    for (const heard of others) heard({ key: KEY });
  };
  page.tick = async (milliseconds) => {
    page.now += milliseconds;
    t.mock.timers.tick(milliseconds);
    await settle();
  };
  page.back.plan();
  return page;
}

test("The better transports are tried when it is time, the best one first, and once more ten minutes later", async (t) => {
  const alice = page(t, "polling");
  await alice.tick(0);
  assert.deepEqual(alice.tried, ["websocket", null, "events", null]);
  await alice.tick(RETRY - 1);
  assert.equal(alice.tried.length, 4);
  await alice.tick(1);
  assert.equal(alice.tried.length, 8);
});

test("With the first that gets through it is done", async (t) => {
  const alice = page(t, "polling", { through: ["websocket"] });
  await alice.tick(0);
  await alice.tick(RETRY);
  assert.deepEqual(alice.tried, ["websocket"]);
});

test("What another tab tries now is not tried here as well", async (t) => {
  const alice = page(t, "events", { kept: { kind: "events", retryAt: 1_000 + RETRY } });
  await alice.tick(0);
  await alice.tick(RETRY - 1);
  assert.deepEqual(alice.tried, []);
  alice.tell({ kind: "events", retryAt: alice.now + RETRY });
  await alice.tick(1);
  assert.deepEqual(alice.tried, []);
});

test("A tab that has found a better way is followed at once", async (t) => {
  const alice = page(t, "events", { kept: { kind: "events", retryAt: 1_000 + RETRY } });
  await alice.tick(0);
  alice.tell({ kind: "websocket", retryAt: 0 });
  await settle();
  assert.deepEqual(alice.tried, ["websocket", null]);
});

test("Nothing is tried where there is no connection at all", async (t) => {
  const alice = page(t, "events");
  alice.socket.isLive = false;
  await alice.tick(0);
  assert.deepEqual(alice.tried, []);
});
