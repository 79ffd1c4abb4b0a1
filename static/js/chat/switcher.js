import { html, render } from "lit-html";
import { PAGE } from "#chat/room-words";
import { matchRooms } from "#chat/switcher-model";
import { openDialog } from "#lib/dialog";
import { isComposing } from "#lib/keyboard";
import { icon, when } from "#lib/parts";

/** The dialog that jumps to a room by its name: a combobox over the person's own rooms. */
export function openSwitcher(rooms, choose) {
  const dialog = openDialog(html``, { label: PAGE.switcher, className: "is-switcher" });
  new Switcher(dialog, rooms, choose).draw();
  dialog.querySelector("input").focus();
}

class Switcher {
  #dialog;
  #rooms;
  #choose;
  #typed = "";
  #active = 0;

  constructor(dialog, rooms, choose) {
    this.#dialog = dialog;
    this.#rooms = rooms;
    this.#choose = choose;
  }

  get #found() {
    return matchRooms(this.#rooms, this.#typed);
  }

  draw() {
    render(this.#template(this.#found), this.#dialog);
    this.#dialog.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  #template(found) {
    return html`<div class="switcher-field">
        ${icon("search")}
        <input
          type="text" role="combobox" aria-label=${PAGE.switcher} placeholder=${PAGE.switcherHint} autocomplete="off"
          spellcheck="false" aria-expanded="true" aria-controls="switcher-list" aria-autocomplete="list"
          aria-activedescendant=${found.length > 0 ? `switcher-${this.#active}` : ""}
          @input=${this.#input} @keydown=${this.#key}
        />
      </div>
      <ul class="switcher-list" id="switcher-list" role="listbox" aria-label=${PAGE.switcher}>
        ${found.map((room, place) => this.#option(room, place))}
      </ul>
      <p class="switcher-none" role="status">${found.length === 0 ? PAGE.nothingFound : ""}</p>`;
  }

  #option(room, place) {
    const isActive = place === this.#active;
    return html`<li
      role="option" id="switcher-${place}" class="switcher-row ${isActive ? "is-active" : ""}" aria-selected=${isActive}
      @click=${() => this.#take(room)}
    >
      ${icon(room.private ? "lock" : "hash")} <span class="rail-name">${room.name}</span>
      ${when(room.unread > 0, () => html`<span class="count">${room.unread}</span>`)}
    </li>`;
  }

  #input = (event) => {
    this.#typed = event.target.value;
    this.#active = 0;
    this.draw();
  };

  #key = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isComposing(event)) return;
    if (step) this.#move(event, step);
    else if (event.key === "Enter") this.#enter(event);
  };

  #move(event, step) {
    event.preventDefault();
    const { length } = this.#found;
    if (length > 0) this.#active = (this.#active + step + length) % length;
    this.draw();
  }

  #enter(event) {
    event.preventDefault();
    const room = this.#found[this.#active];
    if (room) this.#take(room);
  }

  #take(room) {
    this.#dialog.close();
    this.#choose(room.id);
  }
}
