import { wellFormed } from "#chat/text";
import { uuid } from "#lib/uuid";
import { adopt, Outbox, OutboxShelf } from "#live/outbox";

/** Writing into rooms: what is sent is drawn at once, kept in the outbox, and replaced by its echo. */
export class Posting {
  #desk;
  #timeline;
  #shelf;
  #outbox;

  constructor(desk, timeline) {
    this.#desk = desk;
    this.#timeline = timeline;
    this.#shelf = new OutboxShelf(desk.identity);
    this.#outbox = new Outbox(this.#shelf, this.#io());
    this.#shelf.listen((posts) => this.#told(posts));
  }

  /** Brings back what an earlier page left unsent. */
  async begin() {
    await adopt(this.#desk.identity, this.#shelf);
    await this.show();
    this.flush();
  }

  /** Draws what is on its way to the room that is open now. */
  async show() {
    this.#draw(await this.#outbox.list());
  }

  /** `more` is what else the server is told with it. */
  async send(text, more = {}) {
    const post = {
      client_id: uuid(),
      room: this.#desk.current.id,
      text: wellFormed(text),
      created: new Date().toISOString(),
      ...more,
    };
    this.#shelf.hold(post);
    await this.#outbox.add(post);
    this.#shelf.release(post);
  }

  flush() {
    this.#outbox.flush();
  }

  retry(clientId) {
    return this.#outbox.retry(clientId);
  }

  remove(clientId) {
    return this.#outbox.remove(clientId);
  }

  #io() {
    const desk = this.#desk;
    return {
      ready: () => desk.socket?.isLive ?? false,
      post: ({ client_id, room, text, confirmed }) =>
        desk.visit("message.post", { client_id, text, confirmed }, room),
      alone: (task) => this.#shelf.alone(task),
      pause: desk.io.pause,
      random: Math.random,
      told: (posts) => this.#told(posts),
    };
  }

  // What left the outbox was sent, by this tab or another: it stays drawn until its row is here. Only what failed is
  // thrown away by hand.
  #told(posts) {
    const waiting = new Set(posts.map((post) => post.client_id));
    const sent = this.#desk.current.timeline.pending.filter(
      (post) => !post.failed && !waiting.has(post.client_id),
    );
    this.#draw([...sent, ...posts]);
  }

  #draw(posts) {
    const { current } = this.#desk;
    current.timeline.setPending(posts.filter((post) => post.room === current.id));
    this.#timeline.changed();
  }
}
