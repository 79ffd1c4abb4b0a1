import assert from "node:assert/strict";
import { test } from "node:test";
import { Stream } from "#live/stream";
import { FakeServer, Reader } from "./support/fake-server.js";
import { settle } from "./support/fake-socket.js";
import { pick, seeded } from "./support/random.js";

function setUp() {
  const server = new FakeServer();
  const stream = new Stream(server);
  const frames = [];
  const codes = [];
  stream.onframe = (frame) => frames.push(frame);
  stream.onclose = (code) => codes.push(code);
  return { server, stream, frames, codes };
}

async function subscribe({ server, stream }, id, topics) {
  stream.send({ id, do: "subscribe", epoch: "now", topics });
  await settle();
  server.deliverAll();
  await settle();
}

test("What is wanted is described, and the answer is the server's", async () => {
  const alice = setUp();
  alice.server.post("room:7");
  await subscribe(alice, 5, { "room:7": 0, me: 0 });
  assert.deepEqual(alice.server.described, [{ topics: { "room:7": 0, me: 0 }, epoch: "now" }]);
  assert.equal(alice.frames[0].event, "hello");
  assert.deepEqual(alice.frames[1], { re: 5, ok: { "room:7": { rev: 1 }, me: { rev: 0 } } });
  assert.deepEqual(alice.frames[2].rows, [{ id: 1 }]);
});

test("Another topic begins a new source where the last one has come to, and ends the last one", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { "room:7": 0 });
  alice.server.post("room:7");
  alice.server.deliverAll();
  await subscribe(alice, 2, { "room:9": 3 });
  const [first, second] = alice.server.sources;
  assert.deepEqual(alice.server.described[1].topics, { "room:7": 1, "room:9": 3 });
  assert.ok(first.isClosed && !second.isClosed);
});

test("The last source is listened to until the new one has spoken", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { "room:7": 0 });
  alice.stream.send({ id: 2, do: "subscribe", epoch: "now", topics: { "room:9": 0 } });
  await settle();
  alice.server.post("room:7");
  alice.server.sources[0].deliver();
  assert.deepEqual(alice.frames.at(-1).rows, [{ id: 1 }]);
});

test("Who asks from further back is told from there, whatever the last source says meanwhile", async () => {
  const { server, stream } = setUp();
  const ask = async (id, topics) => {
    stream.send({ id, do: "subscribe", epoch: "now", topics });
    await settle();
  };
  server.revs.set("room:7", 2);
  await ask(1, { "room:7": 0 });
  server.deliverAll();
  await ask(2, { "room:7": 0 });
  server.post("room:7");
  server.sources[0].deliver();
  await ask(3, { "room:9": 0 });
  // The new source has been heard, but not yet what it tells from further back.
  server.sources[1].deliver();
  server.sources[1].deliver();
  await settle();
  assert.deepEqual(server.described[2].topics, { "room:7": 0, "room:9": 0 });
});

test("What is subscribed in one breath is described together", async () => {
  const { server, stream } = setUp();
  for (const number of [1, 2, 3])
    stream.send({ id: number, do: "subscribe", epoch: "now", topics: { [`room:${number}`]: 0 } });
  await settle();
  server.deliverAll();
  await settle();
  server.deliverAll();
  assert.equal(server.described.length, 2);
  assert.equal(Object.keys(server.described[1].topics).length, 3);
});

test("A topic that is not wanted any more is left out of the next description", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { "room:7": 0, "room:8": 0 });
  alice.stream.send({ id: 2, do: "unsubscribe", topics: ["room:7"] });
  await subscribe(alice, 3, { "room:9": 0 });
  assert.deepEqual(Object.keys(alice.server.described[1].topics), ["room:8", "room:9"]);
});

test("Who is away says so in the next description, and only when it is another thing", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { me: 0 });
  for (const away of [false, true, true]) {
    alice.stream.send({ id: 2, do: "presence.set", args: { away } });
    await settle();
    alice.server.deliverAll();
    await settle();
  }
  assert.deepEqual(
    alice.server.sources.map((source) => source.isAway),
    [false, true],
  );
});

