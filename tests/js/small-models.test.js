import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, parseAddress } from "#chat/address";
import { matchRooms } from "#chat/switcher-model";
import { LONGEST, lengthOf, room as measure, wellFormed } from "#chat/text";
import { Typing } from "#chat/typing";
import { neighbour } from "#chat/walking";
import { initials } from "#lib/initials";
import { dayName, dayOf } from "#lib/time";

const WORDS = { today: "Today", yesterday: "Yesterday" };

test("Addresses of rooms and messages are read and written the same way", () => {
  assert.deepEqual(parseAddress("/rooms/7/"), { id: 7, at: null });
  assert.deepEqual(parseAddress(addressOf(7, 120)), { id: 7, at: 120 });
  for (const other of ["/rooms/", "/rooms/new/", "/rooms/7/messages", "/admin/"])
    assert.equal(parseAddress(other), null);
});

test("Characters are counted as the server counts them", () => {
  assert.equal(lengthOf("a👩🏽‍🚀"), 5);
  assert.equal(measure("x".repeat(LONGEST)).over, 0);
  assert.equal(measure("x".repeat(LONGEST + 3)).over, 3);
  assert.equal(measure("😀".repeat(LONGEST)).over, 0);
});

test("Half a character becomes a sign that can be sent, and whole ones stay", () => {
  assert.equal(wellFormed("a\ud800b\udc00"), "a\ufffdb\ufffd");
  assert.equal(wellFormed("👩🏽‍🚀 é"), "👩🏽‍🚀 é");
});

test("The count is shown only near the limit", () => {
  assert.equal(measure("short").left, null);
  assert.equal(measure("x".repeat(9_900)).left, 100);
});

test("Typing is forgotten after six seconds, or when the message is there", () => {
  const typing = new Typing();
  typing.heard(0, 7, 2, "Mira");
  typing.heard(0, 7, 3, "Jonas");
  assert.equal(typing.line(1_000, 7), "Mira and Jonas are typing…");
  typing.sent(7, 3);
  assert.equal(typing.line(1_000, 7), "Mira is typing…");
  assert.equal(typing.line(1_000, 8), "");
  assert.equal(typing.line(6_000, 7), "");
});

test("One says at most every three seconds that one types", () => {
  const typing = new Typing();
  assert.deepEqual(
    [0, 1_000, 2_999, 3_000].map((now) => typing.shouldSay(now)),
    [true, false, false, true],
  );
});

test("The switcher finds rooms by how they begin, then by their words, then by any part", () => {
  const rooms = ["ops", "web-ops", "popsicles", "design"].map((name) => ({ name, unread: 0 }));
  assert.deepEqual(
    matchRooms(rooms, "ops").map((room) => room.name),
    ["ops", "web-ops", "popsicles"],
  );
  assert.deepEqual(matchRooms([{ name: "Café" }], "cafe").length, 1);
  assert.deepEqual(
    matchRooms(rooms, "#des").map((room) => room.name),
    ["design"],
  );
});

test("Before anything is typed the switcher offers what is unread first", () => {
  const rooms = [
    { name: "a", unread: 0 },
    { name: "b", unread: 2 },
  ];
  assert.deepEqual(
    matchRooms(rooms, "").map((room) => room.name),
    ["b", "a"],
  );
});

test("Walking through the rooms goes round, and can skip what is read", () => {
  const rooms = [
    { id: 1, unread: 0 },
    { id: 2, unread: 3 },
    { id: 3, unread: 0 },
  ];
  assert.equal(neighbour(rooms, 3, 1), 1);
  assert.equal(neighbour(rooms, 1, -1), 3);
  assert.equal(neighbour(rooms, 3, 1, { unreadOnly: true }), 2);
  assert.equal(neighbour(rooms, 2, 1, { unreadOnly: true }), undefined);
});

test("Initials are letters as readers see them", () => {
  assert.equal(initials("Alice Kim"), "AK");
  assert.equal(initials("張偉"), "張");
  assert.equal(initials("  mary jane watson "), "MW");
  assert.equal(initials("👩🏽‍🚀 Ride"), "👩🏽‍🚀R");
});

test("Days are named by how far they are away", () => {
  const now = Date.parse("2026-11-22T12:00:00");
  assert.equal(dayName("2026-11-22T08:00:00", now, WORDS), "Today");
  assert.equal(dayName("2026-11-21T08:00:00", now, WORDS), "Yesterday");
  assert.match(dayName("2026-11-19T08:00:00", now, WORDS), /Thursday/);
  assert.match(dayName("2025-11-19T08:00:00", now, WORDS), /2025/);
  assert.equal(dayOf("2026-11-22T08:00:00"), "2026-11-22");
});
