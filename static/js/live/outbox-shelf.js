import { kept, keyFor, keysOf } from "#lib/kept";

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

  /** Calls `told(posts)` when another tab changed the list. */
  listen(told) {
    this.#channel.onmessage = async () => told(await this.read());
  }

  /** One tab at a time empties the outbox: two would overtake each other. */
  alone(task) {
    return navigator.locks ? navigator.locks.request(this.#key, task) : task();
  }
}

/**
 * Posts of this person from before the installation was restored. Nobody can tell whether they arrived, so they come
 * back as failed ones, for the person to look at.
 */
export async function adoptOlder(identity, shelf) {
  const own = keyFor("outbox", identity);
  const others = (await keysOf("outbox", identity.person)).filter((key) => key !== own);
  for (const key of others) {
    const posts = (await kept.get(key)) ?? [];
    const marked = posts.map((post) => ({ ...post, failed: { code: "restored", detail: "" } }));
    await shelf.change((known) => [...marked, ...known]);
    await kept.remove(key);
  }
}
