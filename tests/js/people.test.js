import assert from "node:assert/strict";
import { test } from "node:test";
import { AWAY_AFTER, Idleness } from "#chat/idleness";
import { matchMembers } from "#chat/members-model";
import { People } from "#chat/people";
import { mayAppoint, mayManage, mayRemove } from "#chat/rights";
import { ALICE, BOB } from "./support/room.js";

const CAROL = { id: 3, username: "carol", name: "Çarol", color: 1, bot: false };

function people(state) {
  const model = new People();
  model.reset(state);
  return model;
}

test("Whoever is not told of is offline, and null is who has gone", () => {
  const model = people({ 1: "online", 2: "away" });
  assert.deepEqual(
    [1, 2, 3].map((id) => model.statusOf(id)),
    ["online", "away", "offline"],
  );
  model.apply({ 1: null, 3: "online" });
  assert.deepEqual(
    [1, 2, 3].map((id) => model.statusOf(id)),
    ["offline", "away", "online"],
  );
});

test("The whole state takes the place of what was known", () => {
  const model = people({ 1: "online" });
  model.reset({ 2: "online" });
  assert.equal(model.statusOf(1), "offline");
});

test("Of a room's members those who are here are shown, online ones first, then by name", () => {
  const model = people({ 1: "away", 2: "online", 3: "online", 9: "online" });
  assert.deepEqual(
    model.among([ALICE, CAROL, BOB]).map(({ name, status }) => [name, status]),
    [
      ["Bob Stone", "online"],
      ["Çarol", "online"],
      ["Alice Kim", "away"],
    ],
  );
  assert.deepEqual(people({}).among([ALICE]), []);
});

test("Five minutes without a touch are away, and the next touch is back at once", () => {
  const idleness = new Idleness(0);
  assert.equal(idleness.passed(AWAY_AFTER - 1), false);
  assert.equal(idleness.passed(AWAY_AFTER), true);
  assert.equal(idleness.isAway, true);
  assert.equal(idleness.passed(AWAY_AFTER + 1), false, "it is said once");
  assert.equal(idleness.touched(AWAY_AFTER + 2), true);
  assert.equal(idleness.touched(AWAY_AFTER + 3), false, "and so is coming back");
  assert.equal(idleness.passed(2 * AWAY_AFTER + 2), false);
  assert.equal(idleness.passed(2 * AWAY_AFTER + 3), true);
});

test("Members are found by a part of their name or username, whatever its accents", () => {
  const names = (typed) => matchMembers([CAROL, BOB, ALICE], typed).map((one) => one.username);
  assert.deepEqual(names(""), ["alice", "bob", "carol"]);
  assert.deepEqual(names("caro"), ["carol"]);
  assert.deepEqual(names("@bo"), ["bob"]);
  assert.deepEqual(names("nobody"), []);
});

test("A role allows what the server would grant, and no more", () => {
  assert.deepEqual(["owner", "moderator", "member"].map(mayManage), [true, true, false]);
  assert.deepEqual(["owner", "moderator", "member"].map(mayAppoint), [true, false, false]);
  const other = (role) => ({ id: 2, role });
  assert.equal(mayRemove({ role: "owner", id: 1 }, other("owner")), true);
  assert.equal(mayRemove({ role: "moderator", id: 1 }, other("moderator")), false);
  assert.equal(mayRemove({ role: "moderator", id: 1 }, other("member")), true);
  assert.equal(mayRemove({ role: "member", id: 1 }, other("member")), false);
  assert.equal(mayRemove({ role: "owner", id: 2 }, other("owner")), false, "oneself one leaves");
});
