import { judgeResult } from "#live/outbox-rules";

/**
 * The posts that have not arrived yet, oldest first: kept before they are sent, so that neither a reload nor a lost
 * connection loses one, and sent one at a time by one tab at a time, so that they arrive in the order they were written.
 *
 * A post is `{client_id, room, text, created, failed}`; `failed` is null or `{code, detail}`. `shelf` keeps the list of
 * this person in this epoch: `read()` and `change(edit)`; `io` has `ready()`, `post(post)`, `alone(task)`, `pause(ms)`,
 * `random()`, `told(posts)` after every change, and `delivered(post, ok)`.
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
        .map((post) => ({ ...post, failed: null }));
      return [...posts.filter((post) => post.client_id !== clientId), ...again];
    });
    this.flush();
  }

  /** Sends what waits; may be called at any time and as often as one likes. */
  async flush() {
    this.#wantsFlush = true;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    while (this.#wantsFlush && this.#io.ready()) {
      this.#wantsFlush = false;
      await this.#io.alone(() => this.#drain());
    }
    this.#isFlushing = false;
  }

  async #drain() {
    const tries = new Map();
    let post = await this.#next();
    while (post && this.#io.ready()) {
      const count = (tries.get(post.client_id) ?? 0) + 1;
      tries.set(post.client_id, count);
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
    const verdict = judgeResult(result, count, this.#io.random);
    if (verdict.act === "stop") return false;
    if (verdict.act === "wait") await this.#io.pause(verdict.ms);
    if (verdict.act === "fail") await this.#fail(post.client_id, verdict);
    if (verdict.act === "sent") await this.#sent(post, result.ok);
    return true;
  }

  async #sent(post, ok) {
    this.#io.delivered(post, ok);
    await this.remove(post.client_id);
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
