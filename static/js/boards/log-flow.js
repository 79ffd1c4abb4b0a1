import { Lines, MOST_LINES } from "#boards/log-model";

/** Milliseconds between two looks for new lines that match a pattern. */
const ASK = 1_000;
/** Milliseconds after which a log that could not be read is asked for again. */
const AGAIN = 5_000;

/**
 * Where the lines of a log come from: a page of those that were, then the topic; older ones on the way up and newer ones on the way
 * down, where there was no room for all. It knows no page.
 *
 * `live`: `{topics, socket}`; `sourceOf(filter)`: what is loaded; `later(callback, ms)`, which answers how to cancel it.
 * `hooks`: `isReading()`, `show()` when it does something else now, `replaced()` when the lines are others, `grew(number)` when so
 * many came at the beginning, `came(number)` when so many lines came, `changed()` when lines are at the end.
 */
export class LogFlow {
  #live;
  #topicOf;
  #sourceOf;
  #later;
  #hooks;
  #filter = null;
  #source = null;
  #topic = null;
  /** The rev up to which all lines are here or known to be missing, and that up to which a pattern was looked for. */
  #reached = 0;
  #matched = 0;
  /** What comes while something is loaded that goes before it. */
  #held = null;
  #asking = null;
  #trying = null;
  lines = new Lines();
  /** New lines that nobody has looked at. */
  fresh = 0;
  isLoading = false;
  isOlderLoading = false;
  /** Why nothing is shown, in words; "" where the server could not be reached. */
  error = null;

  /** `topicOf(filter)`: `{topic, isWhole}`, which topic tells such lines, and whether its revs are those of the pages. */
  constructor({ live, topicOf, sourceOf, later, hooks }) {
    this.#live = live;
    this.#topicOf = topicOf;
    this.#sourceOf = sourceOf;
    this.#later = later;
    this.#hooks = hooks;
  }

  /** What is loaded beside it. */
  get source() {
    return this.#source;
  }

