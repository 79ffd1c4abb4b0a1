import { html, render } from "lit-html";
import { openDialog } from "#lib/dialog";
import { icon } from "#lib/parts";

/**
 * A dialog that shows something which changes: it draws what `template()` gives whenever `draw` is called, and says in
 * passing what came of an action. `signal` ends with it, for the listeners that keep it up to date.
 */
export class View {
  #dialog;
  #template;
  #words = "";
  #ended = new AbortController();

  constructor({ label, heading = label, className, closeWords, template }) {
    this.#template = () => html`<form method="dialog" class="dialog-head">
        <h2>${heading}</h2>
        <button class="icon-button" aria-label=${closeWords}>${icon("x")}</button>
      </form>
      ${template()}
      <p class="dialog-note" role="status">${this.#words}</p>`;
    this.#dialog = openDialog(this.#template(), { label, className });
    this.#dialog.addEventListener("close", () => this.#ended.abort());
  }

  get signal() {
    return this.#ended.signal;
  }

  draw() {
    if (!this.signal.aborted) render(this.#template(), this.#dialog);
  }

  say(words) {
    this.#words = words;
    this.draw();
  }

  find(selector) {
    return this.#dialog.querySelector(selector);
  }

  close() {
    this.#dialog.close();
  }
}
