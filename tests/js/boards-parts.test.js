import assert from "node:assert/strict";
import { test } from "node:test";
import { bandsOf } from "#boards/bands";
import { Drawing } from "#boards/drawing";
import { Freshness } from "#boards/freshness";
import { cadenceOf, levelOf, newest, trendOf } from "#boards/levels";
import { tableOf } from "#boards/rows";
import { stacked } from "#boards/stacking";
import { tickWords, words } from "#boards/units";
import {
  isLive,
  lengthOf,
  live,
  paused,
  questionOf,
  readView,
  scaledView,
  spanOf,
  stepped,
  writeView,
  zoomed,
} from "#boards/view";

test("Units are written with the prefix that fits", () => {
  assert.equal(words(0.0118, "s"), "11.8 ms");
  assert.equal(words(0.00042, "s"), "420 µs");
  assert.equal(words(2.5, "s"), "2.5 s");
  assert.equal(words(214e6, "B"), "214 MB");
  assert.equal(words(1_500, "B/s"), "1.5 kB/s");
  assert.equal(words(31, "%"), "31%");
  assert.equal(words(8_214, "/s"), "8,214/s");
  assert.equal(words(12_408, ""), "12,408");
  assert.equal(words(12_408_000, ""), "12.4M");
  assert.equal(words(0, "s"), "0 s");
  assert.equal(words(null, "s"), "–");
});

test("All ticks of an axis have one prefix and as many digits as tell them apart", () => {
  assert.deepEqual(tickWords([0, 0.0005, 0.001, 0.0015], "s"), ["0", "0.5 ms", "1.0 ms", "1.5 ms"]);
  assert.deepEqual(tickWords([0, 5_000, 10_000], "/s"), ["0", "5k/s", "10k/s"]);
  assert.deepEqual(tickWords([0, 0.00025, 0.0005, 0.001], "s"), [
    "0",
    "0.25 ms",
    "0.50 ms",
    "1.00 ms",
  ]);
  assert.deepEqual(tickWords([0, 0.1 + 0.2], ""), ["0", "0.3"]);
});

test("Alerts that overlap are one band for each level", () => {
  const note = (at, until, level, kind = "alert") => ({ at, until, level, kind });
  const notes = [
    note(30, 40, "warning"),
    note(10, 20, "warning"),
    note(15, 25, "warning"),
    note(12, null, "critical"),
    note(18, null, undefined, "note"),
    note(500, 600, "warning"),
  ];
  assert.deepEqual(bandsOf(notes, 0, 100), [
    { from: 10, to: 25, level: "warning" },
    { from: 12, to: Infinity, level: "critical" },
    { from: 30, to: 40, level: "warning" },
  ]);
});

test("What is as usual is not in the address, and everything else is", () => {
  assert.equal(writeView(readView("")), "");
  const search = "?range=1h&from=100&to=200&worker=web%400&panel=p1&kiosk=1";
  assert.equal(writeView(readView(search)), search);
  assert.equal(writeView(readView("?range=9y&from=300&to=200")), "");
});

test("A live view asks for what is newest, one that stands still for its time", () => {
  assert.deepEqual(questionOf(readView("?range=1h")), {
    from: "-1h",
    to: "now",
    packed: 1,
  });
  assert.deepEqual(questionOf(readView("?from=100&to=200&worker=*")), {
    from: 100,
    to: 200,
    packed: 1,
    worker: "*",
  });
});

test("Pausing keeps what is seen, and live goes back to the length it had", () => {
  const view = paused(readView("?range=5m"), 1_000);
  assert.deepEqual(spanOf(view, 5_000), [700, 1_000]);
  assert.ok(!isLive(view));
  assert.deepEqual(spanOf(live(view), 5_000), [4_700, 5_000]);
});

test("Zooming shows the part, not less than ten seconds and nothing of the future", () => {
  assert.deepEqual(spanOf(zoomed(readView(""), 100, 400, 1_000)), [100, 400]);
  assert.deepEqual(spanOf(zoomed(readView(""), 200, 201, 1_000)), [196, 206]);
  assert.deepEqual(spanOf(zoomed(readView(""), 900, 1_300, 1_000)), [600, 1_000]);
  assert.deepEqual(spanOf(scaledView(readView("?from=100&to=300"), 0.5, 1_000)), [150, 250]);
});

