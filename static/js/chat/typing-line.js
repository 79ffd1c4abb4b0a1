import { Typing } from "#chat/typing";

const REFRESH = 1_000;

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
