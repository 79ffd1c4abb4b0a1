import assert from "node:assert/strict";
import { test } from "node:test";
import { Link, SILENCE } from "#live/link";

const half = () => 0.5;

function live(at = 0) {
  const link = new Link(half);
  link.start(at);
  link.hello(at);
  return link;
}

test("It connects at once, and is live when the server has said hello", () => {
  const link = new Link(half);
  assert.equal(link.start(0), "connect");
  assert.equal(link.phase, "connecting");
  link.hello(100);
  assert.equal(link.phase, "live");
});

test("A stable socket that was cut is back within a second", () => {
  const link = live();
  assert.equal(link.closed(20_000, 1006), null);
  assert.equal(link.due, 20_500);
  assert.equal(link.tick(20_499), null);
  assert.equal(link.tick(20_500), "connect");
});

test("A server that said it goes away is met again within five seconds", () => {
  const link = live();
  link.closed(20_000, 4000);
  assert.equal(link.due, 22_500);
});

test("A server that cannot be reached is spared for up to five seconds, once", () => {
  for (const status of [0, 502]) {
    const link = live();
    link.closed(20_000, 1006);
    assert.equal(link.tick(link.due), "connect");
    link.closed(21_000, 1006);
    link.session(21_000, status);
    assert.equal(link.due, 23_500);
    link.tick(23_500);
    link.closed(23_500, 1006);
    link.session(23_500, status);
    assert.equal(link.due, 24_500);
  }
});

test("An answer to who we are that never comes is not waited for", () => {
  const link = new Link(half);
  link.start(0);
  link.closed(10, 1006);
  assert.equal(link.phase, "asking");
  assert.equal(link.tick(link.due - 1), null);
  link.tick(link.due);
  assert.equal(link.phase, "waiting");
  assert.equal(link.tick(link.due), "connect");
});

test("Who cannot connect asks who they are before they come back", () => {
  const link = new Link(half);
  link.start(0);
  assert.equal(link.closed(10, 1006), "ask");
  link.session(20, 200);
  assert.equal(link.phase, "waiting");
});

test("Who is signed out is led to the sign-in page and asks no more", () => {
  const link = live();
  assert.equal(link.closed(1_000, 4401), "ask");
  assert.equal(link.session(1_100, 401), "sign-in");
  assert.equal(link.phase, "stopped");
  assert.equal(link.tick(1e9), null);
});

test("Whose account was deactivated is told so and comes back no more", () => {
  const link = live();
  link.closed(1_000, 4401);
  assert.equal(link.session(1_100, 403), null);
  assert.equal(link.phase, "stopped");
  assert.match(link.reason.words, /deactivated/);
  assert.equal(link.tick(1e9), null);
});

test("After a password change this browser is still signed in and comes back", () => {
  const link = live();
  link.closed(1_000, 4401);
  link.session(1_100, 200);
  assert.equal(link.tick(link.due), "connect");
});

test("A server that does not answer at all is asked less and less often", () => {
  const link = new Link(half);
  let now = 0;
  const waits = [];
  link.start(now);
  for (let attempt = 0; attempt < 7; attempt += 1) {
    link.closed(now, 1006);
    link.session(now, 0);
    waits.push(link.due - now);
    now = link.due;
    assert.equal(link.tick(now), "connect");
  }
  assert.deepEqual(waits, [2_500, 500, 1_000, 2_000, 4_000, 8_000, 15_000]);
});

test("Fifteen seconds of a stable socket make the next failure a first one", () => {
  const link = live();
  link.closed(1_000, 1006);
  link.tick(link.due);
  link.hello(10_000);
  link.closed(10_000 + 14_999, 1006);
  assert.equal(link.due - 24_999, 500);
  link.tick(link.due);
  link.hello(30_000);
  link.closed(45_000, 1006);
  assert.equal(link.due - 45_000, 500);
});

test("The server's own word about when to return is kept, once", () => {
  const link = live();
  link.goodbye([2, 4]);
  link.closed(20_000, 4000);
  assert.equal(link.due, 23_000);
});

test("An overloaded server is left alone for five seconds and more", () => {
  const link = live();
  link.closed(0, 4003);
  assert.equal(link.due, 17_500);
});

test("Silence for forty seconds means that the server is gone", () => {
  const link = live();
  link.heard(10_000);
  assert.equal(link.tick(10_000 + SILENCE - 1), null);
  assert.equal(link.tick(10_000 + SILENCE), "close");
  assert.equal(link.phase, "waiting");
  assert.equal(link.due, 10_000 + SILENCE + 500);
});

test("A connection that says nothing for five seconds is given up, and the server asked in another way", () => {
  const link = new Link(half);
  link.start(0);
  assert.equal(link.tick(4_999), null);
  assert.equal(link.tick(5_000), "ask");
  assert.equal(link.session(5_100, 200), "blocked");
  assert.equal(link.tick(link.due), "connect");
});

test("Only the way is blocked when the server answers at once over plain HTTP", () => {
  const answers = [
    [200, 100, "blocked"],
    [200, 2_001, null],
    [500, 100, null],
    [503, 100, null],
    [0, 100, null],
    [401, 100, "sign-in"],
    [403, 100, null],
  ];
  for (const [status, after, effect] of answers) {
    for (const fail of [(link) => link.closed(5_000, 1006), (link) => link.tick(5_000)]) {
      const link = new Link(half);
      link.start(0);
      assert.equal(fail(link), "ask");
      assert.equal(link.session(5_000 + after, status), effect, `${status} after ${after} ms`);
    }
  }
});

test("Neither a connection that was lost nor a reason of the server's own is blamed on the way", () => {
  const lost = live();
  lost.closed(1_000, 4401);
  assert.equal(lost.session(1_100, 200), null);
  const refused = new Link(half);
  refused.start(0);
  refused.closed(100, 4003);
  assert.equal(refused.session(200, 200), null);
});

test("A server that was there before may take ten seconds, and once longer, when everybody comes back", () => {
  const link = live();
  link.closed(20_000, 4000);
  let now = link.due;
  link.tick(now);
  assert.equal(link.tick(now + 9_999), null);
  assert.equal(link.tick(now + 10_000), "close");
  now = link.due;
  assert.equal(link.tick(now), "connect");
  assert.equal(link.tick(now + 10_000), "ask");
  assert.equal(link.session(now + 10_100, 200), "blocked");
});

test("On another network nothing is taken for granted", () => {
  const link = live();
  link.offline();
  link.online(20_000);
  const now = link.due;
  link.tick(now);
  assert.equal(link.tick(now + 5_000), "ask");
});

test("Offline nothing is tried; online it is tried within a second", () => {
  const link = live();
  assert.equal(link.offline(), "close");
  assert.equal(link.closed(10, 1006), null);
  assert.equal(link.due, Infinity);
  link.online(50_000);
  assert.ok(link.due <= 51_000);
  assert.equal(link.tick(link.due), "connect");
});

test("A tab that is looked at again does not wait out its turn", () => {
  const link = live();
  link.closed(0, 4003);
  link.visible(100);
  assert.ok(link.due <= 1_100);
});

test("A final code stops it, and only a hand starts it again", () => {
  const link = live();
  assert.equal(link.closed(0, 4429), null);
  assert.equal(link.phase, "stopped");
  assert.equal(link.reason.offer, "reconnect");
  assert.equal(link.online(10), null);
  assert.equal(link.visible(10), null);
  assert.equal(link.tick(1e9), null);
  assert.equal(link.start(100), "connect");
});

test("A protocol that is not spoken asks for a new page", () => {
  assert.equal(live().closed(0, 4400), "reload");
});
