import { WORDS } from "#live/words";

const PATIENCE = 5_000;
const BACK_FOR = 2_000;

/**
 * What the quiet banner says, told the phase of the connection and the time: nothing while all is well, and nothing
 * about a gap too short to matter.
 */
export class Status {
  #lostAt = null;
  #backAt = -Infinity;
  #told = false;
  #phase = "waiting";
  #reason = null;

  /** A new phase of the link; `reason` is why it stopped. */
  phase(now, phase, reason = null) {
    this.#phase = phase;
    this.#reason = reason;
    if (phase === "live") this.#found(now);
    else this.#lostAt ??= now;
  }

  /** `{kind, text, offer}`; kind is "none", "reconnecting", "offline", "stopped" or "back". */
  banner(now) {
    const banner = this.#choose(now);
    if (banner.kind !== "none" && banner.kind !== "back") this.#told = true;
    return banner;
  }

  /** When the banner may change without anything happening. */
  get due() {
    if (this.#lostAt !== null) return this.#told ? Infinity : this.#lostAt + PATIENCE;
    return this.#backAt + BACK_FOR;
  }

  #choose(now) {
    if (this.#phase === "stopped" && this.#reason) {
      return { kind: "stopped", text: this.#reason.words, offer: this.#reason.offer };
    }
    if (this.#phase === "offline") return { kind: "offline", text: WORDS.offline };
    if (this.#lostAt !== null)
      return now - this.#lostAt >= PATIENCE
        ? { kind: "reconnecting", text: WORDS.reconnecting }
        : NOTHING;
    return now - this.#backAt < BACK_FOR ? { kind: "back", text: WORDS.back } : NOTHING;
  }

  // "Back online" answers a banner that was seen, and nothing else.
  #found(now) {
    if (this.#told) this.#backAt = now;
    this.#told = false;
    this.#lostAt = null;
  }
}

const NOTHING = { kind: "none", text: "" };

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
