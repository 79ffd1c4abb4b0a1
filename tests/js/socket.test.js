import assert from "node:assert/strict";
import { test } from "node:test";
import { Choice } from "#live/choice";
import { Link } from "#live/link";
import { LiveSocket } from "#live/socket";
import { Topics } from "#live/topics";
import { fakeBrowser, settle } from "./support/fake-socket.js";

const TOPIC = "room:7";

function setUp(t) {
  const { io, sockets } = fakeBrowser();
  const applied = [];
  const topics = new Topics({
    load: async () => ({ error: { code: "unavailable" } }),
    repair: (names) => socket.subscribe(names),
    pause: io.pause,
    random: () => 0,
  });
  topics.add(TOPIC, { apply: (rows) => applied.push(...rows), reset: () => {} }, 10);
  const [phase, answered, reload, signIn] = Array(4).fill(() => {});
  const hooks = { phase, answered, reload, signIn, hello: () => true };
  const link = new Link(() => 0.5);
  const choice = new Choice(null, 0);
  const socket = new LiveSocket({ link, choice, topics, epoch: "now", hooks, io });
  socket.start();
  t.after(() => socket.stop());
  return { io, socket, sockets, topics, applied, choice };
}

const refusal = (code) => ({ error: { code, detail: "" } });

test("A socket that was left says nothing any more, and is closed when another one opens", (t) => {
  const { socket, sockets, applied } = setUp(t);
  sockets[0].hello();
  socket.start();
  sockets[1].hello();
  assert.ok(sockets[0].isClosed);
  sockets[0].say({ topic: TOPIC, from: 10, rev: 11, rows: [{ id: 1, rev: 11 }] });
  sockets[0].onclose({ code: 1006 });
  assert.deepEqual(applied, []);
  assert.equal(socket.phase, "live");
});

test("A post into a room that could not be subscribed for now is not refused for good", async (t) => {
  const { socket, sockets } = setUp(t);
  sockets[0].hello();
  const posted = socket.visit("message.post", TOPIC, { text: "hello" });
  sockets[0].answer("subscribe", refusal("internal"));
  sockets[0].answer("message.post", refusal("not_found"));
  assert.equal((await posted).error.code, "unavailable");
});

test("What is not found in a room that is subscribed is not there", async (t) => {
  const { socket, sockets } = setUp(t);
  sockets[0].hello();
  sockets[0].answer("subscribe", { ok: { [TOPIC]: { rev: 10 } } });
  await settle();
  const edited = socket.command("message.edit", TOPIC, { message: 1, text: "hello" });
  sockets[0].answer("message.edit", refusal("not_found"));
  assert.equal((await edited).error.code, "not_found");
});

test("A subscription that fails for now is tried again until it is granted", async (t) => {
  const { sockets, topics } = setUp(t);
  const [socket] = sockets;
  socket.hello();
  for (const code of ["internal", "unavailable", "too_fast"]) {
    socket.answer("subscribe", refusal(code));
    await settle();
  }
  assert.equal(socket.sent.filter((frame) => frame.do === "subscribe").length, 4);
  socket.answer("subscribe", { ok: { [TOPIC]: { rev: 10 } } });
  await settle();
  assert.ok(!topics.isMissing(TOPIC));
});

test("In another epoch everything is asked for from the beginning, once", async (t) => {
  const { socket, sockets } = setUp(t);
  sockets[0].hello({ epoch: "restored" });
  assert.deepEqual(sockets[0].sent[0].topics, { [TOPIC]: null });
  assert.equal(sockets[0].sent[0].epoch, "restored");
  socket.start();
  sockets[1].hello({ epoch: "restored" });
  assert.deepEqual(sockets[1].sent[0].topics, { [TOPIC]: null });
});

test("A page that follows nothing yet asks for nothing", (t) => {
  const { socket, sockets, topics } = setUp(t);
  topics.remove(TOPIC);
  socket.start();
  sockets[1].hello({ epoch: "restored" });
  assert.deepEqual(sockets[1].sent, []);
});
