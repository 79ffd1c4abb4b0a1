import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { WORDS } from "#chat/words";
import { avatar, when } from "#lib/parts";

/** So many people have a row of their own in the rail. */
const SHOWN = 12;

/** The people of the open room who are here, in the rail, and oneself on the button of one's own menu. */
export class Here {
  #desk;
  #place = document.querySelector(".rail-here");
  #own;

  constructor(desk) {
    this.#desk = desk;
    this.#own = new Own(document.querySelector(".me-button"), document.querySelector(".menu-who"));
    for (const type of ["people", "open", "closed", "me"])
      desk.addEventListener(type, () => this.show());
    desk.addEventListener("rows", ({ detail }) => detail.room === desk.current && this.show());
    this.show();
  }

  show() {
    const { current, people, person, isLive } = this.#desk;
    const status = isLive ? people.statusOf(person.id) : "offline";
    this.#own.show({ ...current.asNow(person), status });
    render(this.#template(people.among(current.members)), this.#place);
  }

  #template(here) {
    const rest = here.length - SHOWN;
    return when(
      here.length > 0,
      () => html`<h2 class="rail-heading">${WORDS.hereNow}</h2>
        <ul class="rail-list">
          ${repeat(
            here.slice(0, SHOWN),
            (one) => one.id,
            (one) => this.#row(one),
          )}
        </ul>
        ${when(rest > 0, () => html`<button type="button" class="rail-row rail-more" data-do="members">${WORDS.andMore(rest)}</button>`)}`,
    );
  }

  #row(one) {
    const isMe = one.id === this.#desk.person.id;
    return html`<li><button type="button" class="rail-row" data-person=${one.id} aria-haspopup="dialog">
      ${avatar(one, "tiny")}
      <span class="rail-name">${one.name}${when(isMe, () => html` <span class="quiet">(${WORDS.you})</span>`)}</span>
      <span class="visually-hidden">, ${WORDS.status[one.status]}</span>
    </button></li>`;
  }
}

/** The person whose page it is, who may become somebody with another name or picture on another page. */
class Own {
  #button;
  #who;
  #shown;

  constructor(button, who) {
    this.#button = button;
    this.#who = who;
  }

  show(person) {
    const shown = JSON.stringify(person);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#picture(this.#button, person, "small");
    this.#picture(this.#who, { ...person, status: undefined });
    this.#button.querySelector(".avatar").title = WORDS.status[person.status];
    this.#button.querySelector(".visually-hidden").textContent = WORDS.ownMenu(person.name);
    this.#who.querySelector("b").textContent = person.name;
  }

  #picture(root, person, size) {
    const place = document.createDocumentFragment();
    render(avatar(person, size), place);
    root.querySelector(".avatar").replaceWith(place.firstElementChild);
  }
}
