import { WORDS } from "#chat/words";

/** Who was heard typing counts as typing for this long; the browser says so every three seconds. */
const LASTS = 6_000;
const EVERY = 3_000;

/** Who is typing in which room, told the time. */
export class Typing {
  #heard = new Map();
  #saidAt = -Infinity;

  heard(now, roomId, personId, name) {
    this.#heard.set(`${roomId}:${personId}`, { roomId, name, until: now + LASTS });
  }

  /** Who has sent what they typed is not typing any more. */
  sent(roomId, personId) {
    this.#heard.delete(`${roomId}:${personId}`);
  }

  /** What to say about a room, "" for nothing. */
  line(now, roomId) {
    for (const [key, { until }] of this.#heard) {
      if (until <= now) this.#heard.delete(key);
    }
    return sentence(
      [...this.#heard.values()].filter((one) => one.roomId === roomId).map((one) => one.name),
    );
  }

  /** Whether it is time to tell the others that this person types. */
  shouldSay(now) {
    if (now - this.#saidAt < EVERY) return false;
    this.#saidAt = now;
    return true;
  }
}

function sentence(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return WORDS.typing.one(names[0]);
  return names.length === 2 ? WORDS.typing.two(...names) : WORDS.typing.many;
}
