const BATCH = 1_000;

/** Speaks what came in during the last second as one sentence, through the one polite region of the page. */
export class Announcer {
  #region;
  #sentence;
  #waiting = [];
  #timer = null;

  constructor(region, sentence) {
    this.#region = region;
    this.#sentence = sentence;
  }

  add(things) {
    if (things.length === 0) return;
    this.#waiting.push(...things);
    this.#timer ??= setTimeout(() => this.#speak(), BATCH);
  }

  #speak() {
    this.#timer = null;
    this.#region.textContent = this.#sentence(this.#waiting);
    this.#waiting = [];
  }
}
