import { room as measure } from "#chat/text";
import { WORDS } from "#chat/words";
import { autosize } from "#lib/autosize";
import { isComposing, isTouch } from "#lib/keyboard";

/**
 * Where a message is written. Tells, bubbling: "composer-send" with the text, which stays if that is prevented,
 * "composer-input" with the text, and "composer-edit-last" for the arrow up in an empty composer.
 */
export class ChatComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.area = this.querySelector("textarea");
    this.note = this.querySelector(".composer-note");
    this.closed = this.querySelector(".composer-closed");
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.area.addEventListener("input", () => this.#input());
    this.area.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener(
      "pointerdown",
      (event) => event.target === this.form && this.#catch(event),
    );
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.#measure();
  }

  /** Prepares for a room, by its title. */
  address(title) {
    this.area.placeholder = WORDS.compose(title);
    this.querySelector("label").textContent = WORDS.compose(title);
  }

  /** Lets nothing be written, and says why; opens with no words. */
  close(words) {
    if (this.closed.textContent !== words) this.closed.textContent = words;
    this.closed.hidden = words === "";
    this.form.hidden = this.area.disabled = words !== "";
  }

  get isOpen() {
    return !this.area.disabled;
  }

  focusText() {
    this.area.focus({ preventScroll: true });
  }

  #input() {
    this.#measure();
    this.#tell("composer-input");
  }

  #measure() {
    autosize(this.area);
    const { left, over } = measure(this.text);
    this.form.classList.toggle("is-over", over > 0);
    this.form.classList.toggle("is-empty", this.text.trim() === "");
    this.area.setAttribute("aria-invalid", String(over > 0));
    if (over > 0) this.#say(WORDS.tooLong(over));
    else this.#say(left === null ? "" : WORDS.left(left));
  }

  #say(words) {
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  #key(event) {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !isTouch()) this.#submit(event);
    else if (event.key === "ArrowUp" && this.text === "" && isPlain(event)) this.#editLast(event);
  }

  #submit(event) {
    event.preventDefault();
    if (this.text.trim() === "" || measure(this.text).over > 0) return;
    if (!this.#tell("composer-send")) return;
    this.text = "";
    this.focusText();
  }

  #editLast(event) {
    event.preventDefault();
    this.#tell("composer-edit-last");
  }

  // The frame around the text belongs to it: a press there does not take the focus away.
  #catch(event) {
    event.preventDefault();
    this.focusText();
  }

  #tell(type) {
    const detail = { text: this.text };
    return this.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, detail }));
  }
}

// With a modifier the key belongs to the page: Alt and the arrow walk through the rooms.
function isPlain(event) {
  return !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
}

customElements.define("chat-composer", ChatComposer);
