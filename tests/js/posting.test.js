import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "#chat/drafts";
import { Posting } from "#chat/posting";
import { TimelineModel } from "#chat/timeline-model";
import { kept } from "#lib/kept";
import { adoptOlder, OutboxShelf } from "#live/outbox";
import { fakeDatabase } from "./support/fake-database.js";
import { message } from "./support/room.js";

fakeDatabase();

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
  await Promise.all([adoptOlder(identity, shelf), adoptOlder(identity, shelf)]);
  assert.deepEqual(names(await shelf.read()), ["a", "b"]);
  assert.equal(await kept.get(older), undefined);
});

test("A draft goes when it was sent, and what was begun after it stays", async () => {
  const drafts = new Drafts(somebody());
  drafts.write(7, "first");
  await drafts.sent(7, "first");
  assert.equal(await drafts.read(7), "");
  drafts.write(7, "second");
  await drafts.sent(7, "first");
  assert.equal(await drafts.read(7), "second");
});
