import assert from "node:assert/strict";
import { test } from "node:test";
import { timelineItems } from "#chat/timeline-items";
import { TimelineModel } from "#chat/timeline-model";
import { ALICE, BOB, message } from "./support/room.js";

const dayOf = (iso) => iso.slice(0, 10);
const at = (time, fields) => ({ created: `2026-11-22T${time}Z`, ...fields });

function items(rows, { readSeq = null, older = false, pending = [] } = {}) {
  const model = new TimelineModel();
  model.reset({ rows, older, newer: false });
  model.setPending(pending);
  return timelineItems(model, { readSeq, person: ALICE, dayOf });
}

const kinds = (list) => list.map((item) => (item.type === "message" ? item.row.seq : item.type));
const firsts = (list) =>
  list.filter((item) => item.isFirst).map((item) => item.row?.seq ?? item.post.client_id);

test("Messages of one person within five minutes stand under one name", () => {
  const rows = [message(1, at("10:00:00")), message(2, at("10:04:59")), message(3, at("10:09:59"))];
  assert.deepEqual(firsts(items(rows)), [1, 3]);
});

test("Another person always begins anew", () => {
  const rows = [message(1), message(2, { author: ALICE }), message(3)];
  assert.deepEqual(firsts(items(rows)), [1, 2, 3]);
});

test("Every day begins with its name, and nothing is grouped across midnight", () => {
  const rows = [
    message(1, { created: "2026-11-21T23:59:00Z" }),
    message(2, { created: "2026-11-22T00:01:00Z" }),
  ];
  assert.deepEqual(kinds(items(rows)), ["day", 1, "day", 2]);
  assert.deepEqual(firsts(items(rows)), [1, 2]);
});

test("Every key is its own, also when clocks were wrong", () => {
  const days = ["2026-11-22", "2026-11-21", "2026-11-22"];
  const list = items(days.map((day, place) => message(place + 1, { created: `${day}T10:00:00Z` })));
  assert.equal(new Set(list.map((item) => item.key)).size, list.length);
});

test("The divider stands above the first message of somebody else that was not read", () => {
  const rows = [message(1), message(2, { author: ALICE }), message(3)];
  assert.deepEqual(kinds(items(rows, { readSeq: 1 })), ["day", 1, 2, "unread", 3]);
  assert.deepEqual(firsts(items(rows, { readSeq: 1 })), [1, 2, 3]);
});

test("There is no divider while its place may be further up than what is loaded", () => {
  const rows = [message(5), message(6)];
  assert.deepEqual(kinds(items(rows, { readSeq: 2, older: true })), ["day", 5, 6]);
  assert.deepEqual(kinds(items(rows, { readSeq: 2 })), ["day", "unread", 5, 6]);
});

test("Nothing unread, no divider", () => {
  assert.deepEqual(kinds(items([message(1)], { readSeq: 1 })), ["day", 1]);
  assert.deepEqual(kinds(items([message(1)])), ["day", 1]);
});

test("Pending posts come last, under the name of the one who writes", () => {
  const pending = [
    { client_id: "a", ...at("10:01:00") },
    { client_id: "b", ...at("10:02:00") },
  ];
  const list = items([message(1, { author: BOB })], { pending });
  assert.deepEqual(kinds(list), ["day", 1, "pending", "pending"]);
  assert.deepEqual(firsts(list), [1, "a"]);
});
