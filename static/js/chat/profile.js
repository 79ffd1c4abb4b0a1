import { html } from "lit-html";
import { refusalWords } from "#chat/refusals";
import { WORDS } from "#chat/room-words";
import { WORDS as CHAT } from "#chat/words";
import { avatar, icon, when } from "#lib/parts";
import { clockIn, longDay } from "#lib/time";
import { View } from "#lib/view";

/** A new minute shows on the card by itself. */
const MINUTE = 20_000;

/** The card of a person: what those who share a room with them may know. */
export function openProfile(desk, person) {
  new Profile(desk, person);
}

class Profile {
  #desk;
  #person;
  #card = null;
  #view;

  constructor(desk, person) {
    this.#desk = desk;
    this.#person = person;
    this.#view = new View({
      label: person.name,
      heading: WORDS.profile,
      className: "is-card",
      closeWords: WORDS.close,
      template: () => this.#template(),
    });
    this.#follow(this.#view.signal);
    this.#load();
  }

  #follow(signal) {
    const clock = setInterval(() => this.#view.draw(), MINUTE);
    signal.addEventListener("abort", () => clearInterval(clock));
    for (const type of ["people", "rows"])
      this.#desk.addEventListener(type, () => this.#view.draw(), { signal });
  }

  async #load() {
    const { ok, error } = await this.#desk.own("person.card", { person: this.#person.id });
    if (ok) this.#card = ok;
    this.#view.say(error ? this.#refusal(error) : "");
  }

  #refusal(error) {
    return error.code === "not_found" ? WORDS.noneInCommon : refusalWords(error);
  }

  #template() {
    const person = this.#desk.current.asNow(this.#card?.person ?? this.#person);
    const status = this.#desk.people.statusOf(person.id);
    return html`<div class="card-body">
      <div class="card-who">
        ${avatar({ ...person, status }, "large")}
        <p>
          <b class="card-name">${person.name}</b>
          ${when(person.bot, () => html`<span class="tag">${CHAT.bot}</span>`)}
          <span class="quiet">@${person.username}</span>
          <span class="card-status">${CHAT.status[status]}</span>
        </p>
      </div>
      ${when(this.#card, () => this.#facts())}
    </div>`;
  }

  #facts() {
    const { zone, joined, rooms } = this.#card;
    const shared = this.#desk.me.rooms.filter((room) => rooms.includes(room.id));
    return html`<ul class="card-facts">
        <li>${icon("clock")} ${WORDS.localTime(clockIn(zone, Date.now()))} <span class="quiet">${zone.replaceAll("_", " ")}</span></li>
        <li>${icon("door-open")} ${WORDS.sinceDay(longDay(joined))}</li>
      </ul>
      ${when(
        shared.length > 0,
        () => html`<h3>${WORDS.inCommon}</h3>
          <ul class="card-rooms">${shared.map((room) => this.#room(room))}</ul>`,
      )}`;
  }

  #room(room) {
    return html`<li><a class="rail-row" href="/rooms/${room.id}/" @click=${() => this.#view.close()}>
      ${icon(room.private ? "lock" : "hash")} <span class="rail-name">${room.name}</span>
    </a></li>`;
  }
}
