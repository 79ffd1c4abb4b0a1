import { WORDS } from "#live/words";

/** Draws the quiet banner and keeps `<html data-connection>`; the status decides what there is to say. */
export class Banner {
  #place;
  #status;
  #clock;
  #offers;
  #timer;

  constructor(place, { status, clock, offers }) {
    this.#place = place;
    this.#status = status;
    this.#clock = clock;
    this.#offers = offers;
    place
      .querySelector("button")
      .addEventListener("click", () => this.#offers[place.dataset.offer]());
  }

  phase(phase, reason) {
    document.documentElement.dataset.connection = CONNECTION[phase] ?? "reconnecting";
    this.#status.phase(this.#clock(), phase, reason);
    this.#draw();
  }

  #draw() {
    const { kind, text, offer } = this.#status.banner(this.#clock());
    this.#place.dataset.kind = kind;
    this.#put(this.#place.querySelector("p"), text);
    this.#offer(offer);
    clearTimeout(this.#timer);
    const due = this.#status.due - this.#clock();
    if (due > 0 && due < Infinity) this.#timer = setTimeout(() => this.#draw(), due + 10);
  }

  #offer(offer) {
    const button = this.#place.querySelector("button");
    button.hidden = !offer;
    this.#place.dataset.offer = offer ?? "";
    if (offer) this.#put(button, WORDS[offer]);
  }

  // Saying the same again would make a screen reader repeat it.
  #put(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }
}

const CONNECTION = { live: "live", offline: "offline", stopped: "offline" };
