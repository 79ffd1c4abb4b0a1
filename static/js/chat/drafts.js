import { kept, keyFor } from "#lib/kept";

const CALM = 250;

/** What a person has begun to write, a draft for each room, kept in this browser. */
export class Drafts {
  #identity;
  #timers = new Map();

  constructor(identity) {
    this.#identity = identity;
  }

  async read(roomId) {
    return (await kept.get(this.#key(roomId))) ?? "";
  }

  /** Keeps the text soon; nothing at all is kept of an empty one. */
  write(roomId, text) {
    clearTimeout(this.#timers.get(roomId));
    this.#timers.set(
      roomId,
      setTimeout(() => this.#keep(roomId, text), CALM),
    );
  }

  clear(roomId) {
    clearTimeout(this.#timers.get(roomId));
    return kept.remove(this.#key(roomId));
  }

  #keep(roomId, text) {
    return text.trim() ? kept.set(this.#key(roomId), text) : this.clear(roomId);
  }

  #key(roomId) {
    return keyFor("draft", this.#identity, roomId);
  }
}
