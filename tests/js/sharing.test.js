import assert from "node:assert/strict";
import { test } from "node:test";
import { Seat } from "#live/seat";
import { Stream } from "#live/stream";
import { FakeServer, Reader } from "./support/fake-server.js";
import { settle } from "./support/fake-socket.js";
import { FakeChannels, FakeLocks } from "./support/fake-tabs.js";
import { pick, seeded } from "./support/random.js";

/** A browser whose tabs share a stream. */
class Browser {
  server = new FakeServer();
  locks = new FakeLocks();
  channels = new FakeChannels();
  tabs = [];

  tab() {
    const tab = new Tab(this);
    this.tabs.push(tab);
    tab.connect();
    return tab;
  }

  /** Everything that is on its way arrives. */
  async quiet(random = () => 0) {
    let calm = 0;
    while (calm < 5) {
      const moved = this.server.deliver(random) || this.channels.deliver(random);
      if (!moved) await settle();
      calm = moved ? 0 : calm + 1;
    }
  }

  get openSources() {
    return this.server.sources.filter((source) => !source.isClosed);
  }
}

class Tab {
  codes = [];
  frames = [];
  isFrozen = false;
  #ids = 0;
  #seat;
  #sources = [];
  #isGone = false;

  constructor(browser) {
    this.browser = browser;
    this.locks = browser.locks.forTab();
    this.reader = new Reader((topics) => this.ask(this.reader.topics.cursors(topics)));
  }

  connect() {
    const { server, channels } = this.browser;
    this.#seat = new Seat("live", {
      locks: this.locks,
      channel: (name) => channels.open(name, this),
      stream: () => new Stream({ describe: server.describe, open: this.#source }),
    });
    this.#seat.onframe = (frame) => this.#hear(frame);
    this.#seat.onclose = (code) => {
      this.codes.push(code);
      this.connect();
    };
    this.#seat.onwant = () => {
      const cursors = this.reader.topics.cursors();
      if (Object.keys(cursors).length > 0) this.ask(cursors);
    };
    this.#seat.begin();
  }

  /** From as far back as `before` says: the page was loaded a while ago. */
  open(topic, before = 0) {
    this.reader.open(topic, Math.max(0, (this.browser.server.revs.get(topic) ?? 0) - before));
    this.ask(this.reader.topics.cursors([topic]));
  }

  leave(topic) {
    this.reader.close(topic);
    this.#ids += 1;
    this.#seat.send({ id: this.#ids, do: "unsubscribe", topics: [topic] });
  }

  away(away) {
    this.#seat.send({ do: "presence.set", args: { away } });
  }

  ask(topics) {
    if (this.#isGone) return;
    this.#ids += 1;
    this.#seat.send({ id: this.#ids, do: "subscribe", epoch: "now", topics });
  }

  close() {
    this.#seat.close();
    this.#forget();
  }

  /** As a tab that crashed. */
  die() {
    this.browser.channels.die(this);
    this.locks.die();
    for (const source of this.#sources) source.close();
    this.#forget();
  }

  #source = (description, hooks) => {
    const source = this.browser.server.open(description, hooks);
    this.#sources.push(source);
    if (this.isDead) source.close();
    return source;
  };

  #hear(frame) {
    this.frames.push(frame);
    if (frame.re !== undefined && frame.ok) this.reader.topics.answered(frame.ok);
    else if (frame.topic) this.reader.topics.receive(frame);
  }

  #forget() {
    this.#isGone = true;
    const { tabs } = this.browser;
    tabs.splice(tabs.indexOf(this), 1);
  }
}

async function browserWith(count, topics = ["me"]) {
  const browser = new Browser();
  for (let number = 0; number < count; number += 1) {
    const tab = browser.tab();
    for (const topic of topics) tab.reader.open(topic, 0);
  }
  await browser.quiet();
  return browser;
}

test("Ten tabs have one stream, and each hears of its rooms", async () => {
  const browser = await browserWith(10);
  for (const [place, tab] of browser.tabs.entries()) tab.open(`room:${place}`);
  await browser.quiet();
  assert.equal(browser.openSources.length, 1);
  for (let place = 0; place < 10; place += 1) browser.server.post(`room:${place}`);
  await browser.quiet();
  for (const tab of browser.tabs) assert.deepEqual(tab.reader.behind(browser.server), []);
});

test("Each tab gets the answers to what it asked itself", async () => {
  const browser = await browserWith(2);
  const [alice, bob] = browser.tabs;
  alice.frames.length = bob.frames.length = 0;
  bob.open("room:7");
  await browser.quiet();
  const answers = (tab) => tab.frames.filter((frame) => "re" in frame);
  assert.deepEqual(answers(alice), []);
  assert.deepEqual(answers(bob), [{ re: 2, ok: { "room:7": { rev: 0 } } }]);
});

