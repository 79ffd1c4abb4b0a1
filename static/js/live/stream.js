/** A source that takes the place of another one says something within this long. */
const PATIENCE = 10_000;

/**
 * Topics without a WebSocket. They are named to the server in a description, and a source tells their frames. Whenever
 * other topics are wanted a new description is made: its source begins where the last one has come to, and takes its
 * place with its first word. So nothing is lost on the way; what comes twice the cursors sort out.
 *
 * `onframe(frame)` gets every frame, the answers to subscriptions among them; `onclose(code)` the end.
 * `describe(topics, epoch)` asks the server, `open(description, hooks)` makes a source.
 */
export class Stream {
  onframe = () => {};
  onclose = () => {};
  #describe;
  #open;
  #epoch = "";
  #isAway = false;
  #isOpen = true;
  /** Each topic that is wanted, and how far the present source has come in it. */
  #places = new Map();
  /** Subscriptions that no description has answered so far: `{id, topics}`. */
  #asked = [];
  #source = null;
  #next = null;
  #isOutdated = false;
  #isRenewing = false;

  constructor({ describe, open }) {
    this.#describe = describe;
    this.#open = open;
  }

  /** The frames that a socket would take about topics, and about how the person is here. */
  send({ id, do: verb, epoch, topics, args }) {
    if (verb === "subscribe") {
      this.#epoch = epoch;
      this.#asked.push({ id, topics });
      this.#renew();
    } else if (verb === "unsubscribe") {
      // The server goes on telling it until the next description: nobody minds.
      for (const topic of topics) this.#places.delete(topic);
      this.#answer(id, { ok: {} });
    } else {
      if (args.away !== this.#isAway) this.#renew();
      this.#isAway = args.away;
      this.#answer(id, { ok: null });
    }
  }

  close() {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#source?.close();
    this.#next?.source.close();
    for (const { id } of [...this.#asked, ...(this.#next?.asked ?? [])])
      this.#answer(id, { error: { code: "disconnected", detail: "" } });
    this.#settle();
  }

  async #renew() {
    this.#isOutdated = true;
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    while (this.#isOutdated && this.#isOpen) {
      this.#isOutdated = false;
      await this.#change();
    }
    this.#isRenewing = false;
  }

  async #change() {
    const asked = this.#asked.splice(0);
    const places = lowest([this.#places, ...asked.map(({ topics }) => Object.entries(topics))]);
    if (places.size === 0) return;
    const { status, body } = await this.#describe(Object.fromEntries(places), this.#epoch);
    if (!this.#isOpen) return;
    if (status === 200 && body?.id) await this.#begin(body, asked, places);
    else if (body?.error && status !== 401 && status !== 403 && status < 500)
      for (const { id } of asked) this.#answer(id, body);
    else this.#end(status === 401 || status === 403 ? 4401 : 1006);
  }

  #begin({ id, cursor }, asked, places) {
    return new Promise((settle) => {
      const next = { asked, places, settle };
      next.timer = setTimeout(() => this.#end(1006), PATIENCE);
      next.source = this.#open(
        { id, cursor, isAway: this.#isAway },
        {
          frame: (frame) => this.#hear(next.source, frame),
          lost: (code) => this.#end(code),
        },
      );
      this.#next = next;
    });
  }

  #hear(source, frame) {
    if (source === this.#next?.source) this.#takeOver(this.#next);
    if (source !== this.#source) return;
    if (frame.re === 0) this.#granted(frame.ok, this.#next?.source === source ? this.#next : null);
    else this.#tell(frame);
  }

  // What the last source told beyond where this one begins comes again. Whoever wants less by now is not asked for it.
  #takeOver({ source, places, asked }) {
    if (this.#source === source) return;
    this.#source?.close();
    this.#source = source;
    const fresh = new Set(asked.flatMap(({ topics }) => Object.keys(topics)));
    for (const [topic, place] of places)
      if (fresh.has(topic) || this.#places.has(topic)) this.#places.set(topic, place);
  }

  // A source that was taken up again says it too. What may not be told any more is left.
  #granted(results, next) {
    const asked = next?.asked ?? [];
    const answered = new Set(asked.flatMap(({ topics }) => Object.keys(topics)));
    for (const [topic, { error }] of Object.entries(results)) {
      if (!error) continue;
      if (!answered.has(topic) && this.#places.has(topic))
        this.onframe({ topic, event: "left", data: { code: "removed" } });
      this.#places.delete(topic);
    }
    for (const { id, topics } of asked) {
      const own = Object.keys(topics).map((topic) => [topic, results[topic]]);
      this.#answer(id, { ok: Object.fromEntries(own) });
    }
    if (next) this.#settle();
  }

  #tell(frame) {
    const { topic } = frame;
    if (frame.event === "left") this.#places.delete(topic);
    else if (this.#places.has(topic))
      this.#places.set(topic, placeAfter(frame, this.#places.get(topic)));
    this.onframe(frame);
    if (frame.event === "goodbye") this.#end(frame.data.code);
  }

  #answer(id, result) {
    if (id !== undefined) this.onframe({ re: id, ...result });
  }

  #settle() {
    const next = this.#next;
    this.#next = null;
    clearTimeout(next?.timer);
    next?.settle();
  }

  #end(code) {
    if (!this.#isOpen) return;
    this.close();
    this.onclose(code);
  }
}

/** Of several lists of topics and cursors the lowest cursor of each; null is the beginning. */
function lowest(lists) {
  const places = new Map();
  for (const list of lists) {
    for (const [topic, cursor] of list) {
      const known = places.has(topic) ? places.get(topic) : cursor;
      places.set(topic, known === null || cursor === null ? null : Math.min(known, cursor));
    }
  }
  return places;
}

function placeAfter({ rev, version, reset, rows }, before) {
  if (rows || reset) return rev;
  return version ?? before;
}
