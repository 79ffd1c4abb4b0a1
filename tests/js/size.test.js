import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";

const ROOT = new URL("../../", import.meta.url);
const vendored = JSON.parse(read("static/vendor/manifest.json"));
const IMPORT = /\bimport\s*(?:[^"'();]*?\bfrom\s*)?"([^"]+)"/g;

function read(file) {
  return readFileSync(new URL(file, ROOT), "utf8");
}

/** A module as it is served, without its comments. */
function served(name) {
  if (name in vendored) return read(`static/vendor/${vendored[name].file}`);
  return read(`static/js/${name.slice(1)}.js`).replace(
    /^[ \t]*(?:\/\/.*|\/\*[\s\S]*?\*\/)\n/gm,
    "",
  );
}

/** What is loaded for these modules before any of them runs: name to source. */
function closure(...names) {
  const found = new Map();
  const walk = (name) => {
    if (found.has(name)) return;
    found.set(name, served(name));
    for (const [, wanted] of found.get(name).matchAll(IMPORT)) walk(wanted);
  };
  names.forEach(walk);
  return found;
}

function weight(sources) {
  return sources.reduce((sum, source) => sum + brotliCompressSync(source).length, 0);
}

test("Fifteen modules of ours, and four of lit's, stand between a reader and the first message", () => {
  const names = [...closure("#chat/page").keys()];
  assert.ok(names.filter((name) => name.startsWith("#")).length <= 15, names.join(" "));
  assert.deepEqual(
    names.filter((name) => !name.startsWith("#")),
    [
      "lit-html",
      "lit-html/directives/repeat.js",
      "lit-html/directive.js",
      "lit-html/directive-helpers.js",
    ],
  );
});

test("A live page weighs at most 43 KiB of scripts and 14 of style sheets", () => {
  const scripts = [...closure("#chat/page", "#chat/chat-page").values()];
  assert.ok(weight(scripts) <= 43 * 1024, `${weight(scripts)} bytes of scripts`);

  const templates = read("templates/_styles.html") + read("templates/chat/_styles.html");
  const sheets = [...templates.matchAll(/css\/[\w-]+\.css/g)].map(([file]) =>
    read(`static/${file}`),
  );
  assert.ok(weight(sheets) <= 14 * 1024, `${weight(sheets)} bytes of style sheets`);
});

test("All that a board begins with is asked for at once, and nothing else", () => {
  const asked = read("templates/dashboard/_modules.html").match(/(?:js|vendor)\/[\w/.-]+\.js/g);
  const wanted = [...closure("#boards/page", "#boards/chart").keys()]
    .filter((name) => name !== "#boards/page")
    .map((name) => (name in vendored ? `vendor/${vendored[name].file}` : `js/${name.slice(1)}.js`));
  assert.deepEqual(asked.toSorted(), wanted.toSorted());
});

test("Who has a WebSocket loads nothing of what takes its place", () => {
  const first = closure("#chat/page", "#chat/chat-page");
  for (const later of [...closure("#live/fallback", "#live/coming-back").keys()])
    assert.ok(!first.has(later) || later === "#live/choice", later);
});

test("What a dialog needs is loaded when it is asked for", () => {
  const first = closure("#chat/page", "#chat/chat-page");
  for (const later of [
    "members",
    "add-people",
    "profile",
    "room-details",
    "copying",
    "room-notify",
    "why",
    "arranging",
    "switcher",
    "mention-list",
    "crowd",
    "absent",
    "help",
    "shortcut-words",
  ])
    assert.ok(!first.has(`#chat/${later}`), later);
});

test("Pushes are loaded where they were turned on, or can be", () => {
  const first = closure("#chat/page", "#chat/chat-page", "#inbox/bell", "#inbox/page");
  for (const name of first.keys()) assert.doesNotMatch(name, /^#push|pushes$/);
});

test("What lies in the inbox is loaded when somebody looks, and the bell after the page is live", () => {
  const first = closure("#chat/page", "#chat/chat-page", "#inbox/bell");
  for (const later of ["latest", "toasts", "toast-model", "badge", "model", "parts", "words"])
    assert.ok(!first.has(`#inbox/${later}`), later);
  assert.ok(!closure("#chat/page", "#chat/chat-page").has("#inbox/bell"));
});
