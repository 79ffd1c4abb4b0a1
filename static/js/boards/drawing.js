const OFTEN = 500;
const SELDOM = 1_000;
/** Milliseconds of a frame in which panels are drawn: the rest waits for the next one. */
const SLICE = 10;
/** The same for panels that nobody has seen yet: nothing moves there, and all is waited for. */
const FIRST_SLICE = 32;

/**
 * Decides when panels are drawn: twice a second at most, once where people want less motion, not at all in a hidden tab, and
 * not those that are scrolled away. Many are drawn one after the other, so that no frame takes long.
 */
export class Drawing {
  #waiting = new Set();
  #io;
  #round = [];
  #lastRound = -Infinity;
  /** "idle", "waiting" for its time, or "drawing". */
  #phase = "idle";
  #turn = 0;

  /** `io`: `now()`, `frame(callback)`, `later(callback, ms)`, `isHidden()` and `isCalm()`. */
  constructor(io) {
    this.#io = io;
  }

  /** A panel, `{draw(), failed(error), isInSight, isNew}`, shows something else than it should. */
  add(panel) {
    this.#waiting.add(panel);
    this.#plan();
  }

  /** It is gone. */
  remove(panel) {
    this.#waiting.delete(panel);
  }

  /** The tab can be seen again, or a panel came into sight: what waits is drawn at once. */
  wake() {
    this.#lastRound = -Infinity;
    if (this.#phase === "waiting") this.#phase = "idle";
    this.#plan();
  }

  get #interval() {
    return this.#io.isCalm() ? SELDOM : OFTEN;
  }

  #plan() {
    if (this.#phase !== "idle" || this.#io.isHidden() || !this.#hasWork()) return;
    const wait = this.#lastRound + this.#interval - this.#io.now();
    if (wait <= 0) {
      this.#begin();
      return;
    }
    this.#phase = "waiting";
    this.#turn += 1;
    const turn = this.#turn;
    this.#io.later(() => this.#phase === "waiting" && turn === this.#turn && this.#begin(), wait);
  }

  #begin() {
    this.#phase = "drawing";
    this.#lastRound = this.#io.now();
    this.#io.frame(() => {
      this.#round = [...this.#waiting].filter(({ isInSight }) => isInSight);
      this.#drawSome();
    });
  }

  #drawSome() {
    const began = this.#io.now();
    while (this.#round.length > 0 && !this.#io.isHidden()) {
      const panel = this.#round.shift();
      const slice = panel.isNew ? FIRST_SLICE : SLICE;
      if (this.#waiting.delete(panel)) draw(panel);
      if (this.#io.now() - began > slice) break;
    }
    if (this.#round.length > 0 && !this.#io.isHidden()) {
      this.#io.frame(() => this.#drawSome());
      return;
    }
    this.#phase = "idle";
    this.#plan();
  }

  #hasWork() {
    for (const panel of this.#waiting) if (panel.isInSight) return true;
    return false;
  }
}

// Whatever is wrong with one panel, the others are drawn.
function draw(panel) {
  try {
    panel.draw();
  } catch (error) {
    panel.failed(error);
  }
}
