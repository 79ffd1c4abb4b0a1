import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const SCRIPT = readFileSync(new URL("../../static/push/worker.js", import.meta.url), "utf8");

/** The service worker on a screen of its own, which answers when it is let. */
function begin() {
  const listeners = {};
  const screen = [];
  let now = 1_000;
  let answer = Promise.resolve();
  const self = {
    addEventListener: (name, listen) => {
      listeners[name] = listen;
    },
    location: { hostname: "here", origin: "https://here" },
    clients: { matchAll: async () => [] },
    registration: {
      async showNotification(title, { tag, data }) {
        const close = () => screen.splice(screen.indexOf(one), 1);
        const one = { title, tag, data, close };
        const there = screen.findIndex((other) => other.tag === tag);
        if (there >= 0) screen.splice(there, 1);
        screen.push(one);
      },
      async getNotifications({ tag } = {}) {
        await answer;
        return screen.filter((one) => !tag || one.tag === tag);
      },
    },
  };
  runInNewContext(SCRIPT, { self, navigator: {}, URL, Date: { now: () => now } });
  return {
    titles: () => screen.map(({ title }) => title),
    /** Let something come; returns when the service worker has done with it. */
    push(payload) {
      now += 1;
      let done;
      listeners.push({
        data: { json: () => payload },
        waitUntil: (promise) => {
          done = promise;
        },
      });
      return done;
    },
    /** Answer no question about the screen until what is returned is called. */
    hold() {
      let go;
      answer = new Promise((resolve) => {
        go = resolve;
      });
      return go;
    },
  };
}

test("What was read elsewhere goes, and the rest stays", async () => {
  const { push, titles } = begin();
  await push({ title: "first", tag: "n1" });
  await push({ title: "second", tag: "n2" });
  await push({ tag: "n1", close: true, unread: 1 });
  assert.deepEqual(titles(), ["second"]);
});

test("Nothing unread, all goes, summaries included", async () => {
  const { push, titles } = begin();
  await push({ title: "first", tag: "n1" });
  await push({ title: "3 notifications", tag: "several" });
  await push({ tag: "n9", close: true, unread: 0 });
  assert.deepEqual(titles(), []);
});

test("What comes right after something that takes all away stays", async () => {
  const { push, titles, hold } = begin();
  await push({ title: "read", tag: "n1" });
  const answer = hold();
  const taking = push({ tag: "n1", close: true, unread: 0 });
  await push({ title: "new", tag: "n2" });
  await push({ title: "once more", tag: "n1" });
  answer();
  await taking;
  assert.deepEqual(titles(), ["new", "once more"]);
});
