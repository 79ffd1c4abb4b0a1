import assert from "node:assert/strict";
import { test } from "node:test";
import { BoardData } from "#boards/model";

const named = (label, query = 0) => ({ label, labels: { of: label }, query });
const lane = (label, values, query = 0) => ({ ...named(label, query), values });

function data(changes = {}) {
  return {
    rev: 10,
    from: 100,
    to: 104,
    step: 1,
    seconds: [100, 101, 102, 103],
    panels: { p1: { lanes: [lane("p50", [1, 2, 3, 4]), lane("p99", [5, 6, 7, 8])] } },
    ...changes,
  };
}

const second = (id, panels, rev = 11) => ({ kind: "second", id, rev, order: "first", panels });
const lanes = (panels, rev = 11) => ({ kind: "lanes", id: 0, rev, order: "first", panels });

/** A board whose topic has told its lanes, in the order in which they came with the page. */
function live(changes = {}) {
  const board = new BoardData(data(changes));
  const told = Object.entries(data(changes).panels).map(([id, panel]) => [id, panel.lanes]);
  board.apply([lanes(Object.fromEntries(told), 10)]);
  return board;
}

function held(board, panel = "p1") {
  return Object.fromEntries(board.lanes(panel).map(({ label, values }) => [label, values]));
}

test("A board is full of what came with its page", () => {
  const board = new BoardData(data());
  assert.deepEqual(board.seconds, [100, 101, 102, 103]);
  assert.deepEqual(held(board), { p50: [1, 2, 3, 4], p99: [5, 6, 7, 8] });
  assert.equal(board.rev, 10);
});

test("A new second goes to the end of every lane", () => {
  const board = live();
  assert.deepEqual([...board.apply([second(104, { p1: [5, 9] })])], ["p1"]);
  assert.deepEqual(held(board), { p50: [1, 2, 3, 4, 5], p99: [5, 6, 7, 8, 9] });
  assert.equal(board.rev, 11);
});

test("A second that comes again is assigned and not added", () => {
  const board = live();
  board.apply([second(102, { p1: [30] })]);
  board.apply([second(102, { p1: [31, null] })]);
  assert.deepEqual(held(board), { p50: [1, 2, 31, 4], p99: [5, 6, null, 8] });
  assert.equal(board.seconds.length, 4);
});

test("Seconds that never came are gaps, and stay at their places", () => {
  const board = live();
  board.apply([second(107, { p1: [7, 8] })]);
  assert.deepEqual(board.seconds.slice(-4), [104, 105, 106, 107]);
  assert.deepEqual(held(board).p50, [1, 2, 3, 4, null, null, null, 7]);
});

test("A gap in the answer of the server is a gap here too", () => {
  const board = new BoardData(
    data({ seconds: [100, 103], panels: { p1: { lanes: [lane("p50", [1, 4])] } } }),
  );
  assert.deepEqual(board.seconds, [100, 101, 102, 103]);
  assert.deepEqual(held(board).p50, [1, null, null, 4]);
});

test("A panel without a value at a second has a null there", () => {
  const both = { p1: { lanes: [lane("a", [1])] }, p2: { lanes: [lane("b", [2])] } };
  const board = live({ seconds: [100], panels: both });
  board.apply([second(101, { p1: [3] })]);
  assert.deepEqual(held(board, "p2").b, [2, null]);
});

test("New lanes begin empty, and known ones keep what they have wherever they stand now", () => {
  const board = live();
  board.apply([lanes({ p1: [named("p99"), named("p50"), named("p95")] })]);
  board.apply([second(104, { p1: [1, 2, 3] })]);
  assert.deepEqual(held(board), {
    p99: [5, 6, 7, 8, 1],
    p50: [1, 2, 3, 4, 2],
    p95: [null, null, null, null, 3],
  });
});

test("Values of an order that nobody has told are taken for no lane", () => {
  const board = new BoardData(data());
  board.apply([second(104, { p1: [6, 5] })]);
  assert.ok(board.isLost);
  assert.deepEqual(held(board), { p50: [1, 2, 3, 4], p99: [5, 6, 7, 8] });
  assert.equal(board.rev, 10, "whoever subscribes anew is told of them again");
  board.apply([lanes({ p1: [named("p99"), named("p50")] }, 0)]);
  board.apply([second(104, { p1: [6, 5] })]);
  assert.ok(!board.isLost);
  assert.deepEqual(held(board), { p99: [5, 6, 7, 8, 6], p50: [1, 2, 3, 4, 5] });
});

test("Nor are more values than there are lanes, or those that follow them", () => {
  const board = live();
  board.apply([
    second(104, { p1: [1, 2, 3] }, 12),
    lanes({ p1: [named("p50"), named("p99"), named("p95")] }, 13),
  ]);
  assert.ok(board.isLost);
  assert.equal(board.rev, 10);
});

test("After the board was loaded anew the order is to be told again", () => {
  const board = live();
  board.replace(data({ panels: { p1: { lanes: [lane("p99", [1]), lane("p50", [2])] } } }));
  board.apply([second(104, { p1: [6, 5] })]);
  assert.ok(board.isLost);
});

test("A panel knows how many lanes the last answer left out", () => {
  const panels = { p1: { lanes: [], left_out: 3 } };
  const board = new BoardData(data({ panels }));
  assert.equal(board.leftOut("p1"), 3);
  board.merge(data({ panels: { p1: { lanes: [], left_out: 4 } } }));
  assert.equal(board.leftOut("p1"), 4);
  board.replace(data());
  assert.equal(board.leftOut("p1"), 0);
});

