import assert from "node:assert/strict";
import { test } from "node:test";
import { Counts } from "#inbox/counts";
import { actionOf, grouped, Inbox, named, replyTo, wayBack } from "#inbox/model";
import { Pages } from "#inbox/pages";

const counts = (unread, inbox, announcements) => ({
  unread,
  unseen: 0,
  inbox_rev: inbox,
  announcements_rev: announcements,
});
const own = (rev, fields = {}) => ({
  kind: "inbox",
  id: 1,
  rev,
  read_until: 0,
  announcements_read_until: 0,
  ...fields,
});
const notification = (id, rev, fields = {}) => ({
  kind: "notification",
  id,
  rev,
  seq: rev,
  unread_rev: rev,
  place: "inbox",
  text: { en: `text ${id}` },
  actors: [],
  room: 7,
  where: "releases",
  url: "",
  happened: new Date(rev * 1_000).toISOString(),
  snoozed_until: null,
  ...fields,
});
const announcement = (id, rev, fields = {}) => ({
  kind: "announcement",
  id,
  rev,
  seq: rev,
  title: `title ${id}`,
  text: "",
  url: "",
  author: null,
  created: new Date(rev * 1_000).toISOString(),
  gone: false,
  ...fields,
});

function inbox(...rows) {
  const model = new Inbox();
  model.apply([own(1), ...rows]);
  return model;
}
const keys = (items) => items.map(({ key }) => key);

test("Counts of an older moment are not taken over, whichever stream it is older in", () => {
  const badges = new Counts(counts(3, 10, 5));
  assert.equal(badges.assign(counts(9, 9, 6)), false);
  assert.equal(badges.assign(counts(9, 10, 4)), false);
  assert.equal(badges.unread, 3);
  assert.equal(badges.assign(counts(4, 10, 6)), true);
  assert.equal(badges.assign(counts(2, 11, 6)), true);
  assert.equal(badges.unread, 2);
});

test("A page that holds a newer rev than its counts knows that they are behind", () => {
  const badges = new Counts(counts(3, 10, 5));
  assert.equal(badges.isBehind({ inbox: 10, announcements: 5 }), false);
  assert.equal(badges.isBehind({ inbox: 11, announcements: 5 }), true);
  assert.equal(badges.isBehind({ inbox: 10, announcements: 6 }), true);
});

test("Of another history any counts are taken, even of lower revs", () => {
  const badges = new Counts(counts(3, 10, 5));
  assert.equal(badges.replace(counts(1, 2, 0)), true);
  assert.equal(badges.unread, 1);
});

test("Notifications and announcements are one list, the newest first", () => {
  const model = inbox(notification(1, 2), announcement(1, 3), notification(2, 4));
  assert.deepEqual(keys(model.items("all")), ["n2", "a1", "n1"]);
});

test("An older version of a row changes nothing", () => {
  const model = inbox(notification(1, 5, { place: "archive" }), notification(1, 4));
  assert.deepEqual(model.items("all"), []);
  assert.deepEqual(keys(model.items("archive")), ["n1"]);
});

test("Unread is what lies above the watermark, and what was marked so since", () => {
  const model = inbox(
    notification(1, 2),
    notification(2, 9),
    notification(3, 3, { unread_rev: 0 }),
  );
  model.apply([own(10, { read_until: 5 })]);
  assert.deepEqual(keys(model.items("unread")), ["n2"]);
  assert.deepEqual(keys(model.items("all")), ["n2", "n3", "n1"]);
});

test("An announcement is read by its own watermark, unless there is a mark on it", () => {
  const model = inbox(announcement(1, 2), announcement(2, 3), announcement(3, 4));
  const mark = (id, rev, fields) => ({
    kind: "mark",
    id,
    rev,
    unread_rev: 0,
    gone: false,
    ...fields,
  });
  model.apply([own(6, { announcements_read_until: 3 })]);
  assert.deepEqual(keys(model.items("unread")), ["a3"]);
  model.apply([mark(1, 7, { unread_rev: 7 }), mark(3, 7, { gone: true })]);
  assert.deepEqual(keys(model.items("unread")), ["a1"]);
  assert.deepEqual(keys(model.items("all")), ["a2", "a1"]);
});

test("After a reset nothing of before is there", () => {
  const model = inbox(notification(1, 2), announcement(1, 3));
  model.resetInbox({ rows: [own(1), notification(2, 1)] });
  model.resetAnnouncements({ rows: [] });
  assert.deepEqual(keys(model.items("all")), ["n2"]);
});

test("Groups are rooms, the one in which something happened last first", () => {
  const model = inbox(
    notification(1, 2),
    notification(2, 3, { room: 8, where: "design" }),
    notification(3, 4),
  );
  const groups = grouped(model.items("all"));
  assert.deepEqual(
    groups.map(({ where, items }) => [where, keys(items)]),
    [
      ["releases", ["n3", "n1"]],
      ["design", ["n2"]],
    ],
  );
});

test("More than a command takes goes out in parts", () => {
  const model = inbox(...Array.from({ length: 150 }, (_, at) => notification(at + 1, at + 2)));
  assert.deepEqual(
    named(model.items("all")).map((part) => part.notifications.length),
    [100, 50],
  );
});

test("The way back leads to where each item was", () => {
  const until = "2026-11-23T09:00:00Z";
  const model = inbox(
    notification(1, 2),
    notification(2, 3, { unread_rev: 0 }),
    notification(3, 4, { place: "archive" }),
    notification(4, 5, { place: "snoozed", snoozed_until: until }),
  );
  const way = (verb, ...items) =>
    wayBack(
      verb,
      items.map((key) => model.find(key)),
    ).map(([back, some, more]) => [back, keys(some), more].filter(Boolean));
  assert.deepEqual(way("read", "n1", "n2"), [["unread", ["n1"]]]);
  assert.deepEqual(way("unread", "n1", "n2"), [["read", ["n2"]]]);
  assert.deepEqual(way("archive", "n1"), [["restore", ["n1"]]]);
  assert.deepEqual(way("delete", "n1", "n3", "n4"), [
    ["restore", ["n1", "n3", "n4"]],
    ["archive", ["n3"]],
    ["snooze", ["n4"], { until }],
  ]);
  assert.deepEqual(way("restore", "n3"), [["archive", ["n3"]]]);
});

test("Older ones are asked for behind the last that was loaded, not behind the last that is known", () => {
  const model = inbox(notification(5, 9), notification(4, 8));
  const pages = new Pages(model, true);
  assert.deepEqual(pages.query("all"), { place: "inbox", before: 8, id: 4 });
  assert.equal(pages.isLoaded("unread"), false);
  assert.deepEqual(pages.query("unread"), { place: "inbox", unread: "yes" });
  pages.take("unread", { rows: [notification(2, 3)], older: false });
  assert.deepEqual(pages.query("all"), { place: "inbox", before: 8, id: 4 });
  assert.equal(pages.hasOlder("unread"), false);
});

test("Who has the whole inbox need not load what is unread of it", () => {
  const pages = new Pages(inbox(notification(1, 2)), false);
  assert.equal(pages.isLoaded("unread"), true);
  assert.equal(pages.isLoaded("archive"), false);
});

test("A notification says which actions it offers, and a reply begins with whom it is for", () => {
  const actions = [{ name: "reply", label: { en: "Reply" }, url: "" }];
  assert.equal(actionOf({ actions }, "reply"), actions[0]);
  assert.equal(actionOf({ actions: [] }, "reply"), undefined);
  assert.equal(replyTo({ actor: { username: "bob" } }), "@bob ");
  assert.equal(replyTo({}), "");
});
