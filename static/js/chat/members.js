import { html } from "lit-html";
import { WORDS } from "#chat/words";
import { openDialog } from "#lib/dialog";
import { avatar, icon } from "#lib/parts";

/** Who is in the room. */
export function showMembers(room) {
  const members = room.members.toSorted((one, other) => one.name.localeCompare(other.name));
  const label = `${WORDS.members(members.length)} · ${room.title}`;
  openDialog(template(label, members), { label, className: "is-list" });
}

function template(label, members) {
  return html`<form method="dialog" class="dialog-head">
      <h2>${label}</h2>
      <button class="icon-button" aria-label=${WORDS.close} autofocus>${icon("x")}</button>
    </form>
    <ul class="people-list">
      ${members.map(personTemplate)}
    </ul>`;
}

function personTemplate(person) {
  return html`<li class="person">
    ${avatar(person, "small")}
    <span class="person-name">${person.name} <span class="quiet">@${person.username}</span></span>
    <span class="quiet">${WORDS.roles[person.role]}</span>
  </li>`;
}
