/** Lines that are kept: what a page of logs may take of memory, however many come. */
export const MOST_LINES = 20_000;
const MOST_CHARACTERS = 8_000_000;
/** Of one line. The rest is in the download. */
const LONGEST = 4_000;

export const LEVELS = ["debug", "info", "warning", "error", "critical"];

/**
 * Whether a line is one that is wanted, as the server decides it for older lines. Patterns are not tried here: one that takes years
 * would take the tab with it.
 */
export function matcher({ level, source, text }) {
  const least = Math.max(0, LEVELS.indexOf(level));
  const words = (text ?? "").toLowerCase();
  return (line) =>
    LEVELS.indexOf(line.level) >= least &&
    (!source || (line.source || "app") === source) &&
    (!words || line.text.toLowerCase().includes(words));
}

/** The newest lines of a log that are wanted, bounded in number and in size. */
export class Lines {
  #lines = [];
  #characters = 0;
  #wanted;
  /** So many were dropped at the beginning: what stands where is told by it. */
  dropped = 0;
  isMore = false;

  constructor(filter = {}) {
    this.#wanted = matcher(filter);
  }

  get count() {
    return this.#lines.length;
  }

  at(place) {
    return this.#lines[place];
  }

  slice(from, to) {
    return this.#lines.slice(from, to);
  }

  /** New lines, oldest first; answers how many of them are wanted. */
  append(lines) {
    const wanted = lines.filter(this.#wanted).map((line) => this.#shortened(line));
    this.#lines.push(...wanted);
    this.#bound();
    return wanted.length;
  }

  /** Older lines, before all that are here; answers how many there was room for. */
  prepend(lines) {
    const room = Math.max(0, MOST_LINES - this.#lines.length);
    const taken = room > 0 ? lines.slice(-room) : [];
    this.#lines = [...taken.map((line) => this.#shortened(line)), ...this.#lines];
    return taken.length;
  }

  #shortened(line) {
    const short =
      line.text.length > LONGEST ? { ...line, text: `${line.text.slice(0, LONGEST)}…` } : line;
    this.#characters += short.text.length;
    return short;
  }

  // A tenth at a time: moving twenty thousand places for each line would be slow.
  #bound() {
    if (this.#lines.length <= MOST_LINES && this.#characters <= MOST_CHARACTERS) return;
    const least = this.#lines.length - Math.floor(MOST_LINES * 0.9);
    let gone = 0;
    while (
      gone < this.#lines.length - 1 &&
      (gone < least || this.#characters > MOST_CHARACTERS * 0.9)
    ) {
      this.#characters -= this.#lines[gone].text.length;
      gone += 1;
    }
    this.#lines.splice(0, gone);
    this.dropped += gone;
    this.isMore = true;
  }
}
