import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft, errorsByPanel, readLabels, settled, usualQuery, writeLabels } from "#boards/draft";
import { readBoard } from "#boards/json-dialog";

const panel = (id, x, y, w, h) => ({ id, title: id, kind: "line", x, y, w, h, queries: [] });
const places = ({ panels }) => Object.fromEntries(panels.map(({ id, x, y }) => [id, [x, y]]));

function draft(...panels) {
  return new Draft({ title: "Own", panels });
}

test("Panels never overlap, and none hangs in the air", () => {
  const panels = settled([panel("a", 0, 0, 6, 4), panel("b", 3, 2, 6, 4), panel("c", 0, 40, 3, 2)]);
  assert.deepEqual(places({ panels }), { a: [0, 0], c: [0, 4], b: [3, 4] });
});

test("A panel that is put where another lies takes its place", () => {
  const one = draft(panel("a", 0, 0, 6, 4), panel("b", 0, 4, 6, 4));
  one.put("b", 0, 0);
  assert.deepEqual(places(one), { b: [0, 0], a: [0, 4] });
});

test("A panel that comes down to where another lies sends that one up", () => {
  const one = draft(panel("a", 0, 0, 6, 4), panel("b", 0, 4, 6, 4));
  one.put("a", 0, 4);
  assert.deepEqual(places(one), { b: [0, 0], a: [0, 4] });
});

test("A panel stays on the grid, however far it is dragged", () => {
  const one = draft(panel("a", 0, 0, 6, 4));
  one.put("a", 40, -3);
  assert.deepEqual(places(one), { a: [6, 0] });
  one.size("a", 40, 0);
  assert.deepEqual([one.panel("a").w, one.panel("a").h], [6, 1]);
});

test("The arrow keys move a panel past its neighbours and back", () => {
  const one = draft(panel("a", 0, 0, 12, 2), panel("b", 0, 2, 12, 3), panel("c", 0, 5, 12, 1));
  one.move("a", 0, 1);
  assert.deepEqual(places(one), { b: [0, 0], a: [0, 3], c: [0, 5] });
  one.move("a", 0, 1);
  assert.deepEqual(places(one), { b: [0, 0], c: [0, 3], a: [0, 4] });
  one.move("a", 0, -1);
  one.move("a", 0, -1);
  assert.deepEqual(places(one), { a: [0, 0], b: [0, 2], c: [0, 5] });
});

test("A new panel goes beside the last one where there is room, and beneath where there is none", () => {
  const one = draft(panel("p1", 0, 0, 6, 4));
  assert.deepEqual(places({ panels: [one.add()] }), { p2: [6, 0] });
  assert.deepEqual(places({ panels: [one.add()] }), { p3: [0, 4] });
});

test("What is taken away leaves no hole", () => {
  const one = draft(panel("a", 0, 0, 12, 2), panel("b", 0, 2, 12, 3));
  one.remove("a");
  assert.deepEqual(places(one), { b: [0, 0] });
});

test("Making a draft changes nothing of the board that it was made of", () => {
  const board = { title: "Own", panels: [panel("a", 0, 0, 6, 4)] };
  const one = new Draft(board);
  one.put("a", 3, 0);
  one.panel("a").queries.push({ metric: "m" });
  assert.deepEqual(board.panels[0], panel("a", 0, 0, 6, 4));
});

test("What a series is shown by at first follows from its kind", () => {
  const of = (kind, unit) => usualQuery({ name: "m", kind, unit });
  assert.deepEqual(of("counter", "B"), { query: { metric: "m", fn: "rate" }, unit: "B/s" });
  assert.deepEqual(of("counter", ""), { query: { metric: "m", fn: "rate" }, unit: "/s" });
  assert.deepEqual(of("gauge", "s"), { query: { metric: "m", fn: "avg" }, unit: "s" });
  assert.equal(of("histogram", "s").query.fn, "percentile");
});

test("Labels are written as pairs, and what is no pair is passed over", () => {
  assert.deepEqual(readLabels("worker=web@*, app = chat, nonsense, =x"), {
    worker: "web@*",
    app: "chat",
  });
  assert.equal(writeLabels({ worker: "web@*", app: "chat" }), "worker=web@*, app=chat");
});

test("Refusals of the server find their panel, and those of the board stay with it", () => {
  const errors = [
    { path: "panels.1.queries.0.metric", text: "too long" },
    { path: "title", text: "empty" },
    { path: "panels.9.x", text: "no such panel" },
  ];
  const panels = [{ id: "a" }, { id: "b" }];
  assert.deepEqual(errorsByPanel(errors, panels), {
    b: { "queries.0.metric": "too long" },
    "": { title: "empty", "panels.9.x": "no such panel" },
  });
});

test("A board is read from JSON, and what is none is said in words", () => {
  assert.deepEqual(readBoard('{"title": "A", "panels": [], "slug": "x"}'), {
    board: { title: "A", panels: [] },
  });
  assert.match(readBoard("{").error, /not JSON/);
  assert.ok(readBoard('{"title": 3}').error);
});
