import assert from "node:assert/strict";
import { test } from "node:test";
import { Topics } from "#live/topics";
import { pick, seeded } from "./support/random.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp(load = async () => ({ error: { code: "unavailable" } })) {
  const log = { repaired: [], applied: [], resets: [], gone: [], events: [] };
  const topics = new Topics({
    load,
    repair: (topics) => log.repaired.push(...topics),
    pause: async () => {},
    random: () => 0,
  });
  const handler = {
    apply: (rows) => log.applied.push(...rows),
    reset: (state) => log.resets.push(state.rev),
    event: (name, data) => log.events.push([name, data]),
    gone: (code) => log.gone.push(code),
  };
  return { topics, handler, log };
}

const changes = (from, rev, rows = [{ id: rev, rev }]) => ({ topic: "room:7", from, rev, rows });

test("Changes are handed on and move the cursor, also when there is nothing in them to see", () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 10);
  topics.receive(changes(10, 11));
  topics.receive(changes(11, 15, []));
  assert.deepEqual(topics.cursors(), { "room:7": 15 });
  assert.equal(log.applied.length, 1);
});

test("A hole is mended by subscribing again from the cursor, once", () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 10);
  topics.receive(changes(12, 13));
  topics.receive(changes(13, 14));
  assert.deepEqual(log.repaired, ["room:7"]);
  assert.deepEqual(log.applied, []);
  topics.receive(changes(10, 14));
  topics.receive(changes(15, 16));
  assert.deepEqual(log.repaired, ["room:7", "room:7"]);
});

test("Frames that come while a state is read are applied on top of it", async () => {
  let answer;
  const { topics, handler, log } = setUp(() => new Promise((resolve) => (answer = resolve)));
  topics.add("room:7", handler, 10);
  topics.receive({ topic: "room:7", reset: true, rev: 20 });
  topics.receive(changes(20, 21));
  topics.receive(changes(21, 22));
  answer({ state: { rev: 21, rows: [] } });
  await settle();
  assert.deepEqual(log.resets, [21]);
  assert.deepEqual(topics.cursors(), { "room:7": 22 });
});

test("A state that cannot be had is asked for again", async () => {
  const answers = [
    { error: { code: "unavailable" } },
    { error: { code: "unavailable" } },
    { state: { rev: 5, rows: [] } },
  ];
  const { topics, handler, log } = setUp(async () => answers.shift());
  topics.add("room:7", handler, 1);
  topics.receive({ topic: "room:7", reset: true, rev: 5 });
  await settle();
  assert.deepEqual(log.resets, [5]);
});

test("A topic one may not have any more leaves, and says so", async () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 1);
  topics.add("me", handler, 1);
  topics.answered({ "room:7": { error: { code: "not_found" } }, me: { rev: 1 } });
  assert.deepEqual(log.gone, ["not_found"]);
  assert.deepEqual(Object.keys(topics.cursors()), ["me"]);
});

test("A topic that is refused for now is subscribed again", async () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 1);
  topics.answered({ "room:7": { error: { code: "too_fast", retry_after: 1 } } });
  await settle();
  assert.deepEqual(log.repaired, ["room:7"]);
});

test("A topic is missing from the moment it is asked for until it is granted", () => {
  const { topics, handler } = setUp();
  topics.add("room:7", handler, 1);
  topics.subscribing(["room:7"]);
  assert.ok(topics.isMissing("room:7"));
  topics.answered({ "room:7": { error: { code: "internal" } } });
  assert.ok(topics.isMissing("room:7"));
  topics.answered({ "room:7": { rev: 1 } });
  assert.ok(!topics.isMissing("room:7"));
  assert.ok(!topics.isMissing("room:8"));
});

