import assert from "node:assert/strict";
import { test } from "node:test";
import { Renewing } from "#alerts/renewing";

/** A page whose time is ours. */
class Played {
  loads = 0;
  isHidden = false;
  isAway = false;
  #waiting = [];
  renewing = new Renewing({
    load: async () => {
      this.loads += 1;
      return !this.isAway;
    },
    later: (callback) => this.#waiting.push(callback),
    isHidden: () => this.isHidden,
  });

  async wait() {
    for (const callback of this.#waiting.splice(0)) await callback();
  }
}

test("Much that is told at once is loaded once, and what is told meanwhile once more", async () => {
  const played = new Played();
  for (let times = 0; times < 5; times++) played.renewing.ask();
  const loading = played.wait();
  played.renewing.ask();
  await loading;
  await played.wait();
  await played.wait();
  assert.equal(played.loads, 2);
});

test("A page that nobody sees loads nothing, and once when it is seen again", async () => {
  const played = new Played();
  played.isHidden = true;
  played.renewing.ask();
  await played.wait();
  assert.equal(played.loads, 0);
  played.isHidden = false;
  played.renewing.seen();
  await played.wait();
  played.renewing.seen();
  await played.wait();
  assert.equal(played.loads, 1);
});

test("What could not be loaded is tried again", async () => {
  const played = new Played();
  played.isAway = true;
  played.renewing.ask();
  await played.wait();
  played.isAway = false;
  await played.wait();
  await played.wait();
  assert.equal(played.loads, 2);
});
