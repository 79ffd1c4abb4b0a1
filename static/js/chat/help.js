import { html } from "lit-html";
import { PAGE, WORDS } from "#chat/room-words";
import { SHORTCUTS } from "#chat/shortcut-words";
import { openDialog } from "#lib/dialog";
import { lettersAreOn, turnLetters } from "#lib/letters";
import { icon } from "#lib/parts";

const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** The dialog that lists what the keyboard can do. */
export function openHelp() {
  openDialog(template(), { label: PAGE.help, className: "is-list" });
}

function template() {
  const groups = [...new Set(SHORTCUTS.map(({ group }) => group))];
  return html`<form method="dialog" class="dialog-head">
      <h2>${PAGE.help}</h2>
      <button class="icon-button" aria-label=${WORDS.close} autofocus>${icon("x")}</button>
    </form>
    <div class="shortcut-groups">
      ${groups.map(groupTemplate)}
      <div class="field is-check">
        <input type="checkbox" id="letters" ?checked=${lettersAreOn()} @change=${turn} />
        <label for="letters">${PAGE.letters}</label>
      </div>
    </div>`;
}

function turn({ target }) {
  turnLetters(target.checked);
}

function groupTemplate(group) {
  return html`<section>
    <h3>${group}</h3>
    <dl class="shortcuts">
      ${SHORTCUTS.filter((one) => one.group === group).map(rowTemplate)}
    </dl>
  </section>`;
}

function rowTemplate({ words, shown }) {
  return html`<div>
    <dt>${words}</dt>
    <dd>${shown.map((key) => html`<kbd>${key === "Mod" ? MOD : key}</kbd> `)}</dd>
  </div>`;
}
