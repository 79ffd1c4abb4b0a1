import assert from "node:assert/strict";
import { test } from "node:test";
import { showBadge, titled } from "#inbox/badge";
import { isFresh, Toasts } from "#inbox/toast-model";

const fresh = (id, rev, more = {}) => ({
  kind: "notification",
  id,
  rev,
  seq: rev,
  unread_rev: rev,
  place: "inbox",
  ...more,
});
const always = () => true;
const idsOf = (toasts) => toasts.shown.map(({ id }) => id);

function shown(...rows) {
  const toasts = new Toasts();
  toasts.apply(rows, always);
  return toasts;
}

test("Only what has just happened, is unread and did not come muted is fresh", () => {
  assert.ok(isFresh(fresh(1, 5)));
  for (const other of [
    fresh(1, 6, { seq: 5 }),
    fresh(1, 5, { unread_rev: 0 }),
    fresh(1, 5, { place: "archive" }),
    fresh(1, 5, { quiet: true }),
    { kind: "mark", id: 1, rev: 5, unread_rev: 5 },
  ])
    assert.ok(!isFresh(other));
});

test("The newest three are shown, and what has happened again stands last", () => {
  const toasts = shown(fresh(1, 1), fresh(2, 2), fresh(3, 3), fresh(4, 4));
  assert.deepEqual(idsOf(toasts), [2, 3, 4]);
  toasts.apply([fresh(2, 5)], always);
  assert.deepEqual(idsOf(toasts), [3, 4, 2]);
});

test("What is not wanted here is not shown, and what is shown stays", () => {
  const toasts = shown(fresh(1, 1));
  toasts.apply([fresh(1, 2), fresh(2, 3)], () => false);
  assert.deepEqual(idsOf(toasts), [1]);
});

test("What was read, archived or taken back anywhere goes", () => {
  for (const change of [{ unread_rev: 0 }, { place: "archive" }, { place: "gone" }]) {
    const toasts = shown(fresh(1, 1), fresh(2, 2));
    toasts.apply([fresh(1, 3, { seq: 1, unread_rev: 1, ...change })], always);
    assert.deepEqual(idsOf(toasts), [2]);
  }
  const toasts = shown(fresh(1, 1), fresh(2, 2));
  toasts.apply([{ kind: "inbox", rev: 3, read_until: 1 }], always);
  assert.deepEqual(idsOf(toasts), [2]);
});

test("Dismissed is dismissed", () => {
  const toasts = shown(fresh(1, 1));
  toasts.dismiss(1);
  assert.deepEqual(idsOf(toasts), []);
});

test("A title has one count before it, or none", () => {
  assert.equal(titled("Inbox", 2), "(2) Inbox");
  assert.equal(titled("(2) Inbox", 3), "(3) Inbox");
  assert.equal(titled("(3) Inbox", 0), "Inbox");
});

test("The title, the icon and the icon of an installed page say the same", (t) => {
  const told = [];
  const icon = {
    href: "plain.svg",
    dataset: { unread: "unread.svg" },
    getAttribute: () => "plain.svg",
  };
  const page = { title: "Inbox", querySelector: (which) => (/icon/.test(which) ? icon : null) };
  const browser = {
    setAppBadge: async (count) => told.push(count),
    clearAppBadge: async () => told.push(0),
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
  globalThis.document = page;
  t.after(() => {
    delete globalThis.document;
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  });

  showBadge(3);
  assert.deepEqual([page.title, icon.href, told.at(-1)], ["(3) Inbox", "unread.svg", 3]);
  showBadge(0);
  assert.deepEqual([page.title, icon.href, told.at(-1)], ["Inbox", "plain.svg", 0]);
});

test("A browser that has no badge, or refuses it, is none the worse", async (t) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  globalThis.document = { title: "Inbox", querySelector: () => null };
  t.after(() => {
    delete globalThis.document;
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  });
  for (const browser of [{}, { setAppBadge: () => Promise.reject(new Error("not installed")) }]) {
    Object.defineProperty(globalThis, "navigator", { value: browser, configurable: true });
    showBadge(2);
    assert.equal(globalThis.document.title, "(2) Inbox");
  }
  // What nobody catches fails the run.
  await new Promise(setImmediate);
});
