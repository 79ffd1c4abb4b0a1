import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "#chat/drafts";
import { Posting } from "#chat/posting";
import { TimelineModel } from "#chat/timeline-model";
import { kept } from "#lib/kept";
import { discard, unsentOf } from "#lib/leaving";
import { watchParting } from "#lib/parting";
import { adopt, OutboxShelf } from "#live/outbox";
import { fakeDatabase } from "./support/fake-database.js";
import { fakeStorage } from "./support/fake-storage.js";
import { message } from "./support/room.js";

fakeDatabase();
const storage = fakeStorage();
const page = new EventTarget();
watchParting(page);
const left = ({ person }) => Object.keys(storage).filter((name) => name.includes(`:${person}:`));
const leave = () => page.dispatchEvent(new Event("pagehide"));

/** Between the tabs of this test, heard at once. */
class Channel {
  static all = [];
  constructor(name) {
    this.name = name;
    Channel.all.push(this);
  }
  async postMessage() {
    const others = Channel.all.filter((one) => one !== this && one.name === this.name);
    await Promise.all(others.map((one) => one.onmessage?.()));
  }
}
globalThis.BroadcastChannel = Channel;
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });

let people = 0;
const somebody = () => ({ person: ++people, epoch: "now" });
const settle = () => new Promise((resolve) => setTimeout(resolve, 30));
const names = (posts) => posts.map((post) => post.client_id);

/** A tab with room 7 open. */
function tab(identity, answer) {
  const timeline = new TimelineModel();
  timeline.reset({ rows: [], older: false, newer: false });
  const desk = {
    identity,
    current: { id: 7, timeline },
    socket: { isLive: answer !== undefined },
    visit: async (...said) => answer(...said),
    io: { pause: async () => {} },
  };
  return { timeline, posting: new Posting(desk, { changed: () => {} }) };
}

test("Half a character is mended before the post is kept, drawn or sent", async () => {
  const sent = [];
  const { posting, timeline } = tab(somebody(), (_, { text }) => {
    sent.push(text);
    return { ok: {} };
  });
  await posting.send("broken \ud83d");
  await settle();
  assert.deepEqual(sent, ["broken \ufffd"]);
  assert.equal(timeline.pending[0].text, "broken \ufffd");
});

test("In every tab a post stays drawn until its row is there", async () => {
  const identity = somebody();
  const other = tab(identity);
  let answer;
  const { posting, timeline } = tab(identity, () => new Promise((resolve) => (answer = resolve)));
  await posting.send("hello");
  await settle();
  const [clientId] = names(other.timeline.pending);
  answer({ ok: {} });
  await settle();
  for (const one of [timeline, other.timeline]) {
    assert.deepEqual(names(one.pending), [clientId]);
    one.apply([message(1, { client_id: clientId })]);
    assert.deepEqual(names(one.pending), []);
  }
});

test("What failed and was thrown away is gone from every tab", async () => {
  const identity = somebody();
  const other = tab(identity);
  const { posting } = tab(identity, () => ({ error: { code: "forbidden", detail: "" } }));
  await posting.send("hello");
  await settle();
  const [post] = other.timeline.pending;
  assert.equal(post.failed.code, "forbidden");
  await posting.remove(post.client_id);
  await settle();
  assert.deepEqual(other.timeline.pending, []);
});

test("Two tabs that bring back older posts at once bring back each of them once", async () => {
  const identity = somebody();
  const older = `outbox:${identity.person}:then`;
  await kept.set(older, [{ client_id: "a" }, { client_id: "b" }]);
  const shelf = new OutboxShelf(identity);
  await Promise.all([adopt(identity, shelf), adopt(identity, shelf)]);
  assert.deepEqual(names(await shelf.read()), ["a", "b"]);
  assert.equal(await kept.get(older), undefined);
});

test("A draft goes when it was sent, and what was begun after it stays", async () => {
  const drafts = new Drafts(somebody());
  drafts.write(7, "first");
  drafts.sending(7);
  await drafts.sent(7);
  assert.equal(await drafts.read(7), "");
  drafts.sending(7);
  drafts.write(7, "second");
  await drafts.sent(7);
  assert.equal(await drafts.read(7), "second");
});

test("What was sent in the page's last moment is brought back once by the next page", async () => {
  const identity = somebody();
  const { posting } = tab(identity);
  const adding = [posting.send("one"), posting.send("two")];
  leave();
  assert.equal(left(identity).length, 2);
  await Promise.all(adding);

  const shelf = new OutboxShelf(identity);
  await adopt(identity, shelf);
  await adopt(identity, shelf);

  assert.deepEqual(
    (await shelf.read()).map((post) => post.text),
    ["one", "two"],
  );
  leave();
  assert.deepEqual(left(identity), []);
});

test("What never reached the database is brought back in the order it was written", async () => {
  const identity = somebody();
  const shelf = new OutboxShelf(identity);
  const posts = ["c", "a", "b"].map((name) => ({ client_id: name, room: 7, text: name }));
  posts.forEach((post) => void shelf.hold(post));
  leave();
  posts.forEach((post) => void shelf.release(post));
  assert.equal(await unsentOf(identity.person), 3);

  await adopt(identity, shelf);
  assert.deepEqual(names(await shelf.read()), ["c", "a", "b"]);
  assert.equal(await unsentOf(identity.person), 3);
});

test("A draft of the last moment is there on the next page", async () => {
  const identity = somebody();
  new Drafts(identity).write(7, "half a thou");
  leave();
  const next = new Drafts(identity);
  next.adopt();
  assert.equal(await next.read(7), "half a thou");
  await discard(identity.person);
});

test("Nothing of a person is left behind after signing out", async () => {
  const identity = somebody();
  const shelf = new OutboxShelf(identity);
  shelf.hold({ client_id: "a", room: 7, text: "mine" });
  new Drafts(identity).write(7, "mine too");
  leave();
  await discard(identity.person);
  leave();
  assert.deepEqual(left(identity), []);
});
