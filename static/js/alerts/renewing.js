/** What is told within this time is loaded together. */
const PAUSE = 500;
const AGAIN = 5_000;

/** Loads a page anew when it is told to: once at a time, not while nobody sees it, and again where it could not be loaded. */
export class Renewing {
  #load;
  #later;
  #isHidden;
  #isWanted = false;
  #isBusy = false;

  /** `load()` answers whether it could; `later(callback, ms)`, `isHidden()`. */
  constructor({ load, later, isHidden }) {
    this.#load = load;
    this.#later = later;
    this.#isHidden = isHidden;
  }

  /** Something else is to be shown. */
  ask() {
    this.#isWanted = true;
    this.#plan(PAUSE);
  }

  /** The page can be seen again. */
  seen() {
    if (this.#isWanted) this.#plan(0);
  }

  #plan(wait) {
    if (this.#isBusy || this.#isHidden()) return;
    this.#isBusy = true;
    this.#later(() => this.#renew(), wait);
  }

  async #renew() {
    this.#isWanted = false;
    const isDone = await this.#load();
    this.#isBusy = false;
    if (!isDone) this.#isWanted = true;
    if (this.#isWanted) this.#plan(isDone ? PAUSE : AGAIN);
  }
}
