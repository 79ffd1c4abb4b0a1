/** Frames come once a second where nothing else is said; this much later is no reason to worry. */
const GRACE = 1_000;
const MISSED = 2;

/** How old what is shown is: stale after two frames that did not come. */
export class Freshness {
  #heardAt;
  #interval;

  constructor(now, interval = 1_000) {
    this.#heardAt = now;
    this.#interval = interval;
  }

  /** Something came; `interval` says in how many milliseconds the next is expected. */
  heard(now, interval = this.#interval) {
    this.#heardAt = now;
    this.#interval = interval;
  }

  age(now) {
    return Math.max(0, Math.floor((now - this.#heardAt) / 1_000));
  }

  isStale(now) {
    return now - this.#heardAt > MISSED * this.#interval + GRACE;
  }
}