test("Topics that are refused together are asked for together, ever more slowly until they are granted", async () => {
  const asked = [];
  const pauses = [];
  const topics = new Topics({
    repair: (names) => asked.push(names),
    pause: async (ms) => void pauses.push(ms),
  });
  const refused = { error: { code: "internal" } };
  topics.add("me", {}, 1);
  topics.add("room:7", {}, 1);
  for (let round = 0; round < 7; round += 1) {
    topics.answered({ me: refused, "room:7": refused });
    await settle();
  }
  topics.answered({ me: { rev: 1 }, "room:7": { rev: 1 } });
  topics.answered({ me: refused });
  assert.deepEqual(asked, Array(7).fill(["me", "room:7"]));
  assert.deepEqual(
    pauses.map((ms) => ms / 1_000),
    [1, 2, 4, 8, 16, 30, 30, 1],
  );
});

test("A topic that was granted meanwhile is not asked for again", async () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 1);
  topics.answered({ "room:7": { error: { code: "unavailable" } } });
  topics.answered({ "room:7": { rev: 1 } });
  await settle();
  assert.deepEqual(log.repaired, []);
});

test("In another history no cursor counts, and no state that was asked for before", async () => {
  let answer;
  const { topics, handler, log } = setUp(() => new Promise((resolve) => (answer = resolve)));
  topics.add("room:7", handler, 10);
  topics.receive({ topic: "room:7", reset: true, rev: 20 });
  topics.forget();
  assert.deepEqual(topics.cursors(), { "room:7": null });
  answer({ state: { rev: 20, rows: [] } });
  await settle();
  assert.deepEqual(log.resets, []);
});

test("Events need no cursor, and topics nobody holds are no error", () => {
  const { topics, handler, log } = setUp();
  topics.add("room:7", handler, 1);
  topics.receive({ topic: "room:7", event: "typing", data: { person: 2 } });
  topics.receive({ topic: "room:8", from: 0, rev: 1, rows: [] });
  assert.deepEqual(log.events, [["typing", { person: 2 }]]);
});

test("A snapshot follows from version to version, and asks for all of it after a skip", () => {
  const seen = [];
  const { topics, log } = setUp();
  topics.add("people", {
    state: (state) => seen.push(state),
    change: (change) => seen.push(change),
  });
  topics.receive({ topic: "people", version: 4, state: "all" });
  topics.receive({ topic: "people", version: 5, change: "next" });
  topics.receive({ topic: "people", version: 5, change: "doubled" });
  assert.deepEqual(log.repaired, []);
  topics.receive({ topic: "people", version: 7, change: "skipped" });
  topics.receive({ topic: "people", version: 8, state: "all again" });
  assert.deepEqual(log.repaired, ["people"]);
  assert.deepEqual(seen, ["all", "next", "all again"]);
});

test("Over a line that loses, doubles and delays frames every row arrives in its newest form", () => {
  for (let seed = 1; seed <= 100; seed += 1) arrivesWhole(seed);
});

function arrivesWhole(seed) {
  const random = seeded(seed);
  const truth = new Map();
  const held = new Map();
  let rev = 0;
  const since = (from) => ({
    topic: "room:7",
    from,
    rev,
    rows: [...truth.values()].filter((row) => row.rev > from),
  });
  const { topics, handler } = setUp();
  const line = [];
  handler.apply = (rows) =>
    rows.forEach((row) => void ((held.get(row.id)?.rev ?? 0) < row.rev && held.set(row.id, row)));
  topics.add("room:7", handler, 0);
  for (let step = 0; step < 200; step += 1) {
    rev += 1;
    const id = pick(random, 20);
    truth.set(id, { id, rev });
    if (random() < 0.8) line.push(since(rev - 1));
    if (random() < 0.2) line.push(line[pick(random, line.length)] ?? since(rev));
    while (line.length > 0 && random() < 0.5)
      topics.receive(line.splice(pick(random, line.length), 1)[0]);
  }
  topics.receive(since(topics.cursors()["room:7"]));
  assert.deepEqual(new Map([...held].sort()), new Map([...truth].sort()), `seed ${seed}`);
}
