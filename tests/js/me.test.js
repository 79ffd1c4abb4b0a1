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