test("A step is half of what is shown, and ends now", () => {
  const view = readView("?from=100&to=300");
  assert.deepEqual(spanOf(stepped(view, -1, 1_000)), [0, 200]);
  assert.deepEqual(spanOf(stepped(view, 1, 350)), [150, 350]);
});

test("A range is some minutes, hours or days", () => {
  assert.equal(lengthOf("15m"), 900);
  assert.equal(lengthOf("365d"), 365 * 86_400);
  for (const wrong of ["", "15", "m", "0m", "9999d", "-1h", null])
    assert.equal(lengthOf(wrong), null);
});

test("What is shown is stale after two frames that did not come", () => {
  const fresh = new Freshness(0);
  assert.equal(fresh.isStale(2_900), false);
  assert.equal(fresh.isStale(3_100), true);
  fresh.heard(5_000, 10_000);
  assert.equal(fresh.isStale(20_000), false);
  assert.equal(fresh.isStale(26_100), true);
  assert.equal(fresh.age(7_500), 2);
});

test("A threshold says how bad a value is, from above or from below", () => {
  const thresholds = [
    { at: 70, level: "warning" },
    { at: 90, level: "critical" },
  ];
  assert.equal(levelOf(50, { thresholds }), "ok");
  assert.equal(levelOf(70, { thresholds }), "warning");
  assert.equal(levelOf(95, { thresholds }), "critical");
  assert.equal(levelOf(null, { thresholds }), "");
  assert.equal(levelOf(5, {}), "");
  const low = { thresholds: [{ at: 2, level: "critical" }], options: { better: "high" } };
  assert.equal(levelOf(1, low), "critical");
  assert.equal(levelOf(3, low), "ok");
});

test("A number that has not come for a while is no number", () => {
  assert.equal(newest([1, 2, null]), 2);
  assert.equal(newest([1, null, null, null, null, null]), null);
});

test("A trend compares the end with the beginning, and knows what is steady", () => {
  const rising = Array.from({ length: 50 }, (_, at) => 100 + at);
  assert.equal(trendOf(rising).sign, 1);
  assert.equal(trendOf(rising.toReversed()).sign, -1);
  assert.equal(trendOf(rising.map(() => 7)).sign, 0);
  assert.equal(trendOf([1, 2]), null);
});

test("Stacked lanes are sums, and gaps stay gaps", () => {
  const lanes = [{ values: [1, null, 3] }, { values: [10, 20, null] }, { values: [100, 200, 300] }];
  assert.deepEqual(stacked(lanes), [
    [1, null, 3],
    [11, 20, null],
    [111, 220, 303],
  ]);
});

test("Lanes of one worker stand in one row, each query in its column", () => {
  const of = (worker, query) => ({ label: worker, labels: { worker }, query, values: [query] });
  const spec = {
    queries: [{ metric: "sockets" }, { metric: "lag" }],
    unit: "s",
    options: { columns: ["sockets"], units: [""] },
  };
  const { names, columns, rows } = tableOf(spec, [of("web@1", 1), of("web@0", 0), of("web@1", 0)]);
  assert.equal(names, "worker");
  assert.deepEqual(columns, [
    { title: "sockets", unit: "" },
    { title: "lag", unit: "s" },
  ]);
  assert.deepEqual(
    rows.map(({ name, lanes }) => [name, lanes[0]?.query, lanes[1]?.query]),
    [
      ["web@0", 0, undefined],
      ["web@1", 0, 1],
    ],
  );
});

test("What is measured every ten seconds has a newest value between two of them", () => {
  const seldom = Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? at : null));
  assert.equal(cadenceOf(seldom), 10);
  assert.equal(newest(seldom), 90);
  const often = Array.from({ length: 100 }, (_, at) => (at < 90 ? at : null));
  assert.equal(cadenceOf(often), 1);
  assert.equal(newest(often), null, "that is missing");
  assert.equal(cadenceOf([null, 1, null]), 1, "nobody knows");
});

