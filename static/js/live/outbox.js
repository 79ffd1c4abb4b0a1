import { kept, keyFor, keysOf, prefixOf } from "#lib/kept";
import { hold, release, takeLeft } from "#lib/parting";

/**
 * The posts that have not arrived yet, oldest first: kept before they are sent, so that neither a reload nor a lost
 * connection loses one, and sent one at a time by one tab at a time, so that they arrive in the order they were written.
 *
 * A post is `{client_id, room, text, created, failed}`; `failed` is null or `{code, detail}`. `shelf` keeps the list of
 * this person in this epoch: `read()` and `change(edit)`; `io` has `ready()`, `post(post)`, `alone(task)`, `pause(ms)`,
 * `random()`, and `told(posts)` after every change.
 */
export class Outbox {
  #shelf;
  #io;
  #isFlushing = false;
  #wantsFlush = false;

  constructor(shelf, io) {
    this.#shelf = shelf;
    this.#io = io;
  }

  list() {
    return this.#shelf.read();
  }

  async add(post) {
    await this.#change((posts) => [...posts, { ...post, failed: null }]);
    this.flush();
  }

  async remove(clientId) {
    await this.#change((posts) => posts.filter((post) => post.client_id !== clientId));
  }

  /** Once more, at the end of the queue: what was written since may have gone already. */
  async retry(clientId) {
    await this.#change((posts) => {
      const again = posts
        .filter((post) => post.client_id === clientId)
        .map((post) => ({ ...post, failed: null, confirmed: isConfirmed(post) }));
      return [...posts.filter((post) => post.client_id !== clientId), ...again];
    });
    this.flush();
  }

  /** Sends what waits; may be called at any time and as often as one likes. */
  async flush() {
    this.#wantsFlush = true;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      while (this.#wantsFlush && this.#io.ready()) {
        this.#wantsFlush = false;
        await this.#io.alone(() => this.#drain());
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  async #drain() {
    const counts = new Map();
    let post = await this.#next();
    while (post && this.#io.ready()) {
      const count = counts.get(post.client_id) ?? { tries: 0, faults: 0 };
      counts.set(post.client_id, count);
      if (!(await this.#attempt(post, count))) return;
      post = await this.#next();
    }
  }

  async #next() {
    return (await this.list()).find((post) => !post.failed);
  }

  // The same client_id goes again after a timeout: the server knows a post it has stored by it.
  async #attempt(post, count) {
    const result = await this.#io.post(post);
    count.tries += 1;
    if (isFault(result)) count.faults += 1;
    const verdict = judgeResult(result, count, this.#io.random);
    if (verdict.act === "stop") return false;
    if (verdict.act === "wait") await this.#io.pause(verdict.ms);
    if (verdict.act === "fail") await this.#fail(post.client_id, verdict);
    if (verdict.act === "sent") await this.remove(post.client_id);
    return true;
  }

  #fail(clientId, { code, detail }) {
    return this.#change((posts) =>
      posts.map((post) =>
        post.client_id === clientId ? { ...post, failed: { code, detail } } : post,
      ),
    );
  }

  async #change(edit) {
    await this.#shelf.change(edit);
    this.#io.told(await this.list());
  }
}

// Whoever sends a post again that was asked about, has agreed.
function isConfirmed({ confirmed, failed }) {
  return confirmed || failed?.code === "unconfirmed" || undefined;
}

const PERMANENT = [
  "invalid",
  "forbidden",
  "not_found",
  "too_large",
  "conflict",
  "unconfirmed",
  "bad_request",
  "unknown",
];

/** A fault of the server's own may pass; one that stays must not hold up the posts behind it for ever. */
const FAULTS = 3;
const BASE = 500;
const LONGEST = 30_000;

/**
 * What becomes of a post, told what the server answered to it: `{act: "sent"}`, `{act: "fail", code, detail}`,
 * `{act: "wait", ms}`, or `{act: "stop"}` until there is a connection. `tries` counts the attempts at this post, and
 * `faults` those that the server had no good answer to; both with this one.
 */
export function judgeResult(result, { tries, faults }, random) {
  if (result.ok) return { act: "sent" };
  const { code, detail, retry_after: seconds } = result.error;
  if (code === "disconnected") return { act: "stop" };
  if (PERMANENT.includes(code) || faults >= FAULTS) return { act: "fail", code, detail };
  return { act: "wait", ms: seconds === undefined ? patience(tries, random) : seconds * 1_000 };
}

// A timeout says something about the post only if the server was heard meanwhile: else it is the network's.
function isFault({ error }) {
  return error?.code === "internal" || error?.heard === true;
}

function patience(tries, random) {
  return random() * Math.min(LONGEST, BASE * 2 ** tries);
}

/** Where a person's outbox is kept; other tabs hear of every change. */
export class OutboxShelf {
  #key;
  #channel;

  constructor(identity) {
    this.#key = keyFor("outbox", identity);
    this.#channel = new BroadcastChannel(this.#key);
  }

  async read() {
    return (await kept.get(this.#key)) ?? [];
  }

  async change(edit) {
    await kept.update(this.#key, (posts) => edit(posts ?? []));
    this.#channel.postMessage("changed");
  }

  /** Until it is in the list, a page that goes leaves the post to the next one. */
  hold(post) {
    hold(`${this.#key}:${post.client_id}`, post);
  }

  release(post) {
    release(`${this.#key}:${post.client_id}`, post);
  }

  /** Calls `told(posts)` when another tab changed the list. */
  listen(told) {
    this.#channel.onmessage = async () => told(await this.read());
  }

  /** One tab at a time empties the outbox: two would overtake each other. */
  alone(task) {
    return navigator.locks ? navigator.locks.request(this.#key, task) : task();
  }
}

/** Brings back what earlier pages of this person left unsent. */
export async function adopt(identity, shelf) {
  await adoptLeft(identity);
  await adoptOlder(identity, shelf);
}

// A post may have been kept, or even sent, all the same: the server knows it by its client_id.
async function adoptLeft({ person }) {
  for (const [key, post] of takeLeft(prefixOf("outbox", person))) {
    hold(key, post);
    const list = key.slice(0, -`:${post.client_id}`.length);
    await kept.update(list, (known = []) =>
      isNew(post, known) ? [...known, { ...post, failed: null }] : known,
    );
    release(key, post);
  }
}

async function adoptOlder(identity, shelf) {
  const own = keyFor("outbox", identity);
  const others = (await keysOf("outbox", identity.person)).filter((key) => key !== own);
  if (others.length === 0) return;
  const { bringBack } = await import("#live/older-posts");
  await bringBack(others, shelf);
}

/** Whether a post is none of these: another tab may have brought it back at the same time. */
export function isNew(post, known) {
  return !known.some((one) => one.client_id === post.client_id);
}
