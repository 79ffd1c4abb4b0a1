import { judgeChanges, judgeVersion } from "#live/cursor";

/** After a reset that everybody met, people come for the state one by one over this long. */
const SPREAD = 5_000;
const RETRY = 2_000;
const LONGEST = 30;

/**
 * The topics a page holds, each with its cursor and its handler. A handler has `reset(state)` and `apply(rows)` for a
 * stream, `state(data)` and `change(data)` for a snapshot, and may have `event(name, data)`, `gone(code)` and
 * `told(more)`, for what a subscription was answered beside the rev.
 *
 * `load(topic)` reads a state, `repair(topics)` subscribes again from the cursors, `pause(ms)` waits.
 */
export class Topics {
  #held = new Map();
  #load;
  #repair;
  #pause;
  #random;
  #failures = 0;

  constructor({ load, repair, pause, random }) {
    this.#load = load;
    this.#repair = repair;
    this.#pause = pause;
    this.#random = random;
  }

  add(topic, handler, cursor = null) {
    this.#held.set(topic, {
      handler,
      cursor,
      buffer: null,
      settled: false,
      repairing: false,
      granted: false,
    });
  }

  remove(topic) {
    this.#held.delete(topic);
  }

  has(topic) {
    return this.#held.has(topic);
  }

  /** Whether the page wants a topic that the server has not granted, or not again. */
  isMissing(topic) {
    return this.#held.get(topic)?.granted === false;
  }

  /** Another history has begun: no cursor means anything in it, and no state that is on its way. */
  forget() {
    for (const [topic, { handler }] of [...this.#held]) this.add(topic, handler);
  }

  /** Topic to cursor, of all topics or of those named: what a subscription says. */
  cursors(names = [...this.#held.keys()]) {
    return Object.fromEntries(
      names.filter((name) => this.has(name)).map((name) => [name, this.#held.get(name).cursor]),
    );
  }

  /** A new subscription was sent for `names`: whatever came before it is settled no more. */
  subscribing(names) {
    for (const name of names) {
      const held = this.#held.get(name);
      if (held) held.settled = held.granted = false;
    }
  }

  /** The answer to subscribing: what was refused leaves, what failed for now is asked for again. */
  answered(results) {
    const refused = [];
    for (const [topic, { rev, error, ...told }] of Object.entries(results)) {
      const held = this.#held.get(topic);
      if (!held) continue;
      held.repairing = false;
      held.granted = !error;
      held.settled = rev === held.cursor;
      if (!error) held.handler.told?.(told);
      if (isFinal(error)) this.#leave(topic, held, error);
      else if (error) refused.push({ topic, held, error });
    }
    if (refused.length > 0) this.#askAgain(refused);
    else this.#failures = 0;
  }

  receive(frame) {
    const held = this.#held.get(frame.topic);
    if (!held) return;
    if ("event" in frame) held.handler.event?.(frame.event, frame.data);
    else if (held.buffer) held.buffer.push(frame);
    else if (frame.reset) this.#reset(frame.topic, held);
    else if ("version" in frame) this.#snapshot(frame, held);
    else if ("rows" in frame) this.#changes(frame, held);
  }

  #changes(frame, held) {
    const verdict = held.cursor === null ? "hole" : judgeChanges(held.cursor, frame);
    if (verdict === "hole") return this.#mend(frame.topic, held);
    if (verdict === "ignore") return;
    held.handler.apply(frame.rows);
    held.cursor = frame.rev;
    held.settled = !frame.more;
    held.repairing = false;
  }

  #snapshot(frame, held) {
    if ("state" in frame) {
      held.handler.state(frame.state);
      held.cursor = frame.version;
      held.repairing = false;
      return;
    }
    const verdict = judgeVersion(held.cursor, frame.version);
    if (verdict === "hole") return this.#mend(frame.topic, held);
    if (verdict === "ignore") return;
    held.handler.change(frame.change);
    held.cursor = frame.version;
  }

  #mend(topic, held) {
    if (held.repairing) return;
    held.repairing = true;
    this.#repair([topic]);
  }

  // Frames that arrive while the state is read may be newer than it: they wait and are judged by its rev afterwards.
  async #reset(topic, held) {
    held.buffer = [];
    if (held.settled) await this.#pause(this.#random() * SPREAD);
    const state = await this.#loadUntilThere(topic, held);
    if (state === null || this.#held.get(topic) !== held) return;
    const waiting = held.buffer;
    held.buffer = null;
    held.cursor = state.rev;
    held.handler.reset(state);
    for (const frame of waiting) {
      if (!frame.reset || frame.rev > state.rev) this.receive(frame);
    }
  }

  async #loadUntilThere(topic, held) {
    while (this.#held.get(topic) === held) {
      const { state, error } = await this.#load(topic);
      if (state) return state;
      if (isFinal(error)) {
        this.#leave(topic, held, error);
        return null;
      }
      await this.#pause(RETRY + this.#random() * SPREAD);
    }
    return null;
  }

  #leave(topic, held, error) {
    this.remove(topic);
    held.handler.gone?.(error.code);
  }

  // All together and ever more slowly: whoever is refused too often is put out.
  async #askAgain(refused) {
    const patience = Math.min(LONGEST, 2 ** this.#failures);
    this.#failures += 1;
    await this.#pause(
      1_000 * Math.max(...refused.map(({ error }) => error.retry_after ?? patience)),
    );
    const wanted = refused.filter(
      ({ topic, held }) => this.#held.get(topic) === held && !held.granted && !held.repairing,
    );
    for (const { held } of wanted) held.repairing = true;
    if (wanted.length > 0) this.#repair(wanted.map(({ topic }) => topic));
  }
}

function isFinal(error) {
  return ["not_found", "forbidden", "unknown", "bad_request", "invalid"].includes(error?.code);
}
