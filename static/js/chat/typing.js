import { WORDS } from "#chat/words";

/** Who was heard typing counts as typing for this long; the browser says so every three seconds. */
const LASTS = 6_000;
const EVERY = 3_000;
const REFRESH = 1_000;

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

/** The line above the composer that says who is typing. */
export class TypingLine {
  #place;
  #typing = new Typing();
  #timer = null;
  #roomId = null;

  constructor(place) {
    this.#place = place;
  }

  show(roomId) {
    this.#roomId = roomId;
    this.#draw();
  }

  heard(roomId, { person, name }) {
    this.#typing.heard(performance.now(), roomId, person, name);
    this.#draw();
  }

  sent(roomId, personId) {
    this.#typing.sent(roomId, personId);
    this.#draw();
  }

  /** Whether the others should be told now that this person types. */
  shouldSay() {
    return this.#typing.shouldSay(performance.now());
  }

  #draw() {
    clearTimeout(this.#timer);
    const line = this.#typing.line(performance.now(), this.#roomId);
    this.#place.textContent = line;
    if (line) this.#timer = setTimeout(() => this.#draw(), REFRESH);
  }
}

function sentence(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return WORDS.typing.one(names[0]);
  return names.length === 2 ? WORDS.typing.two(...names) : WORDS.typing.many;
}
