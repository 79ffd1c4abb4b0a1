import assert from "node:assert/strict";
import { test } from "node:test";
import { absentFrom } from "#chat/absent-model";
import { begunMention, isWhole, suggestCrowds, suggestPeople } from "#chat/mention-model";

const ALICE = { id: 1, name: "Alice Archer", username: "alice" };
const BOB = { id: 2, name: "Bob", username: "bob" };
const BEATE = { id: 3, name: "Beate Öl", username: "beate.oel" };
const JOSE = { id: 4, name: "José Álvarez", username: "jose" };
const BILL = { id: 5, name: "Bill", username: "bill" };

function namesOf(typed, { spoke = [], others = [], person = 1 } = {}) {
  const members = [ALICE, BOB, BEATE, JOSE];
  return suggestPeople(typed, { members, others, spoke, person }).map(({ name }) => name);
}

test("A mention begins with an @ that stands alone, and ends where the caret is", () => {
  assert.deepEqual(begunMention("@", 1), { start: 0, typed: "" });
  assert.deepEqual(begunMention("Ask @bo about it", 7), { start: 4, typed: "bo" });
  assert.deepEqual(begunMention("(@anna.le", 9), { start: 1, typed: "anna.le" });
  assert.deepEqual(begunMention("line\n@Jos\u00e9", 10), { start: 5, typed: "Jos\u00e9" });
});

test("An address, a word and what is long over are no mention", () => {
  for (const text of ["bob@", "bob@example.or", "https://example.org/@b", "@bob ", "plain"])
    assert.equal(begunMention(text, text.length), null, text);
});

test("Who spoke here last is offered first, and who asks never", () => {
  assert.deepEqual(namesOf(""), ["Beate Öl", "Bob", "José Álvarez"]);
  assert.deepEqual(namesOf("", { spoke: [4, 2, 4, 3, 1] }), ["Beate Öl", "José Álvarez", "Bob"]);
});

test("Names are found by how their words begin, whatever the case and the accents", () => {
  assert.deepEqual(namesOf("B"), ["Beate Öl", "Bob"]);
  assert.deepEqual(namesOf("ol"), ["Beate Öl"]);
  assert.deepEqual(namesOf("alv"), ["José Álvarez"]);
  assert.deepEqual(namesOf("Jos\u00c9"), ["José Álvarez"]);
  assert.deepEqual(namesOf("ob"), []);
});

test("A name that begins with it goes before one with a word that does", () => {
  assert.deepEqual(namesOf("a", { person: 9 }), ["Alice Archer", "José Álvarez"]);
});

test("Who is not in the room comes behind those who are, and is said to be outside", () => {
  assert.deepEqual(namesOf("b", { others: [BILL, BOB], spoke: [5] }), ["Beate Öl", "Bob", "Bill"]);
  const found = suggestPeople("bi", { members: [BOB], others: [BILL], spoke: [], person: 1 });
  assert.deepEqual(found, [{ ...BILL, isHere: false }]);
});

test("Eight are offered, not eighty", () => {
  const members = Array.from({ length: 80 }, (_, id) => ({
    id,
    name: `P${id}`,
    username: `p${id}`,
  }));
  assert.equal(suggestPeople("p", { members, others: [], spoke: [], person: 1 }).length, 8);
});

test("What is typed whole needs no completion", () => {
  assert.ok(isWhole("bob", BOB));
  assert.ok(isWhole("BOB", BOB));
  assert.ok(!isWhole("bo", BOB));
});

test("Who is mentioned and not in the room is absent, once, and nobody once the message is gone", () => {
  const mark = ({ id, username }) =>
    `<span class="mention" data-person="${id}">@${username}</span>`;
  const html = `<p>${[BOB, BILL, BILL].map(mark).join(" ")} <span class="mention">@room</span></p>`;

  assert.deepEqual(absentFrom([ALICE, BOB], { html, deleted: false }), [
    { id: BILL.id, name: "@bill" },
  ]);
  assert.deepEqual(absentFrom([ALICE, BOB, BILL], { html, deleted: false }), []);
  assert.deepEqual(absentFrom([ALICE], { html, deleted: true }), []);
});

test("Both crowds are offered by how they begin, whatever the case", () => {
  const crowds = (typed) => suggestCrowds(typed).map(({ username }) => username);
  assert.deepEqual(crowds(""), ["here", "room"]);
  assert.deepEqual(crowds("RO"), ["room"]);
  assert.deepEqual(crowds("x"), []);
});
