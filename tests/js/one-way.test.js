import assert from "node:assert/strict";
import { test } from "node:test";
import { OneWayLine } from "#live/one-way";
import { EventsSource, PollingSource } from "#live/sources";
import { settle } from "./support/fake-socket.js";

const DESCRIPTION = { id: "abc", cursor: "c0", isAway: false };

class FakeEvents {
  static CLOSED = 2;
  readyState = 1;
  constructor(address) {
    this.address = address;
    FakeEvents.last = this;
  }
  close() {
    this.readyState = 2;
  }
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  fail(readyState) {
    this.readyState = readyState;
    this.onerror();
  }
}

function events(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.EventSource = FakeEvents;
  const told = { frames: [], lost: [] };
  const hooks = { frame: (frame) => told.frames.push(frame), lost: (code) => told.lost.push(code) };
  const source = new EventsSource({ ...DESCRIPTION, isAway: true }, hooks);
  return { ...told, source, server: FakeEvents.last };
}

test("Events begin at the cursor, and say whether somebody is there", (t) => {
  const { server, frames } = events(t);
  assert.equal(server.address, "/live/events/abc?cursor=c0&away=1");
  server.say({ event: "hello" });
  assert.deepEqual(frames, [{ event: "hello" }]);
});

test("A stream that was cut is left to the browser for five seconds", (t) => {
  const { server, lost } = events(t);
  server.say({});
  server.fail(0);
  t.mock.timers.tick(4_000);
  server.fail(0);
  server.say({});
  t.mock.timers.tick(60_000);
  assert.deepEqual(lost, []);
  server.fail(0);
  t.mock.timers.tick(5_000);
  assert.deepEqual(lost, [1006]);
  assert.equal(server.readyState, FakeEvents.CLOSED);
});

test("A stream that never spoke, or that the server refuses, is lost at once", (t) => {
  const first = events(t);
  first.server.fail(0);
  assert.deepEqual(first.lost, [1006]);
  t.mock.timers.reset();
  const second = events(t);
  second.server.say({});
  second.server.fail(2);
  assert.deepEqual(second.lost, [1006]);
});

test("Each poll begins where the last one ended, and counts as a sign of life", async () => {
  const asked = [];
  const frames = [];
  const lost = [];
  const answers = [
    { status: 200, body: { frames: [{ event: "hello" }], cursor: "c1" } },
    { status: 200, body: { frames: [], cursor: "c2" } },
    { status: 502, body: null },
  ];
  const poll = async (address) => {
    asked.push(address);
    return answers.shift();
  };
  const hooks = { frame: (frame) => frames.push(frame), lost: (code) => lost.push(code) };
  new PollingSource(DESCRIPTION, hooks, poll);
  await settle();
  assert.deepEqual(
    asked.map((address) => new URL(address, "http://x").searchParams.get("cursor")),
    ["c0", "c1", "c2"],
  );
  assert.deepEqual(frames, [{ event: "hello" }, {}, {}]);
  assert.deepEqual(lost, [1006]);
});

test("Who was signed out between two polls is asked who they are", async () => {
  const lost = [];
  const hooks = { frame: () => {}, lost: (code) => lost.push(code) };
  new PollingSource(DESCRIPTION, hooks, async () => ({ status: 403, body: null }));
  await settle();
  assert.deepEqual(lost, [4401]);
});

test("A poll that nobody waits for any more tells nothing", async () => {
  const frames = [];
  let answer;
  const poll = () => new Promise((resolve) => (answer = resolve));
  const hooks = { frame: (frame) => frames.push(frame), lost: () => assert.fail("lost") };
  const source = new PollingSource(DESCRIPTION, hooks, poll);
  source.close();
  answer({ status: 200, body: { frames: [{ event: "hello" }], cursor: "c1" } });
  await settle();
  assert.deepEqual(frames, []);
});

/** A line whose posts are answered by hand. */
function line() {
  const posted = [];
  const told = [];
  const closed = [];
  const stream = { sent: [], send: (frame) => stream.sent.push(frame), close: () => {} };
  const post = (path, body) =>
    new Promise((answer) =>
      posted.push({ path, body, answer: (status, body) => answer({ status, body }) }),
    );
  const one = new OneWayLine(stream, post);
  one.onmessage = ({ data }) => told.push(JSON.parse(data));
  one.onclose = ({ code }) => closed.push(code);
  const send = (frame) => one.send(JSON.stringify(frame));
  return { line: one, send, stream, posted, told, closed };
}

test("Commands are posted one after the other, in their epoch, and answered as over a socket", async () => {
  const { send, stream, posted, told } = line();
  send({ id: 1, do: "subscribe", epoch: "now", topics: { me: 0 } });
  send({ id: 2, do: "message.post", topic: "room:7", args: { text: "a" } });
  send({ id: 3, do: "message.post", topic: "room:7", args: { text: "b" } });
  assert.equal(stream.sent.length, 1);
  assert.equal(posted.length, 1);
  assert.deepEqual(posted[0], {
    ...posted[0],
    path: "/live/commands",
    body: { do: "message.post", topic: "room:7", args: { text: "a" }, epoch: "now" },
  });
  posted[0].answer(200, { ok: { id: 7 } });
  await settle();
  posted[1].answer(429, { error: { code: "too_fast", retry_after: 1 } });
  await settle();
  assert.deepEqual(told, [
    { re: 2, ok: { id: 7 } },
    { re: 3, error: { code: "too_fast", retry_after: 1 } },
  ]);
});

test("What a proxy says to a command is no answer; a fault of the server is one", async () => {
  const { send, posted, told } = line();
  for (const [place, status] of [0, 502, 403, 500].entries()) {
    send({ id: place, do: "room.read", topic: "room:7" });
    posted[place].answer(status, null);
    await settle();
  }
  assert.deepEqual(told, [{ re: 3, error: { code: "internal", detail: "" } }]);
});

test("Nothing is said to what wants no answer, nor posted for the answer to a ping", async () => {
  const { send, posted, told } = line();
  send({});
  send({ do: "typing", topic: "room:7" });
  assert.equal(posted.length, 1);
  posted[0].answer(200, { ok: null });
  await settle();
  assert.deepEqual(told, []);
});

test("Who is signed out is told so, once, and what was posted before is still answered", async () => {
  const { line: one, send, posted, told, closed } = line();
  for (const id of [1, 2]) send({ id, do: "room.read", topic: "room:7" });
  one.close();
  posted[0].answer(200, { ok: {} });
  await settle();
  assert.deepEqual(told, [{ re: 1, ok: {} }]);
  posted[1].answer(401, { error: { code: "forbidden" } });
  await settle();
  assert.deepEqual(closed, []);

  const other = line();
  for (const id of [1, 2]) other.send({ id, do: "room.read", topic: "room:7" });
  for (const place of [0, 1]) {
    other.posted[place].answer(401, { error: { code: "forbidden" } });
    await settle();
  }
  assert.deepEqual(other.closed, [4401]);
});
