import assert from "node:assert/strict";
import { test } from "node:test";
import { kept } from "#lib/kept";
import { fakeDatabase } from "./support/fake-database.js";

const database = fakeDatabase();
const add = (name) => kept.update("outbox", (posts) => [...(posts ?? []), name]);

test("What is kept can be read, changed and removed", async () => {
  await add("a");
  await kept.set("draft", "half a thought");
  assert.deepEqual(await kept.get("outbox"), ["a"]);
  assert.deepEqual(await kept.keys(), ["outbox", "draft"]);
  await kept.remove("draft");
  assert.equal(await kept.get("draft"), undefined);
});

test("A database that was closed under the page is asked once more", async () => {
  database.refusals = 1;
  assert.deepEqual(await kept.get("outbox"), ["a"]);
  database.refusals = 1;
  await add("b");
  assert.deepEqual(database.stored.get("outbox"), ["a", "b"]);
});

test("A browser that refuses for good goes on with what was there", async () => {
  database.refusals = Infinity;
  await Promise.all([add("c"), add("d")]);
  assert.deepEqual(await kept.get("outbox"), ["a", "b", "c", "d"]);
  await kept.set("draft", "another thought");
  assert.equal(await kept.get("draft"), "another thought");
});