test("A lane of which nothing came lately stays, behind those that are told", () => {
  const board = live();
  board.apply([lanes({ p1: [named("p99")] })]);
  board.apply([second(104, { p1: [9] })]);
  assert.deepEqual(held(board), { p99: [5, 6, 7, 8, 9], p50: [1, 2, 3, 4, null] });
  board.apply([lanes({ p1: [] }, 12)]);
  assert.deepEqual(Object.keys(held(board)), ["p99", "p50"]);
});

test("The same label of two queries is two lanes", () => {
  const both = [lane("web@0", [1], 0), lane("web@0", [2], 1)];
  const board = new BoardData(data({ seconds: [100], panels: { p1: { lanes: both } } }));
  board.apply([lanes({ p1: both.toReversed() })]);
  assert.deepEqual(
    board.lanes("p1").map(({ query, values }) => [query, values]),
    [
      [1, [2]],
      [0, [1]],
    ],
  );
});

test("Lanes that are called alike stay apart, each with its own values and a name of its own", () => {
  const of = (host, values) => ({ label: "load", labels: { host }, query: 0, values });
  const board = new BoardData(
    data({ seconds: [100], panels: { p1: { lanes: [of("a", [1]), of("b", [2])] } } }),
  );
  const told = [of("c"), of("b"), of("a")];
  board.apply([lanes({ p1: told }), second(101, { p1: [30, 20, 10] })]);
  assert.deepEqual(
    board.lanes("p1").map(({ labels: { host }, values }) => [host, values]),
    [
      ["c", [null, 30]],
      ["b", [2, 20]],
      ["a", [1, 10]],
    ],
  );
  assert.equal(new Set(board.lanes("p1").map(({ label }) => label)).size, 3);
});

test("Rows of a heat map are told apart by their bounds", () => {
  const row = (bound, values) => ({ label: "0.01", labels: {}, query: 0, bound, values });
  const board = new BoardData(
    data({ seconds: [100], panels: { p1: { lanes: [row(0.01, [1])] } } }),
  );
  const told = [row(0.0102), row(0.01)];
  board.apply([lanes({ p1: told }), second(101, { p1: [5, 6] })]);
  assert.deepEqual(
    board.lanes("p1").map(({ bound, values }) => [bound, values]),
    [
      [0.0102, [null, 5]],
      [0.01, [1, 6]],
    ],
  );
});

test("What is out of view is dropped, some slots at a time", () => {
  const board = live();
  for (let id = 104; id < 300; id++) board.apply([second(id, { p1: [id, id] })]);
  board.trim(150);
  assert.equal(board.seconds.length, 200);
  board.trim(250);
  assert.equal(board.seconds[0], 250);
  assert.equal(held(board).p50.length, board.seconds.length);
  assert.equal(held(board).p50[0], 250);
  board.apply([second(260, { p1: [-1, -1] })]);
  assert.equal(held(board).p50[10], -1);
});

test("A second from before what is held is passed over", () => {
  const board = live();
  board.apply([second(50, { p1: [9, 9] })]);
  assert.deepEqual(held(board).p50, [1, 2, 3, 4]);
});

test("The last slots that are asked for again replace what was there", () => {
  const board = new BoardData(data({ step: 10, seconds: [100, 110, 120, 130], to: 140 }));
  const later = { lanes: [lane("p50", [40, 50]), lane("p99", [80, 90])] };
  const changed = board.merge(
    data({ step: 10, seconds: [130, 140], to: 150, panels: { p1: later } }),
  );
  assert.deepEqual([...changed], ["p1"]);
  assert.deepEqual(held(board), { p50: [1, 2, 3, 40, 50], p99: [5, 6, 7, 80, 90] });
});

test("An answer far behind what is held begins anew, without a million empty slots between", () => {
  const board = new BoardData(data());
  board.merge(data({ seconds: [9_000_000], panels: { p1: { lanes: [lane("p50", [1])] } } }));
  assert.deepEqual(board.seconds, [9_000_000]);
});

test("A board without anything measured has no last second and takes one in", () => {
  const board = new BoardData(data({ seconds: [], panels: { p1: { lanes: [] } } }));
  assert.equal(board.last, null);
  board.apply([lanes({ p1: [named("p50")] }), second(102, { p1: [3] })]);
  assert.equal(board.last, 102);
  assert.equal(held(board).p50.at(-1), 3);
});

test("Of a panel of which nothing comes any more it is known why, until something does", () => {
  const board = live();
  const told = { p1: [named("p50"), named("p99")] };
  assert.deepEqual([...board.apply([{ ...lanes(told), blanks: { p1: "failed" } }])], ["p1"]);
  assert.equal(board.blank("p1"), "failed");
  assert.deepEqual(held(board), { p50: [1, 2, 3, 4], p99: [5, 6, 7, 8] });
  assert.deepEqual([...board.apply([lanes(told)])], ["p1"]);
  assert.equal(board.blank("p1"), "");
});

test("What an answer said of an empty panel holds until it has lanes", () => {
  const board = live({ panels: { p1: { lanes: [], blank: "no_series" } } });
  board.apply([lanes({ p1: [] })]);
  assert.equal(board.blank("p1"), "no_series");
  board.apply([lanes({ p1: [named("p50")] })]);
  assert.equal(board.blank("p1"), "");
});

test("What was shown of a source that is withdrawn goes", () => {
  const board = new BoardData(data());
  const later = { from: 103, to: 105, seconds: [103, 104] };
  board.merge(data({ ...later, panels: { p1: { lanes: [], blank: "no_series" } } }));
  assert.equal(board.lanes("p1").length, 2);
  board.merge(data({ ...later, panels: { p1: { lanes: [], blank: "no_source" } } }));
  assert.equal(board.lanes("p1").length, 0);
});
