import { html, render } from "lit-html";
import { WORDS } from "#chat/words";
import { icon, when } from "#lib/parts";

/**
 * The actions of one message: a single bar that goes to the message under the pointer or with the focus, so that three
 * hundred messages need no buttons of their own. Tells, bubbling: "message-copy", "message-why", "message-edit", "message-delete".
 */
export class MessageActions extends HTMLElement {
  #timeline;
  #isOwn;

  /** Serves `timeline`; `isOwn(message)` says what this person may change. */
  serve(timeline, isOwn) {
    this.#timeline = timeline;
    this.#isOwn = isOwn;
    this.className = "message-actions";
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", WORDS.actions);
    timeline.addEventListener(
      "pointerover",
      (event) => event.pointerType !== "touch" && this.#visit(event.target),
    );
    timeline.addEventListener("pointerleave", () => this.#leave());
    timeline.addEventListener("focusin", (event) => this.#visit(event.target, true));
    timeline.addEventListener("focusout", (event) => this.#blurred(event));
    timeline.addEventListener("timeline-moved", () => this.#review());
  }

  // The one who has the keyboard keeps the bar: a pointer that wanders does not pull it away from under a focus.
  #visit(target, isFocus = false) {
    const row = target.closest?.(".message[data-id]");
    if (!row || row === this.parentElement || (!isFocus && this.contains(document.activeElement)))
      return;
    const message = this.#timeline.room.timeline.find(Number(row.dataset.id));
    if (!message || message.deleted) return this.#leave();
    this.#show(row, message);
  }

  #show(row, message) {
    render(this.#template(message), this);
    row.append(this);
  }

  #leave() {
    if (!isFocusLent() && !this.parentElement?.contains(document.activeElement)) this.remove();
  }

  // What was deleted under the bar, here or elsewhere, has nothing left to act on.
  #review() {
    const row = this.parentElement;
    if (!row || !this.#timeline.room.timeline.find(Number(row.dataset.id))?.deleted) return;
    if (this.contains(document.activeElement)) row.focus({ preventScroll: true });
    this.remove();
  }

  #blurred({ relatedTarget }) {
    if (
      this.parentElement &&
      !isFocusLent() &&
      !this.parentElement.contains(relatedTarget) &&
      !this.parentElement.matches(":hover")
    )
      this.remove();
  }

  #template(message) {
    const isOwn = this.#isOwn(message);
    return html`
      ${this.#button("copy", "link", WORDS.copyLink, message)}
      ${when(!isOwn, () => this.#button("why", "circle-help", WORDS.why, message))}
      ${when(isOwn, () => this.#button("edit", "pencil", WORDS.edit, message))}
      ${when(isOwn, () => this.#button("delete", "trash-2", WORDS.delete, message))}
    `;
  }

  #button(action, symbol, words, message) {
    const tell = () =>
      this.dispatchEvent(
        new CustomEvent(`message-${action}`, { bubbles: true, detail: { message } }),
      );
    return html`<button type="button" class="icon-button" aria-label=${words} title=${words} @click=${tell}>${icon(symbol)}</button>`;
  }
}

// A dialog gives the focus back to the button that opened it, which has to be there still.
function isFocusLent() {
  return document.querySelector("dialog:modal") !== null;
}

customElements.define("message-actions", MessageActions);
