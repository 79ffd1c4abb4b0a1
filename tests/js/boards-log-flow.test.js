import assert from "node:assert/strict";
import { test } from "node:test";
import { LogFlow } from "#boards/log-flow";
import { MOST_LINES } from "#boards/log-model";

const A_BATCH = 100;

/** A log that goes on, with a page that looks at it: batches have the revs 1, 2, … and a hundred lines each. */
class Played {
  rev = 0;
  topic = null;
  isReading = false;
  loaded = [];
  #later = [];
  flow = new LogFlow({
    live: {
      topics: {
        has: () => false,
        add: (_name, handlers, cursor) => {
          this.topic = { ...handlers, cursor };
        },
        remove: () => {
          this.topic = null;
        },
      },
      socket: { subscribe() {}, unsubscribe() {} },
    },
    topicOf: () => ({ topic: "log", isWhole: true }),
    sourceOf: (filter) => this.#source(filter),
    later: (callback) => {
      this.#later.push(callback);
      return () => this.#later.splice(this.#later.indexOf(callback), 1);
    },
    hooks: {
      isReading: () => this.isReading,
      show() {},
      replaced: () => {
        this.isReading = false;
      },
      grew() {},
      came() {},
      changed() {},
    },
  });

  static async of(revs, filter = {}) {
    const played = new Played();
    played.rev = revs;
    await played.flow.open({ level: "debug", source: "", text: "", regex: "", ...filter });
    return played;
  }

  /** So many batches come, and the topic tells them. */
  tell(batches) {
    const rows = Array.from({ length: batches }, () => ({
      rev: ++this.rev,
      lines: batch(this.rev),
    }));
    this.topic?.apply(rows);
  }

  /** So many come that the topic tells the state anew, which is the last twelve. */
  async miss(batches) {
    this.rev += batches;
    const first = Math.max(1, this.rev - 11);
    const rows = [];
    for (let rev = first; rev <= this.rev; rev++) rows.push({ rev, lines: batch(rev) });
    await this.topic.reset({ rev: this.rev, rows, extra: { before: first } });
  }

  /** Time goes on: whatever waited for it happens. */
  async wait() {
    for (const callback of this.#later.splice(0)) await callback();
  }

  get texts() {
    return this.flow.lines.slice(0, this.flow.lines.count).map(({ text }) => Number(text));
  }

  #source({ regex }) {
    const page = (revs, more) => {
      this.loaded.push(revs);
      const wanted = regex ? ({ text }) => new RegExp(regex).test(text) : () => true;
      const lines = revs.flatMap((rev) => batch(rev).map((line) => ({ ...line, rev })));
      return { rev: this.rev, lines: lines.filter(wanted), before: null, after: null, ...more };
    };
    return {
      before: async (rev = this.rev + 1) => {
        const first = Math.max(1, rev - 10);
        return page(between(first, rev - 1), { before: first > 1 ? first : null });
      },
      after: async (rev) => {
        const last = Math.min(this.rev, rev + 10);
        return page(between(rev + 1, last), { after: last < this.rev ? last : null });
      },
    };
  }
}

const between = (first, last) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
const batch = (rev) =>
  Array.from({ length: A_BATCH }, (_, at) => ({
    at: rev,
    level: "info",
    source: "app",
    text: `${(rev - 1) * A_BATCH + at}`,
  }));

function assertWhole(texts) {
  assert.ok(texts.length > 0);
  const hole = texts.findIndex((text, at) => text !== texts[0] + at);
  assert.equal(hole, -1, `a hole or a double at ${hole}: ${texts.slice(hole - 1, hole + 2)}`);
}

test("What was comes first, and what comes follows it", async () => {
  const played = await Played.of(25);
  assert.equal(played.topic.cursor, 25);
  played.tell(3);
  assertWhole(played.texts);
  assert.deepEqual([played.texts[0], played.texts.at(-1)], [1_500, 2_799]);
});

test("On the way up nothing is left out of what was dropped for what came", async () => {
  const played = await Played.of(25);
  for (let times = 0; times < 50; times++) played.tell(10);
  assert.ok(played.flow.lines.dropped > 0);
  played.isReading = true;
  while (played.flow.lines.before !== null) await played.flow.older();
  assertWhole(played.texts);
  assert.equal(played.texts[0], 0);
});

test("Who is at the top of a long log and goes down again meets every line", async () => {
  const played = await Played.of(600);
  played.isReading = true;
  while (played.flow.lines.before !== null) await played.flow.older();
  assert.equal(played.texts[0], 0);
  assert.ok(played.texts.length <= MOST_LINES);
  played.tell(2);

  while (played.flow.lines.after !== null) {
    await played.flow.newer();
    assertWhole(played.texts);
  }
  assert.equal(played.texts.at(-1), 60_199);
  played.tell(1);
  assert.equal(played.texts.at(-1), 60_299);
  assertWhole(played.texts);
});

test("What comes while newer lines are loaded follows them", async () => {
  const played = await Played.of(300);
  played.isReading = true;
  while (played.flow.lines.before !== null) await played.flow.older();
  while (played.flow.lines.after < 290) await played.flow.newer();
  const loading = played.flow.newer();
  played.tell(1);
  await loading;
  if (played.flow.lines.after !== null) await played.flow.newer();
  played.tell(1);
  assertWhole(played.texts);
  assert.equal(played.texts.at(-1), 30_199);
});

test("Whoever follows again after reading sees the newest lines", async () => {
  const played = await Played.of(300);
  played.isReading = true;
  while (played.flow.lines.before !== null) await played.flow.older();
  played.tell(5);
  assert.equal(played.flow.fresh, 500);
  played.isReading = false;
  await played.flow.follow();
  assert.equal(played.texts.at(-1), 30_499);
  assertWhole(played.texts);
});

test("Who could not keep up loads what lies between, as much as a page holds", async () => {
  const played = await Played.of(10);
  await played.miss(150);
  played.tell(1);
  assertWhole(played.texts);
  assert.deepEqual([played.texts[0], played.texts.at(-1)], [0, 16_099]);

  await played.miss(400);
  assertWhole(played.texts);
  assert.equal(played.texts.at(-1), 56_099);
  assert.ok(played.texts.length >= 0.9 * MOST_LINES);
  const { before } = played.flow.lines;
  assert.equal(before, played.texts[0] / A_BATCH + 1, "older ones begin where these do");
});

test("Who reads is not moved by what was missed meanwhile, and finds it on the way down", async () => {
  const played = await Played.of(10);
  played.isReading = true;
  await played.miss(500);
  assert.equal(played.texts[0], 0);
  assert.ok(played.isReading);
  while (played.flow.lines.after !== null) await played.flow.newer();
  assertWhole(played.texts);
  assert.equal(played.texts.at(-1), 50_999);
});

test("Of what matches a pattern nothing is left out, however much comes at once", async () => {
  const played = await Played.of(10, { regex: "^[0-9]+$" });
  played.tell(45);
  await played.wait();
  assertWhole(played.texts);
  assert.equal(played.texts.at(-1), 5_499);
  await played.miss(45);
  await played.wait();
  assertWhole(played.texts);
  assert.equal(played.texts.at(-1), 9_999);
});

test("A page that comes late, from another filter, is passed over", async () => {
  const played = await Played.of(25);
  const older = played.flow.older();
  const other = played.flow.open({ level: "debug", source: "", text: "1", regex: "" });
  await Promise.all([older, other]);
  assert.equal(played.texts.length, new Set(played.texts).size);
  assert.equal(played.flow.lines.before, 16);
});
