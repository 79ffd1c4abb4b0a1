import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { matchMembers } from "#chat/members-model";
import { openProfile } from "#chat/profile";
import { refusalWords } from "#chat/refusals";
import { mayAppoint, mayRemove } from "#chat/rights";
import { WORDS } from "#chat/room-words";
import { WORDS as CHAT } from "#chat/words";
import { confirm } from "#lib/dialog";
import { isTouch } from "#lib/keyboard";
import { avatar, icon, when } from "#lib/parts";
import { View } from "#lib/view";

/** As many members as are drawn at once; more are found by their names. */
const SHOWN = 200;

/** Who is in the open room: found by name, given roles, removed, and added to by those who may. */
export function openMembers(desk) {
  new MembersDialog(desk);
}

class MembersDialog {
  #desk;
  #room;
  #typed = "";
  #view;

  constructor(desk) {
    this.#desk = desk;
    this.#room = desk.current;
    this.#view = new View({
      label: `${CHAT.members(this.#room.members.length)} · ${this.#room.title}`,
      className: "is-list is-tall",
      closeWords: WORDS.close,
      template: () => this.#template(),
    });
    this.#follow();
  }

  // Who is here and who is in the room goes on changing behind the dialog.
  #follow() {
    const { signal } = this.#view;
    for (const type of ["rows", "reset", "people", "me"])
      this.#desk.addEventListener(type, () => this.#view.draw(), { signal });
    for (const type of ["closed", "open"])
      this.#desk.addEventListener(type, () => this.#leave(), { signal });
  }

  #leave() {
    if (this.#room.closed || this.#room !== this.#desk.current) this.#view.close();
  }

  #template() {
    const members = this.#room.members.map((one) => this.#seen(one));
    const found = matchMembers(members, this.#typed);
    return html`<div class="list-tools">
        <div class="search-field">
          ${icon("search")}
          <input
            type="search" aria-label=${WORDS.findMember} placeholder=${WORDS.findMember} autocomplete="off"
            ?autofocus=${!isTouch()} @input=${this.#search}
          />
        </div>
        ${when(
          !this.#room.facts?.archived,
          () =>
            html`<button type="button" class="button" @click=${this.#add}>${icon("user-plus")} ${WORDS.add}</button>`,
        )}
      </div>
      <ul class="people-list">
        ${repeat(
          found.slice(0, SHOWN),
          (one) => one.id,
          (one) => this.#row(one),
        )}
      </ul>
      ${when(found.length === 0, () => html`<p class="list-none">${WORDS.nobodyFound}</p>`)}
      ${when(found.length > SHOWN, () => html`<p class="list-none">${WORDS.moreMembers(found.length - SHOWN)}</p>`)}`;
  }

  #seen(one) {
    return { ...one, status: this.#desk.people.statusOf(one.id) };
  }

  #row(one) {
    const { role, person } = this.#desk;
    const isMe = one.id === person.id;
    const remove = () => this.#remove(one);
    return html`<li class="person">
      ${avatar(one, "small")}
      <span class="person-name">
        <button type="button" class="name-button" aria-haspopup="dialog" @click=${() => openProfile(this.#desk, one)}>${one.name}</button>
        <span class="quiet">@${one.username}${isMe ? ` (${WORDS.you})` : ""}</span>
        <span class="visually-hidden">, ${CHAT.status[one.status]}</span>
      </span>
      ${mayAppoint(role) ? this.#roles(one) : when(one.role !== "member", () => html`<span class="quiet">${WORDS.roles[one.role]}</span>`)}
      ${when(
        mayRemove({ role, id: person.id }, one),
        () =>
          html`<button type="button" class="icon-button" aria-label=${WORDS.removeWhom(one.name)} title=${WORDS.remove} @click=${remove}>${icon("user-minus")}</button>`,
      )}
    </li>`;
  }

  #roles(one) {
    return html`<select class="role" aria-label=${WORDS.roleOf(one.name)} .value=${one.role} @change=${(event) => this.#appoint(one, event.target)}>
      <option value="owner">${WORDS.roles.owner}</option>
      <option value="moderator">${WORDS.roles.moderator}</option>
      <option value="member">${WORDS.roles.member}</option>
    </select>`;
  }

  #search = (event) => {
    this.#typed = event.target.value;
    this.#view.say("");
  };

  #add = async () => {
    const { openAddPeople } = await import("#chat/add-people");
    openAddPeople(this.#desk);
  };

  async #appoint(one, select) {
    const role = select.value;
    const { error } = await this.#command("member.role", { member: one.id, role });
    // What is shown is what is so: a choice that was refused goes back.
    if (error) select.value = one.role;
    this.#view.say(error ? refusalWords(error) : WORDS.roleIs(one.name, WORDS.roles[role]));
  }

  async #remove(one) {
    const isSure = await confirm({
      title: WORDS.removeTitle(one.name, this.#room.title),
      text: WORDS.removeText,
      agree: WORDS.remove,
      decline: WORDS.keep,
    });
    if (!isSure) return;
    const { error } = await this.#command("member.remove", { member: one.id });
    this.#view.say(error ? refusalWords(error) : WORDS.removed(one.name));
    // The button that had the focus goes with the person.
    if (!error) this.#view.find("input").focus();
  }

  #command(verb, args) {
    return this.#desk.command(verb, args, this.#room.id);
  }
}
