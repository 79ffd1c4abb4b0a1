import assert from "node:assert/strict";
import { test } from "node:test";
import { Choice } from "#live/choice";
import { Link } from "#live/link";
import { LiveSocket } from "#live/socket";
import { Topics } from "#live/topics";
import { FakeSocket, settle } from "./support/fake-socket.js";

const TOPIC = "room:7";

/** A page whose lines are made by hand, and whose server answers `/live/session` with `page.status`. */
function page(t, kept = null) {
  const lines = [];
  const phases = [];
  const applied = [];
  const page = { status: 200, now: 0, lines, phases, applied };
  const io = {
    now: () => page.now,
    wallClock: () => page.now,
    pause: async () => {},
    session: async () => page.status,
    open: (kind) => {
      lines.push(Object.assign(new FakeSocket(), { kind, isEager: kind !== "websocket" }));
      return lines.at(-1);
    },
  };
  const topics = new Topics({
    load: null,
    repair: (names) => page.socket.subscribe(names),
    pause: io.pause,
    random: () => 0,
  });
  topics.add(TOPIC, { apply: (rows) => applied.push(...rows.map(({ id }) => id)) }, 10);
  const [answered, reload, signIn] = Array(3).fill(() => {});
  const hooks = {
    answered,
    reload,
    signIn,
    hello: () => true,
    phase: () => phases.push(page.socket?.phase),
  };
  page.choice = new Choice(kept, 0);
  page.socket = new LiveSocket({
    link: new Link(() => 0),
    choice: page.choice,
    topics,
    epoch: "now",
    hooks,
    io,
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  page.socket.start();
  t.after(() => page.socket.stop());
  return page;
}

async function refuse(page, t) {
  page.lines.at(-1).onclose({ code: 1006 });
  await settle();
  t.mock.timers.tick(1);
}

const row = (id) => ({ topic: TOPIC, from: id - 1, rev: id, rows: [{ id, rev: id }] });
const kinds = ({ lines }) => lines.map(({ kind }) => kind);

test("A WebSocket that is refused twice while the server answers gives way to events", async (t) => {
  const alice = page(t);
  await refuse(alice, t);
  await refuse(alice, t);
  assert.deepEqual(kinds(alice), ["websocket", "websocket", "events"]);
});

test("A server that is down is waited for, and nothing else is tried", async (t) => {
  const alice = page(t);
  for (const status of [0, 502, 503, 0, 500, 0]) {
    alice.status = status;
    await refuse(alice, t);
  }
  assert.equal(alice.lines.length, 7);
  assert.ok(alice.lines.every(({ kind }) => kind === "websocket"));
});

test("Who is signed out or deactivated is not sent another way", async (t) => {
  for (const status of [401, 403]) {
    const alice = page(t);
    alice.status = status;
    await refuse(alice, t);
    assert.equal(alice.socket.phase, "stopped");
    assert.equal(alice.lines.length, 1);
    t.mock.timers.reset();
  }
});

test("Being offline says nothing about the transport", async (t) => {
  const alice = page(t);
  for (let time = 0; time < 4; time += 1) {
    alice.socket.offline();
    alice.lines.at(-1).onclose({ code: 1006 });
    await settle();
    alice.socket.online();
    t.mock.timers.tick(1);
  }
  assert.ok(alice.lines.every(({ kind }) => kind === "websocket"));
});

test("A WebSocket that opens and stays silent is given up twice, and then left", async (t) => {
  const alice = page(t);
  for (let time = 0; time < 2; time += 1) {
    alice.now += 5_000;
    t.mock.timers.tick(5_000);
    assert.ok(alice.lines.at(-1).isClosed);
    await settle();
    t.mock.timers.tick(1);
  }
  assert.deepEqual(kinds(alice), ["websocket", "websocket", "events"]);
});

test("An eager line is subscribed when it wants to be, and hello needs no second time", async (t) => {
  const alice = page(t, { kind: "events", retryAt: 0 });
  const [line] = alice.lines;
  line.onwant();
  assert.deepEqual(line.sent[0].topics, { [TOPIC]: 10 });
  line.hello();
  line.answer("subscribe", { ok: { [TOPIC]: { rev: 10 } } });
  await settle();
  line.say(row(11));
  assert.deepEqual(alice.applied, [11]);
  assert.equal(line.sent.length, 1);
});

test("A subscription that nobody answered before the hello is made again after it", async (t) => {
  const alice = page(t, { kind: "events", retryAt: 0 });
  alice.lines[0].hello();
  alice.lines[0].onclose({ code: 1006 });
  t.mock.timers.tick(1);
  const line = alice.lines[1];
  line.onwant();
  alice.now = 5_000;
  t.mock.timers.tick(5_000);
  await settle();
  line.hello();
  assert.equal(line.sent.filter((frame) => frame.do === "subscribe").length, 2);
});

test("A better line takes the place of the present one without a word, a doubling or a hole", async (t) => {
  const alice = page(t, { kind: "events", retryAt: 0 });
  const [events] = alice.lines;
  events.onwant();
  events.hello();
  events.answer("subscribe", { ok: { [TOPIC]: { rev: 10 } } });
  events.say(row(11));
  const before = alice.phases.length;
  const edited = alice.socket.command("message.edit", TOPIC, {});

  alice.socket.tryBeside("websocket");
  const [, socket] = alice.lines;
  events.say(row(12));
  socket.hello();
  events.say(row(13));
  socket.answer("subscribe", { ok: { [TOPIC]: { rev: 13 } } });
  socket.say({ ...row(13), from: 12 });
  events.answer("message.edit", { ok: { rev: 13 } });

  assert.deepEqual(await edited, { ok: { rev: 13 } });
  assert.deepEqual(socket.sent[0].topics, { [TOPIC]: 12 });
  assert.deepEqual(alice.applied, [11, 12, 13]);
  assert.equal(alice.socket.transport, "websocket");
  assert.ok(events.isClosed);
  assert.ok(alice.phases.slice(before).every((phase) => phase === "live"));
});

test("A better line that says nothing changes nothing", async (t) => {
  const alice = page(t, { kind: "events", retryAt: 0 });
  const [events] = alice.lines;
  events.onwant();
  events.hello();
  for (const end of ["close", "silence"]) {
    alice.socket.tryBeside("websocket");
    const socket = alice.lines.at(-1);
    if (end === "close") socket.onclose({ code: 1006 });
    else alice.socket.tryBeside(null);
    socket.hello();
    events.say(row(end === "close" ? 11 : 12));
  }
  assert.deepEqual(alice.applied, [11, 12]);
  assert.equal(alice.socket.transport, "events");
  assert.equal(alice.socket.phase, "live");
});

test("Without a socket a post needs no subscription first", async (t) => {
  const alice = page(t, { kind: "polling", retryAt: 0 });
  const [line] = alice.lines;
  line.onwant();
  line.hello();
  const posted = alice.socket.visit("message.post", "room:9", { text: "hello" });
  line.answer("message.post", { ok: { id: 1 } });
  assert.deepEqual(await posted, { ok: { id: 1 } });
  assert.deepEqual(
    line.sent.map((frame) => frame.do),
    ["subscribe", "message.post"],
  );
});
