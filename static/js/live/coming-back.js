import { KEY, KINDS, recall, remember } from "#live/choice";

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
    const wait = this.#choice.due - this.#io.wallClock();
    if (wait < Infinity) this.#timer = setTimeout(() => this.#takeTurn(), Math.max(0, wait));
  }

  #heard(kept) {
    if (KINDS.indexOf(kept.kind) < KINDS.indexOf(this.#choice.kind)) this.#try();
    else this.#choice.learn(kept);
    this.plan();
  }

  // Another tab may have begun in the same moment.
  #takeTurn() {
    this.#choice.learn(recall() ?? this.#choice.kept);
    if (this.#choice.due <= this.#io.wallClock()) this.#try();
    else this.plan();
  }

  // Without a connection there is nothing to compare with: the next hello plans anew.
  async #try() {
    if (this.#isTrying || !this.#socket.isLive) return;
    this.#isTrying = true;
    this.#choice.trying(this.#io.wallClock());
    remember(this.#choice.kept);
    const before = this.#choice.kind;
    for (const kind of this.#choice.better) {
      this.#socket.tryBeside(kind);
      await this.#io.pause(PATIENCE);
      if (this.#choice.kind !== before) break;
      this.#socket.tryBeside(null);
    }
    this.#isTrying = false;
    this.plan();
  }
}
