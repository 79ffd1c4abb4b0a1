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

/**
 * A stretch of a log without a hole: all lines that are wanted between two revs, bounded in number and in size. What there is no room
 * for is dropped at one end or the other, in whole batches, so that a page can be loaded again from exactly there.
 */
export class Lines {
  #lines = [];
  #characters = 0;
  #wanted;
  /** So many were dropped at the beginning: what stands where is told by it. */
  dropped = 0;
  /** Lines before this rev are not here; null where there are none. */
  before = null;
  /** Lines after this rev are not here, and what comes neither; null where this is the end of the log. */
  after = null;

  constructor(filter = {}) {
    this.#wanted = matcher(filter);
  }

  get count() {
    return this.#lines.length;
  }

  at(place) {
    return this.#lines[place];
  }

  indexOf(line) {
    return this.#lines.indexOf(line);
  }

  slice(from, to) {
    return this.#lines.slice(from, to);
  }

  /** New lines, oldest first, at the end of the log; answers how many are wanted. While somebody reads, nothing is dropped for them. */
  append(lines, isReading = false) {
    const wanted = lines.filter(this.#wanted);
    if (wanted.length === 0 || this.after !== null) return wanted.length;
    if (isReading && this.#isFull(wanted)) this.cut(this.#lines.at(-1).rev);
    else this.#push(wanted);
    return wanted.length;
  }

  /** Older lines, before all that are here, and where a page before them begins; answers how many they are. */
  prepend(lines, before = null) {
    this.before = before;
    this.#lines = [...lines.map((line) => this.#taken(line)), ...this.#lines];
    this.#dropNewest();
    return lines.length;
  }

  /** Lines that follow after those that are here, and after which rev there are more. */
  proceed(lines, after = null) {
    this.after = after;
    this.#push(lines);
  }

  /** Of what comes after this rev nothing is here from now on. */
  cut(after) {
    this.after = after;
  }

  #push(lines) {
    for (const line of lines) this.#lines.push(this.#taken(line));
    this.#dropOldest();
  }

  #taken(line) {
    const short =
      line.text.length > LONGEST ? { ...line, text: `${line.text.slice(0, LONGEST)}…` } : line;
    this.#characters += short.text.length;
    return short;
  }

  #isFull(lines) {
    const characters = lines.reduce((sum, { text }) => sum + Math.min(LONGEST, text.length), 0);
    return (
      this.#lines.length > 0 &&
      (this.#lines.length + lines.length > MOST_LINES ||
        this.#characters + characters > MOST_CHARACTERS)
    );
  }

  get #isTooLarge() {
    return this.#lines.length > MOST_LINES || this.#characters > MOST_CHARACTERS;
  }

  // A tenth at a time: moving twenty thousand places for each line would be slow.
  #dropOldest() {
    if (!this.#isTooLarge) return;
    const least = this.#lines.length - Math.floor(MOST_LINES * 0.9);
    let gone = 0;
    while (
      gone < this.#lines.length - 1 &&
      (gone < least || this.#characters > MOST_CHARACTERS * 0.9 || this.#isWithinBatch(gone))
    ) {
      this.#characters -= this.#lines[gone].text.length;
      gone += 1;
    }
    this.#lines.splice(0, gone);
    this.dropped += gone;
    this.before = this.#lines[0].rev;
  }

  #dropNewest() {
    if (!this.#isTooLarge) return;
    let kept = this.#lines.length;
    while (
      kept > 1 &&
      (kept > MOST_LINES || this.#characters > MOST_CHARACTERS || this.#isWithinBatch(kept))
    ) {
      kept -= 1;
      this.#characters -= this.#lines[kept].text.length;
    }
    this.#lines.length = kept;
    this.cut(this.#lines[kept - 1].rev);
  }

  #isWithinBatch(place) {
    const [before, after] = [this.#lines[place - 1], this.#lines[place]];
    return before !== undefined && after !== undefined && before.rev === after.rev;
  }
}
