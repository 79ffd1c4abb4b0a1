import assert from "node:assert/strict";
import { test } from "node:test";
import { Room } from "#chat/room";
import { ALICE, BOB, message } from "./support/room.js";

const RENAMED = { ...BOB, name: "Robert Stone", picture: "0a1b2c3d4e5f60718293" };

function member(rev, person, fields = {}) {
  return { kind: "member", id: person.id, rev, person, role: "member", active: true, ...fields };
}

function room() {
  const rows = [member(1, ALICE), member(2, BOB), message(3)];
  return new Room(7, { rows, extra: { older: false, newer: false } });
}

test("What somebody said before shows them as they are called and pictured now", () => {
  const releases = room();
  assert.equal(releases.asNow(BOB).name, "Bob Stone");

  releases.apply([member(4, RENAMED)], true);

  const [said] = releases.timeline.rows;
  assert.equal(said.author.name, "Bob Stone");
  assert.deepEqual(releases.asNow(said.author), RENAMED);
  assert.deepEqual(releases.asNow(ALICE), ALICE);
});

test("Of who has left the newest is what they said last", () => {
  const releases = room();
  releases.apply([member(4, BOB, { active: false })], true);

  assert.deepEqual(releases.asNow(RENAMED), RENAMED);
});

test("Nobody is known any more in a room that one has left", () => {
  const releases = room();
  releases.apply([member(4, RENAMED)], true);
  releases.close("removed");

  assert.deepEqual(releases.asNow(BOB), BOB);
  assert.deepEqual(releases.members, []);
});
