import { Topics } from "#live/topics";
import { pick } from "./random.js";

/**
 * The server as streams without a WebSocket see it, for tests: rooms whose rows have the revs 1, 2, 3 …, descriptions,
 * and sources whose frames arrive when the test says so: those of one source in their order, those of several in any.
 */
export class FakeServer {
  revs = new Map();
  sources = [];
  /** What `describe` answers instead, once each. */
  refusals = [];
  described = [];
  isAway = false;

  describe = async (topics, epoch) => {
    this.described.push({ topics, epoch });
    const refusal = this.refusals.shift();
    return refusal ?? { status: 200, body: { id: JSON.stringify(topics), cursor: "" } };
  };

  open = (description, hooks) => {
    const source = new FakeSource(this, description, hooks);
    this.sources.push(source);
    return source;
  };

  get current() {
    return this.sources.at(-1);
  }

  post(topic) {
    const rev = (this.revs.get(topic) ?? 0) + 1;
    this.revs.set(topic, rev);
    for (const source of this.sources) source.tell(topic, rev - 1, rev);
  }

  /** Something of somebody's arrives; false when nothing is on its way. */
  deliver(random) {
    const waiting = this.sources.filter((source) => source.hasFrames);
    if (waiting.length === 0) return false;
    waiting[pick(random, waiting.length)].deliver();
    return true;
  }

  deliverAll() {
    while (this.deliver(() => 0)) {
      // Until nothing is on its way.
    }
  }
}

class FakeSource {
  isClosed = false;
  #server;
  #hooks;
  #frames = [];
  #topics;

  constructor(server, { id, isAway }, hooks) {
    this.#server = server;
    this.#hooks = hooks;
    this.#topics = JSON.parse(id);
    this.isAway = isAway;
    this.begin();
  }

  /** Connects, or takes the same up again from `cursors`. */
  begin(cursors = this.#topics) {
    const results = Object.keys(cursors).map((topic) => [topic, { rev: this.#rev(topic) }]);
    this.#frames.push({ event: "hello", data: { person: 1, epoch: "now", build: "b" } });
    this.#frames.push({ re: 0, ok: Object.fromEntries(results) });
    for (const [topic, cursor] of Object.entries(cursors))
      this.tell(topic, cursor, this.#rev(topic));
  }

  get hasFrames() {
    return !this.isClosed && this.#frames.length > 0;
  }

  tell(topic, from, rev) {
    if (!(topic in this.#topics) || this.isClosed || from >= rev) return;
    const rows = Array.from({ length: rev - from }, (_, place) => ({ id: from + place + 1 }));
    this.#frames.push({ topic, from, rev, rows });
  }

  say(frame) {
    this.#frames.push(frame);
  }

  deliver() {
    this.#hooks.frame(this.#frames.shift());
  }

  close() {
    this.isClosed = true;
  }

  lose(code = 1006) {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#hooks.lost(code);
  }

  #rev(topic) {
    return this.#server.revs.get(topic) ?? 0;
  }
}

/** One page's rooms: what it draws of each, in the order it came. Says what is wrong as soon as it is. */
export class Reader {
  drawn = new Map();
  holes = [];
  topics = new Topics({
    load: null,
    repair: (topics) => this.repair(topics),
    pause: async () => {},
    random: () => 0,
  });

  constructor(repair) {
    this.repair = repair;
  }

  open(topic, rev) {
    const drawn = [];
    this.drawn.set(topic, { since: rev, rows: drawn });
    this.topics.add(
      topic,
      {
        apply: (rows) => {
          for (const { id } of rows) {
            if (id <= rev + drawn.length) continue;
            if (id !== rev + drawn.length + 1) this.holes.push({ topic, id, after: drawn.at(-1) });
            drawn.push(id);
          }
        },
      },
      rev,
    );
  }

  close(topic) {
    this.drawn.delete(topic);
    this.topics.remove(topic);
  }

  /** Rooms of which this page does not show what the server has. */
  behind(server) {
    return [...this.drawn].filter(
      ([topic, { since, rows }]) => since + rows.length !== (server.revs.get(topic) ?? 0),
    );
  }
}
