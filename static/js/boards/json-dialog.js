import { html } from "lit-html";
import { WORDS } from "#boards/building-words";
import { openDialog } from "#lib/dialog";

/** Shows a board as JSON, to copy it or to put another in its place; resolves to the other one, or to null. */
export function askJson(body) {
  const text = JSON.stringify(body, null, 2);
  const content = html`<form method="dialog" class="dialog-body">
    <h2>${WORDS.jsonTitle}</h2>
    <p>${WORDS.jsonHelp}</p>
    <div class="field"><label class="visually-hidden" for="board-json">${WORDS.json}</label>
      <textarea id="board-json" class="json-text" rows="16" spellcheck="false" .value=${text}></textarea>
      <p class="field-error" role="alert"></p></div>
    <div class="dialog-actions">
      <button type="button" class="button" @click=${({ target }) => target.closest("dialog").close()}>${WORDS.cancel}</button>
      <button class="button primary" value="use">${WORDS.useJson}</button>
    </div>
  </form>`;
  const dialog = openDialog(content, { label: WORDS.jsonTitle, className: "is-wide" });
  const area = dialog.querySelector("textarea");
  return new Promise((resolve) => {
    let wanted = null;
    dialog.querySelector("form").addEventListener("submit", (event) => {
      if (event.submitter?.value !== "use") return;
      const { board, error } = readBoard(area.value);
      wanted = board ?? null;
      if (!error) return;
      event.preventDefault();
      dialog.querySelector(".field-error").textContent = error;
      area.focus();
    });
    dialog.addEventListener("close", () => resolve(wanted));
  });
}

/** `{board}` with its title and panels, or `{error}` in words. */
export function readBoard(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch (error) {
    return { error: WORDS.wrongJson(error.message) };
  }
  const isBoard = typeof told?.title === "string" && Array.isArray(told.panels);
  return isBoard ? { board: { title: told.title, panels: told.panels } } : { error: WORDS.noBoard };
}
