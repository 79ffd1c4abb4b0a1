import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Feeding } from "#boards/feeding";
import { BoardData } from "#boards/model";
import { readView } from "#boards/view";

const VIEW = readView("");
const LANES = { order: "first", panels: { p1: [{ label: "a", labels: {} }] } };

let [feeding, board, subscribed, told, asked] = [];

beforeEach(() => {
  globalThis.document = { hidden: false, documentElement: { lang: "en" } };
  asked = [];
  globalThis.fetch = async (path) => {
    asked.push(path);
    return Response.json(data(20));
  };
  [subscribed, told] = [[], []];
  board = new BoardData(data(10));
  let held = null;
  feeding = new Feeding({
    slug: "mine",
    data: board,
    topics: {
      has: () => held !== null,
      add: (_topic, handler, cursor) => {
        held = handler;
        subscribed.push({ handler, cursor });
      },
      remove: () => {
        held = null;
      },
    },
    socket: { subscribe: () => {}, unsubscribe: () => {} },
    hooks: new Proxy(
      { isOther: (version) => version !== 1 },
      { get: (own, name) => own[name] ?? (() => told.push(name)) },
    ),
  });
  feeding.follow(VIEW);
});

afterEach(() => feeding.stop());

function data(rev) {
  const lanes = [{ label: "a", labels: {}, query: 0, values: [1] }];
  return { rev, from: 100, to: 101, step: 1, seconds: [100], panels: { p1: { lanes } } };
}

function second(rev, values, order = "first") {
  return { kind: "second", id: 90 + rev, rev, order, panels: { p1: values } };
}

test("Who cannot know what values are subscribes again from before them", () => {
  const [{ handler, cursor }] = subscribed;
  assert.equal(cursor, 10);
  handler.told({ version: 1, lanes: LANES });
  handler.apply([second(11, [2])]);
  handler.apply([second(12, [3], "second")]);
  assert.deepEqual(
    subscribed.map((one) => one.cursor),
    [10, 11],
  );
});

test("Lanes that are told with the answer are enough to go on", () => {
  const [{ handler }] = subscribed;
  handler.told({ version: 1, lanes: LANES });
  handler.apply([second(11, [2])]);
  assert.equal(subscribed.length, 1);
  assert.deepEqual(board.lanes("p1")[0].values, [1, 2]);
});

test("Who comes with another version of the board than there is loads it anew, once", async () => {
  subscribed[0].handler.told({ version: 2, lanes: LANES });
  while (subscribed.length < 2) await new Promise(setImmediate);
  assert.ok(told.includes("edited"));
  assert.ok(asked[0].startsWith("/boards/mine/data"));
  assert.equal(subscribed[1].cursor, 20);
  subscribed[1].handler.told({ version: 2, lanes: LANES });
  await new Promise(setImmediate);
  assert.equal(asked.length, 1);
});
