import { html } from "lit-html";
import { SHORTCUTS } from "#chat/shortcuts";
import { WORDS } from "#chat/words";
import { openDialog } from "#lib/dialog";
import { icon } from "#lib/parts";

const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** The dialog that lists what the keyboard can do. */
export function openHelp() {
  openDialog(template(), { label: WORDS.help, className: "is-list" });
}

function template() {
  const groups = [...new Set(SHORTCUTS.map(({ group }) => group))];
  return html`<form method="dialog" class="dialog-head">
      <h2>${WORDS.help}</h2>
      <button class="icon-button" aria-label=${WORDS.close} autofocus>${icon("x")}</button>
    </form>
    <div class="shortcut-groups">${groups.map(groupTemplate)}</div>`;
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