test("A description that is refused is refused to those who asked, and the rest goes on", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { me: 0 });
  const error = { code: "not_found", detail: "" };
  alice.server.refusals.push({ status: 404, body: { error } });
  await subscribe(alice, 2, { "board:1": 0 });
  assert.deepEqual(alice.frames.at(-1), { re: 2, error });
  await subscribe(alice, 3, { "room:9": 0 });
  assert.deepEqual(Object.keys(alice.server.described[2].topics), ["me", "room:9"]);
});

test("Whoever is signed out or cut off hears of it as over a socket", async () => {
  for (const [answer, code] of [
    [{ status: 401, body: { error: {} } }, 4401],
    [{ status: 0, body: null }, 1006],
    [{ status: 502, body: null }, 1006],
  ]) {
    const alice = setUp();
    alice.server.refusals.push(answer);
    await subscribe(alice, 1, { me: 0 });
    assert.deepEqual(alice.codes, [code]);
  }
  const bob = setUp();
  await subscribe(bob, 1, { me: 0 });
  bob.server.current.say({ event: "goodbye", data: { code: 4000, retry: [0, 5] } });
  bob.server.deliverAll();
  assert.equal(bob.frames.at(-1).event, "goodbye");
  assert.deepEqual(bob.codes, [4000]);
});

test("What may not be told any more when a source is taken up again is left", async () => {
  const alice = setUp();
  await subscribe(alice, 1, { me: 0, "room:7": 0 });
  const results = { me: { rev: 0 }, "room:7": { error: { code: "not_found" } } };
  alice.server.current.say({ re: 0, ok: results });
  alice.server.deliverAll();
  assert.deepEqual(alice.frames.at(-1), {
    topic: "room:7",
    event: "left",
    data: { code: "removed" },
  });
});

test("A new source that says nothing ends the stream", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const alice = setUp();
  alice.stream.send({ id: 1, do: "subscribe", epoch: "now", topics: { me: 0 } });
  await settle();
  t.mock.timers.tick(10_000);
  assert.deepEqual(alice.codes, [1006]);
  assert.deepEqual(alice.frames.at(-1).error.code, "disconnected");
});

test("Whatever rooms are opened, cut and taken up again, nothing is lost, doubled or reordered", async () => {
  for (let seed = 0; seed < 300; seed += 1) await play(seeded(seed), `seed ${seed}`);
});

async function play(random, seed) {
  const server = new FakeServer();
  const names = ["me", "room:1", "room:2", "room:3", "room:4"];
  for (const name of names) server.revs.set(name, pick(random, 4));
  let stream = null;
  let ids = 0;
  const ask = (topics) => {
    ids += 1;
    stream.send({ id: ids, do: "subscribe", epoch: "now", topics });
  };
  const reader = new Reader((topics) => ask(reader.topics.cursors(topics)));
  const connect = () => {
    stream = new Stream(server);
    stream.onframe = (frame) => {
      if (frame.re !== undefined && frame.ok) reader.topics.answered(frame.ok);
      else if (frame.topic) reader.topics.receive(frame);
    };
    stream.onclose = connect;
    ask(reader.topics.cursors());
  };
  reader.open("me", server.revs.get("me"));
  connect();
  for (let step = 0; step < 60; step += 1) {
    const name = names[pick(random, names.length)];
    const choice = pick(random, 12);
    if (choice < 3) server.post(name);
    else if (choice < 8) server.deliver(random);
    else if (choice === 8) await settle();
    else if (choice === 9 && name !== "me" && reader.drawn.has(name)) {
      reader.close(name);
      stream.send({ do: "unsubscribe", topics: [name] });
    } else if (choice === 10 && !reader.drawn.has(name)) {
      reader.open(name, server.revs.get(name));
      // What is said before the subscription gets there.
      if (pick(random, 2)) server.post(name);
      ask(reader.topics.cursors([name]));
    } else if (choice === 11) breakSomething(server, random);
  }
  for (let round = 0; round < 10; round += 1) {
    server.deliverAll();
    await settle();
  }
  assert.deepEqual(reader.holes, [], seed);
  assert.deepEqual(reader.behind(server), [], seed);
  stream.close();
}

function breakSomething(server, random) {
  const open = server.sources.filter((source) => !source.isClosed);
  if (open.length === 0) return;
  const source = open[pick(random, open.length)];
  if (pick(random, 2)) source.lose();
  // As a browser does by itself: from an id that is a little old.
  else source.begin();
}
