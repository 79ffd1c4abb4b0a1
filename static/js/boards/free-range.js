import { html } from "lit-html";
import { momentOf, wallOf } from "#boards/when";
import { WORDS } from "#boards/words";
import { openDialog } from "#lib/dialog";

/** Asks from when to when, by the clock of the person. */
export function askRange(board, go) {
  const [from, to] = board.span;
  const dialog = openDialog(template(from, to), {
    label: WORDS.freeRange,
    className: "is-question",
  });
  const form = dialog.querySelector("form");
  form.addEventListener("submit", (event) => {
    const [start, end] = ["from", "to"].map((name) => momentOf(form.elements[name].value));
    if (event.submitter?.value === "") return;
    if (start !== null && end !== null && start < end) {
      go({ ...board.view, from: start, to: end });
      return;
    }
    event.preventDefault();
    form.querySelector(".field-error").textContent = WORDS.wrongRange;
    form.elements.from.focus();
  });
}

function template(from, to) {
  const field = (name, text, value) => html`<div class="field">
    <label for="range-${name}">${text}</label>
    <input id="range-${name}" name=${name} type="datetime-local" step="1" .value=${wallOf(value)} />
  </div>`;
  return html`<form method="dialog" class="dialog-body">
    <h2>${WORDS.freeRange}</h2>
    ${field("from", WORDS.from, from)}${field("to", WORDS.to, to)}
    <p class="field-error" role="alert"></p>
    <div class="dialog-actions">
      <button type="button" class="button" @click=${({ target }) => target.closest("dialog").close()}>${WORDS.cancel}</button>
      <button class="button primary" value="show">${WORDS.apply}</button>
    </div>
  </form>`;
}
