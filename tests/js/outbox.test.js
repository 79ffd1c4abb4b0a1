import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeResult, Outbox } from "#live/outbox";
import { pick, seeded } from "./support/random.js";

/** A shelf in memory that any number of outboxes share, as tabs share theirs. */
class Shelf {
  posts = [];
  #tail = Promise.resolve();
  async read() {
    return [...this.posts];
  }
  async change(edit) {
    this.posts = edit(this.posts);
  }
  alone(task) {
    this.#tail = this.#tail.then(task);
    return this.#tail;
  }
}

/** A server that stores each client_id once, and answers as `answer(post)` says. */
class Server {
  stored = [];
  constructor(answer = () => "ok") {
    this.answer = answer;
  }
  async post(post) {
    const said = this.answer(post);
    const isStored = this.stored.some((known) => known.client_id === post.client_id);
    if (["ok", "lost"].includes(said) && !isStored) this.stored.push(post);
    if (said === "ok") return { ok: { id: 1, seq: this.stored.length, rev: 1 } };
    return {
      error: {
        code: ["lost", "stuck"].includes(said) ? "timeout" : said,
        detail: "",
        heard: said === "stuck",
        retry_after: said === "too_fast" ? 1 : undefined,
      },
    };
  }
}

function tab(shelf, server, { ready = () => true, waits = [] } = {}) {
  return new Outbox(shelf, {
    ready,
    post: (post) => server.post(post),
    alone: (task) => shelf.alone(task),
    pause: async (ms) => void waits.push(ms),
    random: () => 0.5,
    told: () => {},
  });
}

const post = (name, room = 7) => ({
  client_id: name,
  room,
  text: name,
  created: "2026-11-22T10:00:00Z",
});
const names = (posts) => posts.map((one) => one.client_id);

test("What is written arrives in the order it was written, and leaves the outbox", async () => {
  const shelf = new Shelf();
  const server = new Server();
  const outbox = tab(shelf, server);
  await Promise.all(["a", "b", "c"].map((name) => outbox.add(post(name))));
  await outbox.flush();
  await shelf.alone(() => {});
  assert.deepEqual(names(server.stored), ["a", "b", "c"]);
  assert.deepEqual(shelf.posts, []);
});

test("Offline everything is kept, and goes once there is a connection", async () => {
  let isLive = false;
  const shelf = new Shelf();
  const server = new Server();
  const outbox = tab(shelf, server, { ready: () => isLive });
  await outbox.add(post("a"));
  await outbox.add(post("b"));
  assert.deepEqual(names(shelf.posts), ["a", "b"]);
  isLive = true;
  await outbox.flush();
  assert.deepEqual(names(server.stored), ["a", "b"]);
});

test("An answer that was lost is asked for with the same client_id, and nothing is stored twice", async () => {
  const shelf = new Shelf();
  let calls = 0;
  const server = new Server(() => (++calls === 1 ? "lost" : "ok"));
  const outbox = tab(shelf, server);
  await outbox.add(post("a"));
  await outbox.flush();
  await shelf.alone(() => {});
  assert.deepEqual(names(server.stored), ["a"]);
  assert.equal(calls, 2);
});

