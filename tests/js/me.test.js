import assert from "node:assert/strict";
import { test } from "node:test";
import { Me } from "#chat/me";

const membership = (room, fields = {}) => ({
  kind: "membership",
  id: room,
  rev: 1,
  room,
  name: `room ${room}`,
  private: false,
  role: "member",
  active: true,
  read_seq: 10,
  read_number: 4,
  ...fields,
});
const head = (room, number, rev = number) => ({
  room,
  rev,
  number,
  name: `room ${room}`,
  private: false,
});

function me(rows, heads = []) {
  return new Me({ rows, extra: { heads } });
}

test("Unread is what was said since the marker, and never less than nothing", () => {
  const rooms = me([membership(1), membership(2)], [head(1, 9), head(2, 3)]).rooms;
  assert.deepEqual(
    rooms.map((room) => room.unread),
    [5, 0],
  );
});

test("A head that was overtaken does not bring a number back", () => {
  const model = me([membership(1)], [head(1, 9)]);
  model.heads([head(1, 7)]);
  assert.equal(model.unread, 5);
});

test("The newest version of a membership wins; who left a room does not see it", () => {
  const model = me([membership(1)], [head(1, 9)]);
  model.apply([membership(1, { rev: 3, active: false })]);
  model.apply([membership(1, { rev: 2 })]);
  assert.deepEqual(model.rooms, []);
  assert.equal(model.membership(1), null);
});

test("Rooms are sorted by their names as people sort them", () => {
  const names = ["zebra", "Émile", "alpha", "Beta"];
  const model = me(names.map((name, place) => membership(place + 1, { name })));
  assert.deepEqual(
    model.rooms.map((room) => room.name),
    ["alpha", "Beta", "Émile", "zebra"],
  );
});

test("The place of the divider is known where something is unread", () => {
  const model = me([membership(1), membership(2)], [head(1, 9), head(2, 4)]);
  assert.equal(model.readSeq(1), 10);
  assert.equal(model.readSeq(2), null);
  assert.equal(model.readSeq(99), null);
});

const names = (rooms) => rooms.map((room) => room.name);

test("Favourites stand first, then what was given a place, then the others by name", () => {
  const model = me([
    membership(1, { name: "d", position: 2 }),
    membership(2, { name: "c", position: 1 }),
    membership(3, { name: "b", position: null }),
    membership(4, { name: "a", position: null }),
    membership(5, { name: "z", favourite: true, position: null }),
    membership(6, { name: "y", favourite: true, position: 9 }),
  ]);
  assert.deepEqual(names(model.rooms), ["y", "z", "c", "d", "a", "b"]);
});

test("An archived room leaves the rail and its count the title, unless it is open", () => {
  const model = me([membership(1), membership(2)], [head(1, 9), { ...head(2, 6), archived: true }]);
  assert.deepEqual(names(model.listed()), ["room 1"]);
  assert.deepEqual(names(model.listed(2)), ["room 1", "room 2"]);
  assert.equal(model.unread, 5);
});

test("A new order holds until the server says another, and can be taken back", () => {
  const model = me([membership(1), membership(2), membership(3)]);
  const undo = model.arrange([3, 1, 2]);
  assert.deepEqual(names(model.rooms), ["room 3", "room 1", "room 2"]);
  model.apply([membership(2, { rev: 2, position: 1 })]);
  undo();
  assert.deepEqual(names(model.rooms), ["room 2", "room 1", "room 3"]);
});
