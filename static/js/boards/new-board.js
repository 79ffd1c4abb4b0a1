import { html } from "lit-html";
import { WORDS } from "#boards/building-words";
import { readBoard } from "#boards/json-dialog";
import { change, isDone } from "#boards/requests";
import { WORDS as BOARD_WORDS } from "#boards/words";
import { openDialog } from "#lib/dialog";

/** Asks what a new board is called, or for one as JSON, makes it and opens it to be built. */
export function makeBoard() {
  const content = html`<form method="dialog" class="dialog-body">
    <h2>${WORDS.newBoard}</h2>
    <div class="field"><label for="new-title">${WORDS.title}</label>
      <input id="new-title" name="title" type="text" maxlength="80" autocomplete="off" autofocus /></div>
    <div class="field"><label for="new-json">${WORDS.fromJson}</label>
      <textarea id="new-json" name="json" class="json-text" rows="5" spellcheck="false"></textarea></div>
    <p class="field-error" role="alert"></p>
    <div class="dialog-actions">
      <button type="button" class="button" @click=${({ target }) => target.closest("dialog").close()}>${WORDS.cancel}</button>
      <button class="button primary" value="make">${WORDS.create}</button>
    </div>
  </form>`;
  const dialog = openDialog(content, { label: WORDS.newBoard, className: "is-question" });
  const form = dialog.querySelector("form");
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "make") return;
    event.preventDefault();
    make(form);
  });
}

async function make(form) {
  const { title, json } = form.elements;
  const fault = form.querySelector(".field-error");
  const { board, error } = json.value.trim()
    ? readBoard(json.value)
    : { board: { title: title.value.trim(), panels: [] } };
  if (error) {
    fault.textContent = error;
    return;
  }
  const answer = await change("POST", "/boards/", {
    ...board,
    title: title.value.trim() || board.title,
  });
  if (isDone(answer)) {
    location.assign(`/boards/${answer.body.slug}/${board.panels.length > 0 ? "" : "#build"}`);
    return;
  }
  const [wrong] = answer.body?.errors ?? [];
  fault.textContent =
    (wrong && [wrong.path, wrong.text].filter(Boolean).join(": ")) ||
    answer.body?.error?.detail ||
    BOARD_WORDS.failedAct;
}
