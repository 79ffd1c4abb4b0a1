import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { refusalWords } from "#chat/refusals";
import { WORDS } from "#chat/room-words";
import { isComposing } from "#lib/keyboard";
import { toast } from "#lib/notices";
import { avatar, icon, when } from "#lib/parts";
import { View } from "#lib/view";

/** The server is asked this long after the last letter. */
const CALM = 150;

/** The dialog that brings people into the open room: a combobox over everybody who is not in it, several at once. */
export function openAddPeople(desk) {
  new AddPeople(desk);
}

class AddPeople {
  #desk;
  #room;
  #view;
  #chosen = [];
  #found = [];
  #active = 0;
  #typed = "";
  #isAsked = false;
  #timer;

  constructor(desk) {
    this.#desk = desk;
    this.#room = desk.current;
    this.#view = new View({
      label: WORDS.addTo(this.#room.title),
      className: "is-list",
      closeWords: WORDS.close,
      template: () => this.#template(),
    });
    this.#find();
  }

  // Whoever was chosen is not offered again.
  get #offered() {
    const chosen = new Set(this.#chosen.map((one) => one.id));
    return this.#found.filter((one) => !chosen.has(one.id));
  }

  #template() {
    const offered = this.#offered;
    return html`<div class="add-people">
      ${when(this.#room.facts?.private, () => html`<p class="quiet">${WORDS.addPrivate}</p>`)}
      <div class="chips">
        <ul class="chip-list" aria-label=${WORDS.chosen}>
          ${repeat(
            this.#chosen,
            (one) => one.id,
            (one) => this.#chip(one),
          )}
        </ul>
        <input
          type="text" role="combobox" aria-label=${WORDS.addWhom} placeholder=${WORDS.addWhom} autocomplete="off"
          spellcheck="false" aria-expanded="true" aria-controls="add-list" aria-autocomplete="list" autofocus
          aria-activedescendant=${offered.length > 0 ? `add-${this.#active}` : ""} @input=${this.#input} @keydown=${this.#key}
        />
      </div>
      <ul class="switcher-list" id="add-list" role="listbox" aria-label=${WORDS.addWhom}>
        ${offered.map((one, place) => this.#option(one, place))}
      </ul>
      ${when(this.#isAsked && offered.length === 0, () => html`<p class="list-none">${this.#typed ? WORDS.nobodyToAdd : WORDS.nobodyLeft}</p>`)}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${() => this.#view.close()}>${WORDS.cancel}</button>
        <button type="button" class="button primary" ?disabled=${this.#chosen.length === 0} @click=${this.#add}>
          ${this.#chosen.length > 0 ? WORDS.addThem(this.#chosen.length) : WORDS.add}
        </button>
      </div>
    </div>`;
  }

  #chip(one) {
    return html`<li class="chip">
      ${avatar(one, "tiny")} ${one.name}
      <button type="button" class="chip-remove" aria-label=${WORDS.takeBack(one.name)} @click=${() => this.#takeBack(one)}>${icon("x")}</button>
    </li>`;
  }

  #option(one, place) {
    const isActive = place === this.#active;
    return html`<li
      role="option" id="add-${place}" class="switcher-row ${isActive ? "is-active" : ""}" aria-selected=${isActive}
      @click=${() => this.#choose(one)}
    >
      ${avatar(one, "small")} <span class="rail-name">${one.name} <span class="quiet">@${one.username}</span></span>
    </li>`;
  }

  #input = (event) => {
    this.#typed = event.target.value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(), CALM);
  };

  // An answer to what is no longer asked is of no use.
  async #find() {
    const text = this.#typed.trim().replace(/^@/, "");
    const { ok, error } = await this.#command("member.find", { text });
    if (text !== this.#typed.trim().replace(/^@/, "")) return;
    this.#isAsked = !error;
    this.#found = ok?.people ?? [];
    this.#active = 0;
    this.#view.say(error ? refusalWords(error) : "");
  }

  #key = (event) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#move(event, step);
    else if (event.key === "Enter") this.#enter(event);
    else if (event.key === "Backspace" && event.target.value === "" && this.#chosen.length > 0)
      this.#takeBack(this.#chosen.at(-1));
  };

  #move(event, step) {
    event.preventDefault();
    const { length } = this.#offered;
    if (length > 0) this.#active = (this.#active + step + length) % length;
    this.#view.draw();
    this.#view.find(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  #enter(event) {
    event.preventDefault();
    const one = this.#offered[this.#active];
    if (one) this.#choose(one);
  }

  #choose(one) {
    this.#chosen.push(one);
    this.#typed = "";
    this.#refresh();
  }

  #takeBack(one) {
    this.#chosen = this.#chosen.filter((other) => other !== one);
    this.#refresh();
  }

  #refresh() {
    this.#active = 0;
    this.#view.draw();
    const field = this.#view.find("input");
    field.value = this.#typed;
    field.focus();
    this.#find();
  }

  #add = async () => {
    const people = this.#chosen.map((one) => one.id);
    const { ok, error } = await this.#command("member.add", { people });
    if (error) return this.#view.say(refusalWords(error));
    this.#view.close();
    toast(WORDS.added(ok.people.length));
  };

  #command(verb, args) {
    return this.#desk.command(verb, args, this.#room.id);
  }
}
