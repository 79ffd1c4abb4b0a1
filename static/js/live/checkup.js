/** How many questions the round trip is measured with, and how long an answer may take, in milliseconds. */
const PINGS = 5;
const PATIENCE = 10_000;

/** The list of one's rooms follows the answer that grants it, or does not come. */
const HEADS_PATIENCE = 2_000;

/**
 * Goes the way from this browser to the server hop by hop, and tells `changed(report)` what was found so far. A report has
 * `network`, `http`, `socket`, `events` and `polling`, each null until it is known; what they hold is below.
 *
 * `io`: `isOnline()`, `now()`, `wallClock()`, `session()` with a status (0: no answer), `connect()` with a WebSocket,
 * `listen(kind)` with what a transport without one comes to: "heard", "silent" or "refused".
 */
export async function checkUp(io, changed) {
  const report = { network: null, http: null, socket: null, events: null, polling: null };
  const found = (hop, facts) => {
    report[hop] = facts;
    changed(report);
  };
  found("network", { isOnline: io.isOnline() });
  found("http", await askWhoIAm(io));
  const isIn = report.http.status === 200;
  found("socket", isIn ? await trySocket(io) : { skipped: true });
  for (const kind of ["events", "polling"])
    found(kind, isIn ? await tryListening(io, kind) : { skipped: true });
  return report;
}

async function askWhoIAm(io) {
  const began = io.now();
  const status = await io.session();
  return { status, ms: io.now() - began };
}

// `{opened, ms, pings, offset, build, topics}`; what was not reached is missing.
async function trySocket(io) {
  const began = io.now();
  const line = new Line(io);
  const hello = await line.until((frame) => frame.event === "hello", PATIENCE);
  const facts = { opened: line.isOpen, code: line.code };
  if (hello) {
    facts.ms = io.now() - began;
    facts.build = hello.data.build;
    facts.offset = io.wallClock() - Date.parse(hello.data.now);
    facts.pings = await measure(io, line);
    facts.topics = await revs(line, hello.data.epoch);
  }
  line.end();
  return facts;
}

// What pages use where the WebSocket does not get through.
async function tryListening(io, kind) {
  const began = io.now();
  const outcome = await io.listen(kind);
  return { outcome, ms: io.now() - began };
}

async function measure(io, line) {
  const pings = [];
  for (let number = 0; number < PINGS; number += 1) {
    const began = io.now();
    if (!(await line.ask({ do: "unsubscribe", topics: ["me"] }))) break;
    pings.push(io.now() - began);
  }
  return pings;
}

// How far the person's own streams have come: their own one, and their rooms by the heads that come with it.
async function revs(line, epoch) {
  const heads = line.until((frame) => frame.event === "heads", HEADS_PATIENCE);
  const answer = await line.ask({ do: "subscribe", epoch, topics: { me: null } });
  const own = answer?.ok?.me?.rev;
  if (own === undefined) return [];
  const rooms = (await heads)?.data.heads ?? [];
  return [
    { topic: "me", name: null, rev: own },
    ...rooms.map(({ room, name, rev }) => ({ topic: `room:${room}`, name, rev })),
  ];
}

/** A WebSocket of its own, beside the one of any chat page. */
class Line {
  isOpen = false;
  code = null;
  #socket;
  #waiting = new Set();
  #last = 0;

  constructor(io) {
    this.#socket = io.connect();
    this.#socket.onopen = () => {
      this.isOpen = true;
    };
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#close(code);
  }

  /** The answer to a command, or null where none came. */
  ask(frame) {
    this.#last += 1;
    const id = this.#last;
    const answer = this.until((heard) => heard.re === id, PATIENCE);
    if (this.code === null) this.#socket.send(JSON.stringify({ id, ...frame }));
    return answer;
  }

  /** The next frame that is wanted, or null after `patience` or when the socket closes. */
  until(isWanted, patience) {
    if (this.code !== null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const waiting = { isWanted, resolve };
      waiting.timer = setTimeout(() => this.#settle(waiting, null), patience);
      this.#waiting.add(waiting);
    });
  }

  end() {
    this.#socket.onclose = null;
    this.#socket.close(1000);
  }

  #hear(frame) {
    for (const waiting of [...this.#waiting])
      if (waiting.isWanted(frame)) this.#settle(waiting, frame);
  }

  #close(code) {
    this.code = code;
    for (const waiting of [...this.#waiting]) this.#settle(waiting, null);
  }

  #settle(waiting, frame) {
    this.#waiting.delete(waiting);
    clearTimeout(waiting.timer);
    waiting.resolve(frame);
  }
}

/** The middle one of the round trips, which a single slow one does not move. */
export function median(times) {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A clock that is this wrong shows times that mislead. */
const WRONG_CLOCK = 60_000;
const SLOW = 1_000;

/**
 * What stands in the way, by name, worst first: "offline", "unreachable", "signed-out", "deactivated", "broken",
 * "websocket-refused", "websocket-silent", "websocket-cut", "slow", "clock", "old-page", "events-refused",
 * "events-silent", "polling-refused", "polling-silent"; empty when all is well.
 */
export function obstacles({ network, http, socket, events, polling }, pageBuild) {
  if (http === null) return [];
  if (http.status !== 200) return [withoutHttp(network, http)];
  return [
    ...(socket === null ? [] : ofSocket(socket, pageBuild)),
    ...ofListening("events", events),
    ...ofListening("polling", polling),
  ];
}

function ofListening(kind, found) {
  return found === null || found.outcome === "heard" ? [] : [`${kind}-${found.outcome}`];
}

function ofSocket(socket, pageBuild) {
  if (!socket.opened) return ["websocket-refused"];
  if (socket.ms === undefined) return ["websocket-silent"];
  return [
    socket.pings.length < PINGS && "websocket-cut",
    median(socket.pings) > SLOW && "slow",
    Math.abs(socket.offset) > WRONG_CLOCK && "clock",
    socket.build !== pageBuild && "old-page",
  ].filter(Boolean);
}

function withoutHttp({ isOnline }, { status }) {
  if (status === 0) return isOnline ? "unreachable" : "offline";
  return { 401: "signed-out", 403: "deactivated" }[status] ?? "broken";
}
