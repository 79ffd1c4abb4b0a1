import assert from "node:assert/strict";
import { test } from "node:test";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";
import { fakeBrowser } from "./support/fake-socket.js";

const quiet = { addEventListener: () => {}, querySelector: () => quiet, dataset: {} };

/** A page in a tab that was opened in the epoch "then"; the tab remembers, the page does not. */
function page(t, tab) {
  const { io, sockets } = fakeBrowser();
  Object.assign(globalThis, {
    window: quiet,
    document: { ...quiet, documentElement: quiet },
    sessionStorage: { getItem: (key) => tab[key], setItem: (key, value) => (tab[key] = value) },
    location: { href: "/rooms/7/", reload: () => (tab.reloads = (tab.reloads ?? 0) + 1) },
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const topics = new Topics({ load: null, repair: () => {}, pause: io.pause, random: () => 0 });
  topics.add("me", {}, 10);
  const [changed, built] = [() => {}, () => {}];
  const parts = { topics, io, person: 1, epoch: "then", place: quiet, changed, built };
  keepConnected(parts).start();
  return { says: (fields) => sockets[0].hello(fields), sent: sockets[0].sent };
}

function wait(t) {
  t.mock.timers.tick(6_000);
  t.mock.timers.reset();
}

test("After a restore the page is loaded anew once, and then goes on with new states", (t) => {
  const tab = {};
  const first = page(t, tab);
  first.says({ epoch: "restored" });
  assert.deepEqual(first.sent, []);
  wait(t);
  assert.equal(tab.reloads, 1);

  const second = page(t, tab);
  second.says({ epoch: "restored" });
  wait(t);
  assert.equal(tab.reloads, 1);
  assert.deepEqual(second.sent[0].topics, { me: null });
});

test("Where another person has signed in the page begins anew", (t) => {
  const tab = {};
  const { says, sent } = page(t, tab);
  says({ person: 2, epoch: "then" });
  assert.equal(tab.reloads, 1);
  assert.deepEqual(sent, []);
  t.mock.timers.reset();
});
