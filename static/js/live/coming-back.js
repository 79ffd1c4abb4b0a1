import { KEY, KINDS, RETRY, recall, remember } from "#live/choice";

/** What is tried beside says hello within this long, or is left. */
const PATIENCE = 5_000;

/**
 * Has the better transports tried again when it is time, beside the present one, which goes on meanwhile. The first that
 * answers is gone on with. The tabs of a browser take turns, and follow one that has found a way.
 */
export class ComingBack {
  #socket;
  #choice;
  #io;
  #timer;
  #isTrying = false;

  constructor(socket, choice, io) {
    this.#socket = socket;
    this.#choice = choice;
    this.#io = io;
    window.addEventListener("storage", ({ key }) => {
      const kept = key === KEY && recall();
      if (kept) this.#heard(kept);
    });
  }

  plan() {
    clearTimeout(this.#timer);
    if (this.#better.length === 0) return;
    const wait = Math.max(0, this.#choice.retryAt - this.#io.wallClock());
    this.#timer = setTimeout(() => this.#takeTurn(), wait);
  }

  get #better() {
    return KINDS.slice(0, KINDS.indexOf(this.#choice.kind));
  }

  #heard(kept) {
    if (this.#better.includes(kept.kind)) this.#try();
    else this.#choice.retryAt = kept.retryAt;
    this.plan();
  }

  // Another tab may have begun in the same moment.
  #takeTurn() {
    this.#choice.retryAt = recall()?.retryAt ?? this.#choice.retryAt;
    if (this.#choice.retryAt <= this.#io.wallClock()) this.#try();
    else this.plan();
  }

  // Without a connection there is nothing to compare with: the next hello plans anew.
  async #try() {
    if (this.#isTrying || !this.#socket.isLive) return;
    this.#isTrying = true;
    this.#choice.retryAt = this.#io.wallClock() + RETRY;
    remember(this.#choice.kept);
    const before = this.#choice.kind;
    for (const kind of this.#better) {
      this.#socket.tryBeside(kind);
      await this.#io.pause(PATIENCE);
      if (this.#choice.kind !== before) break;
      this.#socket.tryBeside(null);
    }
    this.#isTrying = false;
    this.plan();
  }
}