test("The leader goes, another one takes over, and no tab is disconnected or misses anything", async () => {
  const browser = await browserWith(3, ["me", "room:7"]);
  for (const end of ["close", "die"]) {
    const [leader, ...others] = browser.tabs;
    leader[end]();
    browser.server.post("room:7");
    await browser.quiet();
    browser.server.post("room:7");
    await browser.quiet();
    for (const tab of others) {
      assert.deepEqual(tab.reader.behind(browser.server), []);
      assert.deepEqual(tab.codes, []);
    }
  }
});

test("What only a tab wanted that is gone is wanted no more", async () => {
  const browser = await browserWith(3);
  const [, bob, carol] = browser.tabs;
  bob.open("room:7");
  carol.open("room:8");
  await browser.quiet();
  bob.die();
  await browser.quiet();
  carol.open("room:9");
  await browser.quiet();
  const { topics } = browser.server.described.at(-1);
  assert.deepEqual(Object.keys(topics).sort(), ["me", "room:8", "room:9"]);
});

test("Somebody is away when nobody touches any of the tabs", async () => {
  const browser = await browserWith(2);
  const [alice, bob] = browser.tabs;
  const isAway = () => browser.openSources[0].isAway;
  alice.away(true);
  await browser.quiet();
  assert.equal(isAway(), false);
  bob.away(true);
  await browser.quiet();
  assert.equal(isAway(), true);
  bob.away(false);
  await browser.quiet();
  assert.equal(isAway(), false);
});

test("A leader that does not answer is put down, and waits for its turn when it is back", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const browser = await browserWith(1, ["me"]);
  const [asleep] = browser.tabs;
  asleep.isFrozen = true;
  const bob = browser.tab();
  bob.reader.open("me", 0);
  await browser.quiet();
  t.mock.timers.tick(2_000);
  await browser.quiet();
  browser.server.post("me");
  await browser.quiet();
  assert.deepEqual(bob.reader.behind(browser.server), []);
  assert.equal(browser.openSources.length, 1);

  asleep.isFrozen = false;
  await browser.quiet();
  assert.deepEqual(asleep.reader.behind(browser.server), []);
  bob.close();
  await browser.quiet();
  browser.server.post("me");
  await browser.quiet();
  assert.deepEqual(asleep.reader.behind(browser.server), []);
});

test("When the server sends them away all tabs hear the code, once", async () => {
  const browser = await browserWith(3);
  browser.openSources[0].say({ event: "goodbye", data: { code: 4401 } });
  await browser.quiet();
  assert.deepEqual(
    browser.tabs.map(({ codes }) => codes),
    [[4401], [4401], [4401]],
  );
  assert.equal(browser.openSources.length, 1);
});

test("Whatever tabs come, go and crash, nothing is lost, doubled or reordered on any", async () => {
  for (let seed = 0; seed < 300; seed += 1) await play(seeded(seed), `seed ${seed}`);
});

async function play(random, seed) {
  const browser = new Browser();
  const { server } = browser;
  const rooms = ["room:1", "room:2", "room:3"];
  for (const name of ["me", ...rooms]) server.revs.set(name, pick(random, 3));
  const gone = [];
  const come = () => browser.tab().reader.open("me", server.revs.get("me"));
  come();
  for (let step = 0; step < 80; step += 1) {
    const room = rooms[pick(random, rooms.length)];
    const tab = browser.tabs[pick(random, browser.tabs.length)];
    const choice = pick(random, 20);
    if (choice < 3) server.post(pick(random, 4) ? room : "me");
    else if (choice < 7) server.deliver(random);
    else if (choice < 13) browser.channels.deliver(random);
    else if (choice < 15) await settle();
    else if (choice === 15 && browser.tabs.length < 4) come();
    else if (choice === 16 && browser.tabs.length > 1) {
      gone.push(tab);
      tab[pick(random, 2) ? "close" : "die"]();
    } else if (choice === 17 && !tab.reader.drawn.has(room)) tab.open(room, pick(random, 3));
    else if (choice === 18 && tab.reader.drawn.has(room)) tab.leave(room);
    else if (choice === 19 && pick(random, 3) === 0) browser.openSources[0]?.lose();
  }
  await browser.quiet(random);
  for (const tab of browser.tabs) {
    assert.deepEqual(tab.reader.holes, [], seed);
    assert.deepEqual(tab.reader.behind(server), [], seed);
  }
  assert.ok(browser.openSources.length <= 1, `${seed}: ${browser.openSources.length} streams`);
  for (const tab of [...browser.tabs]) tab.close();
  await browser.quiet();
}