  /** Begins at the end of the log. The topic is joined at the rev that the page ends with: what comes meanwhile has a higher one. */
  async open(filter = this.#filter) {
    this.leave();
    this.#filter = filter;
    const source = this.#sourceOf(filter);
    this.#source = source;
    this.isLoading = true;
    this.error = null;
    this.fresh = 0;
    this.#hooks.show();
    const answer = await source.before();
    if (source !== this.#source) return;
    this.isLoading = false;
    this.#restart();
    if (answer.error === undefined) {
      this.lines.prepend(answer.lines, answer.before);
      this.#reached = this.#matched = answer.rev;
      this.#join(answer.rev);
    } else this.#failed(answer.error);
    this.#hooks.replaced();
  }

  leave() {
    this.#asking?.();
    this.#trying?.();
    this.#asking = this.#trying = null;
    this.#held = null;
    this.#source = null;
    if (this.#topic === null) return;
    this.#live.topics.remove(this.#topic);
    this.#live.socket.unsubscribe([this.#topic]);
    this.#topic = null;
  }

  /** Whoever looks at the end of the log sees all that is new. */
  follow() {
    this.fresh = 0;
    if (this.lines.after !== null) this.open();
  }

  async older() {
    const { before } = this.lines;
    if (this.isOlderLoading || this.isLoading || before === null) return;
    this.isOlderLoading = true;
    this.#hooks.show();
    const { lines } = this;
    const answer = await this.#source.before(before);
    this.isOlderLoading = false;
    if (lines === this.lines && answer.error === undefined && lines.before === before)
      this.#hooks.grew(lines.prepend(answer.lines, answer.before));
    this.#hooks.show();
  }

  async newer() {
    const { lines } = this;
    const { after } = lines;
    if (this.#held || this.isLoading || after === null) return;
    const held = this.#hold();
    const answer = await this.#source.after(after);
    if (held !== this.#held) return;
    if (answer.error === undefined && lines.after === after) {
      lines.proceed(answer.lines, answer.after);
      if (answer.after === null) this.#caughtUp(answer.rev);
      this.#hooks.changed();
    }
    this.#release();
  }

  #join(rev) {
    const { topics, socket } = this.#live;
    const { topic, isWhole } = this.#topicOf(this.#filter);
    if (topic === null || topics.has(topic)) return;
    this.#topic = topic;
    topics.add(
      topic,
      {
        reset: (state) => this.#begin(state),
        apply: (rows) => this.#take(rows),
        // Why that is the server says when it is asked for the lines.
        event: (name) => name === "left" && this.open(),
        gone: () => {
          this.#failed("");
          this.#hooks.show();
        },
      },
      // How far a source's own stream has come only its state says.
      isWhole ? rev : null,
    );
    socket.subscribe([topic]);
  }

  // A server that is away comes back; a pattern that is none stays so.
  #failed(error) {
    this.error = error;
    if (error === "") this.#trying = this.#later(() => this.open(), AGAIN);
  }

  // Whoever could not keep up gets the newest lines, and loads what lies between: what is on the page stays there.
  async #begin({ rev, rows }) {
    if (this.#filter.regex || this.lines.after !== null) {
      // It is asked for, or loaded on the way down.
      this.#held = null;
      this.#reached = Math.max(this.#reached, rev);
      if (this.#filter.regex) this.#ask();
      return;
    }
    const held = this.#hold();
    const { gap, before } = await this.#missed(rows[0]?.rev ?? null, held);
    // Another beginning since then has the newer state.
    if (held !== this.#held) return;
    if (before !== null) {
      if (this.#reached > 0 && this.#hooks.isReading()) this.lines.cut(this.#reached);
      else this.#restart(before, true);
    }
    this.#append([...gap, ...this.#unseen(rows)]);
    this.#reached = Math.max(this.#reached, rev);
    this.#release();
  }

  // Lines between those that are here and a rev; and, where they are more than a page holds, the rev before which more are missing.
  async #missed(before, held) {
    let gap = [];
    const isMissing = () => before !== null && before > this.#reached + 1;
    if (this.#reached === 0) return { gap, before };
    while (isMissing() && gap.length < MOST_LINES) {
      const answer = await this.#source.before(before);
      if (held !== this.#held || answer.error !== undefined) return { gap, before };
      gap = [...answer.lines.filter((line) => line.rev > this.#reached), ...gap];
      before = answer.before;
    }
    return { gap, before: isMissing() ? before : null };
  }

  #restart(before = null, isOther = false) {
    this.#reached = this.fresh = 0;
    this.lines = new Lines(this.#filter);
    this.lines.before = before;
    if (isOther) this.#hooks.replaced();
  }

  #hold() {
    this.#held = [];
    return this.#held;
  }

  #release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const rows of held) this.#take(rows);
  }

  #take(rows) {
    if (this.#held) {
      this.#held.push(rows);
      return;
    }
    const lines = this.#unseen(rows);
    this.#hooks.came(lines.length);
    this.#reached = Math.max(this.#reached, rows.at(-1)?.rev ?? 0);
    if (this.#filter.regex) this.#ask();
    else this.#append(lines);
  }

  // A state begins before what is on the page already.
  #unseen(rows) {
    return numbered(rows).filter(({ rev }) => rev > this.#reached);
  }

  #append(lines) {
    const isReading = this.#hooks.isReading();
    const wanted = this.lines.append(lines, isReading);
    if (isReading) this.fresh += wanted;
    this.#hooks.changed();
  }

  #caughtUp(rev) {
    this.fresh = 0;
    this.#reached = Math.max(this.#reached, rev);
    this.#matched = rev;
  }

  #ask() {
    this.#asking ??= this.#later(() => this.#askNew(), ASK);
  }

  // A pattern is matched by the server, in bounded time and so many at once: page after page, until it has said all.
  async #askNew() {
    const source = this.#source;
    let answer = { after: this.#matched };
    while (answer.after !== null && answer.error === undefined) {
      answer = await source.after(answer.after);
      if (source !== this.#source) return;
      if (answer.error === undefined) this.#matching(answer);
    }
    this.#asking = null;
    if (answer.error === "") this.#ask();
  }

  #matching({ lines, after, rev }) {
    this.#append(lines.filter((line) => line.rev > this.#matched));
    this.#matched = Math.max(this.#matched, after ?? rev);
  }
}

function numbered(rows) {
  return rows.flatMap(({ rev, lines = [] }) => lines.map((line) => ({ ...line, rev })));
}
