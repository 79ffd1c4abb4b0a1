import assert from "node:assert/strict";
import { test } from "node:test";
import { place, standing, step } from "#chat/rail-order";

const RAIL = [
  { id: 1, favourite: true },
  { id: 2, favourite: true },
  { id: 3, favourite: false },
  { id: 4, favourite: false },
  { id: 5, favourite: false },
];

test("A step changes places with the neighbour of the same kind", () => {
  assert.deepEqual(step(RAIL, 4, -1), { order: [1, 2, 4, 3, 5], favourite: false });
  assert.deepEqual(step(RAIL, 1, 1), { order: [2, 1, 3, 4, 5], favourite: true });
});

test("A step ends at the edge of its kind", () => {
  assert.equal(step(RAIL, 3, -1), null);
  assert.equal(step(RAIL, 2, 1), null);
  assert.equal(step(RAIL, 5, 1), null);
  assert.equal(step(RAIL, 99, 1), null);
});

test("What is dropped among the favourites becomes one, and back", () => {
  assert.deepEqual(place(RAIL, 5, { beside: 1, isAfter: false }), {
    order: [5, 1, 2, 3, 4],
    favourite: true,
  });
  assert.deepEqual(place(RAIL, 1, { beside: 5, isAfter: true }), {
    order: [2, 3, 4, 5, 1],
    favourite: false,
  });
  // At the border the order stays and only the kind changes.
  assert.deepEqual(place(RAIL, 3, { beside: 2, isAfter: true }), {
    order: [1, 2, 3, 4, 5],
    favourite: true,
  });
});

test("What is dropped where it was does not move", () => {
  assert.equal(place(RAIL, 4, { beside: 3, isAfter: true }), null);
  assert.equal(place(RAIL, 4, { beside: 4, isAfter: true }), null);
  assert.equal(place(RAIL, 99, { beside: 1, isAfter: true }), null);
});

test("A place is counted among its own kind", () => {
  assert.deepEqual(standing(RAIL, 2), { place: 2, of: 2 });
  assert.deepEqual(standing(RAIL, 4), { place: 2, of: 3 });
});
