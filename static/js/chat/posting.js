import { Outbox } from "#live/outbox";
import { adoptOlder, OutboxShelf } from "#live/outbox-shelf";

/** Writing into rooms: what is sent is drawn at once, kept in the outbox, and replaced by its echo. */
export class Posting {
  #desk;
  #timeline;
  #shelf;
  #outbox;
  #arrived = new Set();

  constructor(desk, timeline) {
    this.#desk = desk;
    this.#timeline = timeline;
    this.#shelf = new OutboxShelf(desk.identity);
    this.#outbox = new Outbox(this.#shelf, this.#io());
    this.#shelf.listen((posts) => this.#told(posts));
  }

  /** Brings back what an earlier page left unsent. */
  async begin() {
    await adoptOlder(this.#desk.identity, this.#shelf);
    await this.show();
    this.flush();
  }

  /** Draws what is on its way to the room that is open now. */
  async show() {
    this.#told(await this.#outbox.list());
  }

  async send(text) {
    const post = {
      client_id: uuid(),
      room: this.#desk.current.id,
      text,
      created: new Date().toISOString(),
    };
    await this.#outbox.add(post);
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
      post: ({ client_id, room, text }) => desk.visit("message.post", { client_id, text }, room),
      alone: (task) => this.#shelf.alone(task),
      pause: desk.io.pause,
      random: Math.random,
      told: (posts) => this.#told(posts),
      delivered: (post) => this.#arrived.add(post.client_id),
    };
  }

  // An answer may overtake the event: a post that arrived stays drawn until its row is here.
  #told(posts) {
    const { current } = this.#desk;
    const waiting = posts.filter((post) => post.room === current.id);
    const onTheWay = current.timeline.pending.filter((post) => this.#arrived.has(post.client_id));
    const known = new Set(waiting.map((post) => post.client_id));
    current.timeline.setPending([
      ...onTheWay.filter((post) => !known.has(post.client_id)),
      ...waiting,
    ]);
    this.#timeline.changed();
  }
}

// randomUUID is there on secure origins only, and a team's own server may be reached over plain HTTP.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
