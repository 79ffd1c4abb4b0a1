import { kept, keyFor } from "#lib/kept";

const CALM = 250;

/** What a person has begun to write, a draft for each room, kept in this browser. */
export class Drafts {
  #identity;
  #timers = new Map();
  // Written a moment ago and not kept yet: who comes back to a room at once finds it all the same.
  #fresh = new Map();

  constructor(identity) {
    this.#identity = identity;
  }

  async read(roomId) {
    return this.#fresh.get(roomId) ?? (await kept.get(this.#key(roomId))) ?? "";
  }

  /** Keeps the text soon; nothing at all is kept of an empty one. */
  write(roomId, text) {
    clearTimeout(this.#timers.get(roomId));
    this.#fresh.set(roomId, text);
    this.#timers.set(
      roomId,
      setTimeout(() => this.#keep(roomId), CALM),
    );
  }

  /** The text is in the outbox now; what was begun after it stays. */
  async sent(roomId, text) {
    if ((await this.read(roomId)) === text) await this.#clear(roomId);
  }

  #clear(roomId) {
    this.write(roomId, "");
    return this.#keep(roomId);
  }

  #keep(roomId) {
    const key = this.#key(roomId);
    const text = this.#fresh.get(roomId);
    clearTimeout(this.#timers.get(roomId));
    this.#fresh.delete(roomId);
    return text.trim() ? kept.set(key, text) : kept.remove(key);
  }

  #key(roomId) {
    return keyFor("draft", this.#identity, roomId);
  }
}
