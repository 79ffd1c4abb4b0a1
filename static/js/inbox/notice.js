import { html, render } from "lit-html";
import { WORDS } from "#inbox/words";
import { when } from "#lib/parts";

const SHOWN_FOR = 8_000;

/** Says what was done, and takes it back when asked to; it stays while somebody is on it. */
export class Notice {
  #place;
  #timer;
  #undo = null;

  constructor(place) {
    this.#place = place;
  }

  say(words, undo = null) {
    this.#undo = undo;
    render(
      html`<span>${words}</span>${when(undo, () => html`<button type="button" class="link-button" @click=${() => this.undo()}>${WORDS.undo}</button>`)}`,
      this.#place,
    );
    this.#place.classList.add("is-shown");
    this.#hideLater(SHOWN_FOR);
  }

  /** Takes the last thing back that was said here. */
  async undo() {
    const undo = this.#undo;
    this.#undo = null;
    if (undo && (await undo())) this.say(WORDS.undone);
  }

  #hideLater(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#place.matches(":hover, :focus-within")) this.#hideLater(1_000);
      else this.#place.classList.remove("is-shown");
    }, wait);
  }
}
