import assert from "node:assert/strict";
import { test } from "node:test";
import { isNewer, judgeChanges, judgeVersion } from "#live/cursor";
import { pick, seeded } from "./support/random.js";

test("Changes that join on are applied, also when they begin below the cursor", () => {
  assert.equal(judgeChanges(10, { from: 10, rev: 11 }), "apply");
  assert.equal(judgeChanges(10, { from: 4, rev: 12 }), "apply");
});

test("Changes that end below the cursor are old news", () => {
  assert.equal(judgeChanges(10, { from: 4, rev: 9 }), "ignore");
});

test("Changes that begin above the cursor leave a hole", () => {
  assert.equal(judgeChanges(10, { from: 11, rev: 12 }), "hole");
});

test("A difference of a snapshot leads from one version to the next only", () => {
  assert.equal(judgeVersion(7, 8), "apply");
  assert.equal(judgeVersion(7, 7), "ignore");
  assert.equal(judgeVersion(7, 9), "hole");
  assert.equal(judgeVersion(null, 1), "hole");
});

test("Whatever is lost, doubled or reordered, the cursor never passes a change that was not seen", () => {
  for (let seed = 1; seed <= 200; seed += 1) neverPassesAHole(seeded(seed));
});

function neverPassesAHole(random) {
  const held = new Map();
  let cursor = 0;
  for (let step = 0; step < 300; step += 1) {
    const from = pick(random, 60);
    const frame = { from, rev: from + pick(random, 6) };
    if (judgeChanges(cursor, frame) !== "apply") continue;
    for (let rev = frame.from + 1; rev <= frame.rev; rev += 1) {
      if (isNewer({ rev }, held.get(rev))) held.set(rev, { rev });
    }
    cursor = frame.rev;
    for (let rev = 1; rev <= cursor; rev += 1)
      assert.ok(held.has(rev), `rev ${rev} below ${cursor}`);
  }
}
