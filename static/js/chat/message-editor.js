import { html, render } from "lit-html";
import { room as measure } from "#chat/text";
import { WORDS } from "#chat/words";
import { autosize } from "#lib/autosize";
import { isComposing, isTouch } from "#lib/keyboard";

/** A message being changed in its place. Tells, bubbling: "editor-save" with the text, and "editor-cancel". */
export class MessageEditor extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    render(this.#template(), this);
    this.area = this.querySelector("textarea");
    this.area.value = this.text;
    autosize(this.area);
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
    this.scrollIntoView({ block: "nearest" });
  }

  #template() {
    return html`<form class="editor" @submit=${this.#save} @keydown=${this.#key}>
      <textarea rows="1" dir="auto" aria-label=${WORDS.editLabel} @input=${this.#input}></textarea>
      <p class="editor-foot">
        <span class="editor-note" role="status">${WORDS.editHint}</span>
        <button type="button" class="button small" @click=${this.#cancel}>${WORDS.cancel}</button>
        <button type="submit" class="button small primary">${WORDS.save}</button>
      </p>
    </form>`;
  }

  #input = () => {
    autosize(this.area);
    const { over } = measure(this.area.value);
    this.querySelector(".editor-note").textContent =
      over > 0 ? WORDS.tooLong(over) : WORDS.editHint;
  };

  #key = (event) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") this.#cancel(event);
    else if (event.key === "Enter" && !event.shiftKey && !isTouch()) this.#save(event);
  };

  #save = (event) => {
    event.preventDefault();
    const text = this.area.value;
    if (text.trim() === "" || measure(text).over > 0) return;
    this.#tell(text === this.text ? "editor-cancel" : "editor-save", text);
  };

  #cancel = (event) => {
    event.preventDefault();
    event.stopPropagation();
    this.#tell("editor-cancel");
  };

  #tell(type, text) {
    this.dispatchEvent(
      new CustomEvent(type, { bubbles: true, detail: { message: this.message, text } }),
    );
  }
}

customElements.define("message-editor", MessageEditor);