/** A browser whose time is ours. */
class Played {
  time = 0;
  hidden = false;
  calm = false;
  #waiting = [];
  io = {
    now: () => this.time,
    frame: (callback) => this.#waiting.push({ due: this.time + 16, callback }),
    later: (callback, wait) => this.#waiting.push({ due: this.time + wait, callback }),
    isHidden: () => this.hidden,
    isCalm: () => this.calm,
  };

  run(until) {
    for (;;) {
      this.#waiting.sort((one, other) => one.due - other.due);
      if (!(this.#waiting[0]?.due <= until)) break;
      const { due, callback } = this.#waiting.shift();
      this.time = Math.max(this.time, due);
      callback();
    }
    this.time = until;
  }
}

function panel(played, cost = 0) {
  const one = { isInSight: true, isNew: true, drawn: [] };
  one.draw = () => {
    one.isNew = false;
    one.drawn.push(played.time);
    played.time += cost;
  };
  return one;
}

function feed(played, drawing, panels, until) {
  for (let at = played.time; at < until; at += 100) {
    for (const one of panels) drawing.add(one);
    played.run(at + 100);
  }
}

test("A panel is drawn twice a second at most, and once where people want less motion", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const one = panel(played);
  feed(played, drawing, [one], 5_000);
  assert.ok(one.drawn.length >= 9 && one.drawn.length <= 11, `${one.drawn.length}`);
  played.calm = true;
  one.drawn = [];
  feed(played, drawing, [one], 10_000);
  assert.ok(one.drawn.length >= 4 && one.drawn.length <= 6, `${one.drawn.length}`);
});

test("Nothing is drawn in a hidden tab, and everything once it is seen again", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const one = panel(played);
  played.hidden = true;
  feed(played, drawing, [one], 5_000);
  assert.equal(one.drawn.length, 0);
  played.hidden = false;
  drawing.wake();
  played.run(5_100);
  assert.equal(one.drawn.length, 1);
});

test("What is scrolled away waits until it comes into sight", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const [near, far] = [panel(played), panel(played)];
  far.isInSight = false;
  feed(played, drawing, [near, far], 2_000);
  assert.equal(far.drawn.length, 0);
  far.isInSight = true;
  drawing.wake();
  played.run(2_100);
  assert.equal(far.drawn.length, 1);
});

test("A board that is opened is drawn in few frames, none of which is long", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const panels = Array.from({ length: 24 }, () => panel(played, 6));
  for (const one of panels) drawing.add(one);
  played.run(300);
  assert.ok(panels.every(({ drawn }) => drawn.length === 1));
  const gaps = panels.slice(1).map(({ drawn: [at] }, number) => at - panels[number].drawn[0]);
  const frames = gaps.filter((gap) => gap > 6).length + 1;
  assert.ok(frames >= 3 && frames <= 5, `${frames} frames`);
});

test("Many panels are drawn over several frames", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const panels = Array.from({ length: 24 }, () => panel(played, 6));
  for (const one of panels) one.isNew = false;
  for (const one of panels) drawing.add(one);
  played.run(450);
  assert.ok(panels.every(({ drawn }) => drawn.length === 1));
  const gaps = panels.slice(1).map(({ drawn: [at] }, number) => at - panels[number].drawn[0]);
  assert.ok(gaps.filter((gap) => gap > 6).length >= 11, "two to a frame");
});

test("A panel that cannot be drawn stops no other, and is tried again", () => {
  const played = new Played();
  const drawing = new Drawing(played.io);
  const [broken, whole] = [panel(played), panel(played)];
  const failures = [];
  broken.failed = ({ message }) => failures.push(message);
  broken.draw = () => {
    throw new Error("by a bug");
  };
  feed(played, drawing, [broken, whole], 3_000);
  assert.ok(whole.drawn.length >= 5, `${whole.drawn.length}`);
  assert.ok(failures.length >= 5, `${failures.length}`);
});
