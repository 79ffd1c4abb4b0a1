import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "#live/status";

function statusAt(...phases) {
  const status = new Status();
  for (const [now, phase, reason] of phases) {
    status.banner(now);
    status.phase(now, phase, reason);
  }
  return status;
}

test("While all is well nothing is said", () => {
  const status = statusAt([0, "connecting"], [100, "live"]);
  assert.equal(status.banner(100).kind, "none");
  assert.equal(status.banner(60_000).kind, "none");
});

test("A short gap is not worth a word, neither when it begins nor when it ends", () => {
  const status = statusAt(
    [0, "live"],
    [10_000, "waiting"],
    [11_000, "connecting"],
    [14_900, "live"],
  );
  assert.equal(status.banner(14_900).kind, "none");
});

test("After five seconds the banner says that it reconnects", () => {
  const status = statusAt([0, "live"], [10_000, "waiting"], [12_000, "connecting"]);
  assert.equal(status.banner(14_999).kind, "none");
  assert.equal(status.due, 15_000);
  assert.equal(status.banner(15_000).text, "Reconnecting…");
});

test("Who was told of the gap is told of its end, for two seconds", () => {
  const status = statusAt([0, "live"], [10_000, "waiting"]);
  status.banner(16_000);
  status.phase(17_000, "live");
  assert.equal(status.banner(17_000).text, "Back online");
  assert.equal(status.due, 19_000);
  assert.equal(status.banner(19_000).kind, "none");
});

test("Offline is said at once, with what becomes of messages", () => {
  const status = statusAt([0, "live"], [1_000, "offline"]);
  assert.match(status.banner(1_000).text, /Offline.*sent later/);
});

test("A connection that was ended says why, and stays", () => {
  const reason = { words: "Deactivated.", offer: undefined };
  const status = statusAt([0, "live"], [1_000, "stopped", reason]);
  assert.equal(status.banner(1_000).text, "Deactivated.");
  assert.equal(status.banner(1e9).kind, "stopped");
});