test("Too fast waits as long as the server says", async () => {
  const waits = [];
  const shelf = new Shelf();
  let calls = 0;
  const server = new Server(() => (++calls === 1 ? "too_fast" : "ok"));
  await tab(shelf, server, { waits }).add(post("a"));
  await shelf.alone(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(waits, [1_000]);
});

test("A refused post stays with its text and its reason, and holds up no other", async () => {
  const shelf = new Shelf();
  const server = new Server(({ client_id }) => (client_id === "bad" ? "forbidden" : "ok"));
  const outbox = tab(shelf, server);
  await outbox.add(post("bad"));
  await outbox.add(post("good"));
  await outbox.flush();
  await shelf.alone(() => {});
  assert.deepEqual(names(server.stored), ["good"]);
  assert.deepEqual(shelf.posts, [{ ...post("bad"), failed: { code: "forbidden", detail: "" } }]);
});

test("A failed post goes again by hand, or is thrown away by hand", async () => {
  const shelf = new Shelf();
  shelf.posts = ["a", "b"].map((name) => ({
    ...post(name),
    failed: { code: "forbidden", detail: "" },
  }));
  const server = new Server();
  const outbox = tab(shelf, server);
  await outbox.remove("b");
  await outbox.retry("a");
  await outbox.flush();
  await shelf.alone(() => {});
  assert.deepEqual(names(server.stored), ["a"]);
  assert.deepEqual(shelf.posts, []);
});

test("A fault of the server's own is borne a few times, not for ever", () => {
  const fault = { error: { code: "internal", detail: "" } };
  assert.equal(judgeResult(fault, { tries: 1, faults: 1 }, () => 0).act, "wait");
  assert.equal(judgeResult(fault, { tries: 9, faults: 3 }, () => 0).act, "fail");
});

test("A post that a talking server never answers fails in the end, and holds up no other", async () => {
  const shelf = new Shelf();
  let calls = 0;
  const server = new Server(({ client_id }) => {
    calls += client_id === "bad";
    return client_id === "bad" ? "stuck" : "ok";
  });
  shelf.posts = ["bad", "good"].map((name) => ({ ...post(name), failed: null }));
  await tab(shelf, server).flush();
  assert.equal(calls, 3);
  assert.deepEqual(names(server.stored), ["good"]);
  assert.equal(shelf.posts[0].failed.code, "timeout");
});

test("A dead line is no fault of a post, however often it is tried", async () => {
  const shelf = new Shelf();
  let calls = 0;
  const server = new Server(() => (++calls < 20 ? "timeout" : "ok"));
  shelf.posts = [{ ...post("a"), failed: null }];
  await tab(shelf, server).flush();
  assert.deepEqual(names(server.stored), ["a"]);
});

test("A lock that is refused does not keep the outbox from being emptied later", async () => {
  const shelf = new Shelf();
  const server = new Server();
  shelf.posts = [{ ...post("a"), failed: null }];
  const outbox = tab(shelf, server);
  const { alone } = shelf;
  shelf.alone = () => Promise.reject(new Error("no lock"));
  await assert.rejects(outbox.flush());
  shelf.alone = alone;
  await outbox.flush();
  assert.deepEqual(names(server.stored), ["a"]);
});

test("Every refusal that cannot pass is final, every other is not", () => {
  const act = (code) =>
    judgeResult({ error: { code, detail: "" } }, { tries: 1, faults: 0 }, () => 0.5).act;
  for (const code of ["invalid", "forbidden", "not_found", "too_large", "conflict"])
    assert.equal(act(code), "fail");
  for (const code of ["too_fast", "unavailable", "timeout", "internal"])
    assert.equal(act(code), "wait");
  assert.equal(act("disconnected"), "stop");
});

test("Two tabs over a bad line: everything arrives once, each room's posts in the order they were written", async () => {
  for (let seed = 1; seed <= 60; seed += 1) await writesThrough(seed);
});

async function writesThrough(seed) {
  const random = seeded(seed);
  const shelf = new Shelf();
  const server = new Server(
    () =>
      ["ok", "ok", "lost", "timeout", "too_fast", "disconnected", "unavailable"][pick(random, 7)],
  );
  const tabs = [tab(shelf, server), tab(shelf, server)];
  const written = Array.from({ length: 15 }, (_, place) => post(`p${place}`, pick(random, 3)));
  for (const one of written) await tabs[pick(random, 2)].add(one);
  for (let round = 0; round < 200 && shelf.posts.length > 0; round += 1) {
    await tabs[pick(random, 2)].flush();
    await shelf.alone(() => {});
  }
  assert.deepEqual(names(server.stored), names(written), `seed ${seed}`);
}
