import { pick } from "./random.js";

/** As much of Web Locks as tabs use to choose a leader, for tests. A tab that dies lets go of all of its own. */
export class FakeLocks {
  #held = new Map();
  #queues = new Map();

  /** What one tab sees; `die()` ends it as a closed tab ends. */
  forTab() {
    const tab = { isDead: false, owned: new Set() };
    return {
      request: (name, options, task) => this.#request(tab, name, options, task),
      die: () => {
        tab.isDead = true;
        for (const queue of this.#queues.values()) remove(queue, (one) => one.tab === tab);
        for (const name of [...tab.owned]) this.#release(name, this.#held.get(name));
      },
    };
  }

  #request(tab, name, options, task) {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(new DOMException("", "AbortError"));
      const wish = { tab, name, task, resolve, reject };
      options.signal?.addEventListener("abort", () => {
        const queue = this.#queues.get(name) ?? [];
        if (remove(queue, (one) => one === wish)) reject(new DOMException("", "AbortError"));
      });
      if (options.steal && this.#held.has(name)) {
        const old = this.#held.get(name);
        old.tab.owned.delete(name);
        this.#held.delete(name);
        old.reject(new DOMException("", "AbortError"));
        this.#grant(wish);
        return;
      }
      if (!this.#queues.has(name)) this.#queues.set(name, []);
      this.#queues.get(name).push(wish);
      queueMicrotask(() => this.#next(name));
    });
  }

  #next(name) {
    const queue = this.#queues.get(name) ?? [];
    if (!this.#held.has(name) && queue.length > 0) this.#grant(queue.shift());
  }

  async #grant(wish) {
    this.#held.set(wish.name, wish);
    wish.tab.owned.add(wish.name);
    const result = await wish.task({ name: wish.name });
    if (this.#held.get(wish.name) !== wish || wish.tab.isDead) return;
    wish.resolve(result);
    this.#release(wish.name, wish);
  }

  #release(name, wish) {
    wish.tab.owned.delete(name);
    this.#held.delete(name);
    queueMicrotask(() => this.#next(name));
  }
}

/** BroadcastChannels whose messages arrive when the test says so: in their order at each, at several in any. */
export class FakeChannels {
  #open = new Set();

  open(name, tab) {
    const channel = { name, tab, inbox: [], onmessage: null };
    channel.postMessage = (data) => {
      if (tab.isDead) return;
      if (!this.#open.has(channel)) throw new DOMException("closed", "InvalidStateError");
      for (const other of this.#open)
        if (other !== channel && other.name === name) other.inbox.push(structuredClone(data));
    };
    channel.close = () => this.#open.delete(channel);
    this.#open.add(channel);
    return channel;
  }

  /** A tab dies: nothing arrives there any more. */
  die(tab) {
    tab.isDead = true;
    for (const one of this.#open) if (one.tab === tab) this.#open.delete(one);
  }

  deliver(random) {
    const waiting = [...this.#open].filter((one) => one.inbox.length > 0 && !one.tab.isFrozen);
    if (waiting.length === 0) return false;
    const one = waiting[pick(random, waiting.length)];
    one.onmessage?.({ data: one.inbox.shift() });
    return true;
  }
}

function remove(list, isMeant) {
  const place = list.findIndex(isMeant);
  if (place >= 0) list.splice(place, 1);
  return place >= 0;
}
