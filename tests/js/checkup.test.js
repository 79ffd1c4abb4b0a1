import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUp, median, obstacles } from "#live/checkup";
import { settle } from "./support/fake-socket.js";

const NOW = Date.parse("2026-11-22T12:00:00Z");

/** A server as seen from a browser; `says(socket, frame)` answers what is sent. */
class Socket {
  constructor(script) {
    this.script = script;
    setImmediate(() => script.begin(this));
  }
  send(text) {
    setImmediate(() => this.script.answer?.(this, JSON.parse(text)));
  }
  close() {}
  open() {
    this.onopen();
  }
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  end(code) {
    this.onclose({ code });
  }
}

const hello = (fields) => ({
  event: "hello",
  data: { build: "b1", epoch: "e", now: "2026-11-22T12:00:00Z", ...fields },
});

const HEALTHY = {
  begin(socket) {
    socket.open();
    socket.say(hello());
  },
  answer(socket, { id, do: verb }) {
    socket.say({ re: id, ok: verb === "subscribe" ? { me: { rev: 12 } } : {} });
    if (verb === "subscribe")
      socket.say({
        topic: "me",
        event: "heads",
        data: { heads: [{ room: 7, name: "ops", rev: 40 }] },
      });
  },
};

const HEARD = { events: "heard", polling: "heard" };

function browserWith({ script = HEALTHY, status = 200, isOnline = true, heard = HEARD } = {}) {
  let clock = 0;
  return {
    isOnline: () => isOnline,
    now: () => {
      clock += 3;
      return clock;
    },
    wallClock: () => NOW + 2_000,
    session: async () => status,
    listen: async (kind) => heard[kind],
    connect: () => new Socket(script),
  };
}

async function found(options) {
  const report = await checkUp(browserWith(options), () => {});
  return obstacles(report, "b1");
}

test("Where all is well every hop is measured and nothing is in the way", async () => {
  const seen = [];
  const report = await checkUp(browserWith(), (so) =>
    seen.push(Object.values(so).filter(Boolean).length),
  );
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.equal(report.http.status, 200);
  assert.equal(report.socket.pings.length, 5);
  assert.equal(report.socket.offset, 2_000);
  assert.deepEqual(report.socket.topics, [
    { topic: "me", name: null, rev: 12 },
    { topic: "room:7", name: "ops", rev: 40 },
  ]);
  assert.deepEqual(obstacles(report, "b1"), []);
  assert.deepEqual(obstacles(report, "b0"), ["old-page"]);
});

test("Without an answer over HTTP no socket is tried", async () => {
  const connect = () => assert.fail("no socket was asked for");
  for (const [status, isOnline, obstacle] of [
    [0, false, "offline"],
    [0, true, "unreachable"],
    [401, true, "signed-out"],
    [403, true, "deactivated"],
    [502, true, "broken"],
  ]) {
    const report = await checkUp({ ...browserWith({ status, isOnline }), connect }, () => {});
    assert.deepEqual(obstacles(report, "b1"), [obstacle]);
  }
});

test("A WebSocket that is refused is told from one that opens and stays silent", async () => {
  assert.deepEqual(await found({ script: { begin: (socket) => socket.end(1006) } }), [
    "websocket-refused",
  ]);
  const silent = {
    begin(socket) {
      socket.open();
      socket.end(1006);
    },
  };
  assert.deepEqual(await found({ script: silent }), ["websocket-silent"]);
});

test("A WebSocket that is cut while it is in use is told", async () => {
  let asked = 0;
  const script = {
    begin: HEALTHY.begin,
    answer(socket, frame) {
      asked += 1;
      if (asked === 3) socket.end(1006);
      else HEALTHY.answer(socket, frame);
    },
  };
  assert.deepEqual(await found({ script }), ["websocket-cut"]);
  await settle();
});

test("What pages use without a WebSocket is looked at in any case, and named with what is wrong with it", async () => {
  const refused = { begin: (socket) => socket.end(1006) };
  for (const [script, heard, expected] of [
    [refused, HEARD, ["websocket-refused"]],
    [refused, { ...HEARD, events: "silent" }, ["websocket-refused", "events-silent"]],
    [HEALTHY, { ...HEARD, events: "refused" }, ["events-refused"]],
    [
      refused,
      { events: "silent", polling: "silent" },
      ["websocket-refused", "events-silent", "polling-silent"],
    ],
  ])
    assert.deepEqual(await found({ script, heard }), expected);
});

test("A wrong clock is told, and which way it is wrong does not matter", async () => {
  const begin = (now) => (socket) => {
    socket.open();
    socket.say(hello({ now }));
  };
  for (const now of ["2026-11-22T11:58:00Z", "2026-11-22T12:05:00Z"])
    assert.deepEqual(await found({ script: { ...HEALTHY, begin: begin(now) } }), ["clock"]);
});

test("The middle of the round trips is not moved by a slow one", () => {
  assert.equal(median([5, 4, 900, 3, 6]), 5);
});
