/**
 * What tells the frames of one description, `{id, cursor, isAway}`: each calls `frame(frame)` for every one, and
 * `lost(code)` once when no more will come, unless it was closed before.
 */

/** A stream that was cut is taken up by the browser itself, from the last id; this long it may take. */
const GRACE = 5_000;

/** Server-Sent Events. */
export class EventsSource {
  #events;
  #hooks;
  #hasSpoken = false;
  #grace;

  constructor(description, hooks) {
    this.#hooks = hooks;
    this.#events = new EventSource(address("events", description));
    this.#events.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#events.onerror = () => this.#fail();
  }

  close() {
    clearTimeout(this.#grace);
    this.#events.close();
  }

  #hear(frame) {
    clearTimeout(this.#grace);
    this.#grace = undefined;
    this.#hasSpoken = true;
    this.#hooks.frame(frame);
  }

  // The browser tries again by itself for ever, a server that is away too: the link knows better when to.
  #fail() {
    if (!this.#hasSpoken || this.#events.readyState === EventSource.CLOSED) this.#lose();
    else this.#grace ??= setTimeout(() => this.#lose(), GRACE);
  }

  #lose() {
    this.close();
    this.#hooks.lost(1006);
  }
}

/** Long polling: one request after the other, each from where the last one ended. */
export class PollingSource {
  #end = new AbortController();

  constructor(description, hooks, poll) {
    this.#run(description, hooks, poll);
  }

  close() {
    this.#end.abort();
  }

  async #run(description, { frame, lost }, poll) {
    const { signal } = this.#end;
    let { cursor } = description;
    while (!signal.aborted) {
      const { status, body } = await poll(address("poll", { ...description, cursor }), signal);
      if (signal.aborted) return;
      if (status !== 200 || !body) return lost(status === 403 ? 4401 : 1006);
      cursor = body.cursor;
      // An answer is a sign of life, whether it tells anything or not.
      for (const one of [...body.frames, {}]) if (!signal.aborted) frame(one);
    }
  }
}

function address(way, { id, cursor, isAway }) {
  return `/live/${way}/${id}?${new URLSearchParams({ cursor, away: isAway ? "1" : "0" })}`;
}
