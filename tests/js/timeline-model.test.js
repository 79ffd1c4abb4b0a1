import assert from "node:assert/strict";
import { test } from "node:test";
import { LIMIT, TimelineModel } from "#chat/timeline-model";
import { pick, seeded, shuffled } from "./support/random.js";
import { message, messages, ServerRoom } from "./support/room.js";

const seqs = (model) => model.rows.map((row) => row.seq);

function modelOf(rows, { older = false, newer = false, limit = LIMIT } = {}) {
  const model = new TimelineModel(limit);
  model.reset({ rows, older, newer });
  return model;
}

test("Rows stand in the order of seq, however they come", () => {
  const model = modelOf([]);
  for (const row of [message(1), message(3), message(2)]) model.apply([row]);
  assert.deepEqual(seqs(model), [1, 2, 3]);
  assert.equal(model.find(1002).seq, 2);
});

test("The newest revision of a row wins, and an older one that comes late changes nothing", () => {
  const model = modelOf(messages(1, 3));
  model.apply([message(2, { rev: 9, html: "edited" })]);
  model.apply([message(2, { rev: 5, html: "late" })]);
  assert.equal(model.find(1002).html, "edited");
});

test("A new row joins on at the end only where the end is loaded", () => {
  const model = modelOf(messages(1, 3), { newer: true });
  model.apply([message(9)]);
  assert.deepEqual(seqs(model), [1, 2, 3]);
});

test("An edit of a row that is not loaded is there when its page is loaded, though the page was read before it", () => {
  const model = modelOf(messages(50, 60), { older: true });
  model.apply([message(45, { rev: 70, html: "edited" })]);
  model.addOlder({ rows: messages(40, 49), older: true }, 50);
  assert.equal(model.find(1045).html, "edited");
});

test("A page of history that does not join on to the window any more is left out", () => {
  const model = modelOf(messages(50, 60), { older: true });
  model.addOlder({ rows: messages(20, 29), older: true }, 30);
  assert.deepEqual(seqs(model), seqs(modelOf(messages(50, 60))));
});

test("The last page meets what arrived while it was on its way", () => {
  const model = modelOf(messages(1, 5), { newer: true });
  model.apply([message(9), message(10)]);
  model.addNewer({ rows: messages(6, 8), newer: false }, 5);
  assert.deepEqual(seqs(model), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(model.hasNewer, false);
});

test("The window keeps to its limit at the far end", () => {
  const model = modelOf(messages(1, 10), { limit: 10 });
  model.apply([message(11)]);
  assert.deepEqual(seqs(model), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(model.hasOlder, true);
  model.addOlder({ rows: [message(1)], older: false }, 2);
  assert.deepEqual(seqs(model), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(model.hasNewer, true);
});

test("What somebody reads is not trimmed away under them by what is said at the end", () => {
  const model = modelOf(messages(1, 10), { limit: 10 });
  const fresh = model.apply([message(11)], false);
  assert.deepEqual(seqs(model), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(model.hasNewer, true);
  assert.equal(fresh.length, 1);
});

test("Only messages beyond the end count as new", () => {
  const model = modelOf(messages(1, 5), { newer: true });
  assert.equal(model.apply([message(8)]).length, 1);
  assert.equal(model.apply([message(8, { rev: 20, html: "edited" })]).length, 0);
  assert.equal(model.apply([message(2, { rev: 21 })]).length, 0);
});

test("A pending post gives way to its echo, and does not come back", () => {
  const model = modelOf([]);
  const post = { client_id: "mine", text: "hello" };
  model.setPending([post]);
  assert.deepEqual(model.pending, [post]);
  model.apply([message(1, { client_id: "mine" })]);
  model.setPending([post]);
  assert.deepEqual(model.pending, []);
});

test("Pending posts are shown at the end of the room and nowhere else", () => {
  const model = modelOf(messages(1, 3), { newer: true });
  model.setPending([{ client_id: "mine", text: "hello" }]);
  assert.deepEqual(model.pending, []);
});

test("After a reset nothing known before counts", () => {
  const model = modelOf(messages(1, 5));
  model.apply([message(6), message(7)]);
  model.reset({ rows: messages(1, 3), older: false, newer: false });
  assert.deepEqual(seqs(model), [1, 2, 3]);
});

test("Whatever order pages and changes come in, the window is a true and unbroken part of the room", () => {
  for (let seed = 1; seed <= 150; seed += 1) liveThrough(seed);
});

// Pages are read at one time and arrive at another, changes come in between: as on a slow network.
function liveThrough(seed) {
  const random = seeded(seed);
  const room = new ServerRoom();
  for (let number = 0; number < 60; number += 1) room.post();
  const model = new TimelineModel(30);
  model.reset(room.newest(10));
  const onTheWay = [];
  for (let step = 0; step < 120; step += 1) act(random, room, model, onTheWay);
  for (const arrive of onTheWay) arrive();
  holdsTrue(room, model, seed);
}

function act(random, room, model, onTheWay) {
  const choice = pick(random, 6);
  if (choice === 0) model.apply([room.post()], random() < 0.5);
  if (choice === 1) model.apply([changeOne(random, room)], random() < 0.5);
  if (choice === 2) askOlder(room, model, onTheWay);
  if (choice === 3) askNewer(room, model, onTheWay);
  if (choice >= 4)
    onTheWay.splice(pick(random, onTheWay.length || 1), 1).forEach((arrive) => void arrive());
}

function changeOne(random, room) {
  const { id } = room.rows[pick(random, room.rows.length)];
  return room.change(id, { html: `changed at ${room.rev}` });
}

function askOlder(room, model, onTheWay) {
  const { seq } = model.first;
  const page = room.before(seq, 8);
  onTheWay.push(() => model.addOlder(page, seq));
}

function askNewer(room, model, onTheWay) {
  if (!model.hasNewer) return;
  const { seq } = model.last;
  const page = room.after(seq, 8);
  onTheWay.push(() => model.addNewer(page, seq));
}

function holdsTrue(room, model, seed) {
  const { rows } = room;
  const from = rows.findIndex((row) => row.seq === model.first.seq);
  const truth = rows.slice(from, from + model.rows.length);
  assert.deepEqual(model.rows, truth, `seed ${seed}`);
  if (!model.hasNewer) assert.equal(model.last.seq, rows.at(-1).seq, `seed ${seed}: the end`);
  if (!model.hasOlder) assert.equal(model.first.seq, rows[0].seq, `seed ${seed}: the beginning`);
}

test("Changes of many rows give the same rows in any order", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = seeded(seed);
    const changes = messages(1, 12).flatMap((row) => [
      row,
      { ...row, rev: row.rev + 100, html: "edited" },
    ]);
    const model = modelOf(messages(1, 12));
    for (const row of shuffled(random, changes)) model.apply([row]);
    assert.ok(
      model.rows.every((row) => row.html === "edited"),
      `seed ${seed}`,
    );
  }
});
