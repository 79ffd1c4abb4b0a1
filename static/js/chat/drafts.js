import { kept, keyFor } from "#lib/kept";
import { hold, release, takeLeft } from "#lib/parting";

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
    this.#begin(roomId, text);
    this.#timers.set(
      roomId,
      setTimeout(() => this.#keep(roomId), CALM),
    );
  }

  /** The text is on its way into the outbox: a page that goes now leaves no draft of it. */
  sending(roomId) {
    this.#begin(roomId, "");
  }

  /** The text is in the outbox now; what was begun after it stays. */
  async sent(roomId) {
    if (this.#fresh.get(roomId) === "") await this.#keep(roomId);
  }

  /** Brings back what an earlier page had no time to keep. */
  adopt() {
    const begin = keyFor("draft", this.#identity, "");
    for (const [key, text] of takeLeft(begin)) this.write(Number(key.slice(begin.length)), text);
  }

  #begin(roomId, text) {
    clearTimeout(this.#timers.get(roomId));
    this.#fresh.set(roomId, text);
    hold(this.#key(roomId), text);
  }

  async #keep(roomId) {
    const key = this.#key(roomId);
    const text = this.#fresh.get(roomId);
    clearTimeout(this.#timers.get(roomId));
    await (text.trim() ? kept.set(key, text) : kept.remove(key));
    if (this.#fresh.get(roomId) === text) this.#fresh.delete(roomId);
    release(key, text);
  }

  #key(roomId) {
    return keyFor("draft", this.#identity, roomId);
  }
}
