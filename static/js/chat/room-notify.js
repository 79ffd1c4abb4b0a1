import { html } from "lit-html";
import { WORDS } from "#chat/notify-words";
import { refusalWords } from "#chat/refusals";
import { icon } from "#lib/parts";
import { fullTime } from "#lib/time";
import { View } from "#lib/view";

/** How much of the open room the person wants to be told, and whether it is muted for a while. */
export function openRoomNotify(desk) {
  new RoomNotify(desk);
}

class RoomNotify {
  #desk;
  #room;
  #view;

  constructor(desk) {
    this.#desk = desk;
    this.#room = desk.current;
    this.#view = new View({
      label: WORDS.of(this.#room.title),
      heading: WORDS.notifications,
      className: "is-form",
      closeWords: WORDS.close,
      template: () => this.#template(),
    });
    const { signal } = this.#view;
    desk.addEventListener("me", () => this.#view.draw(), { signal });
    desk.addEventListener("closed", () => this.#room.closed && this.#view.close(), { signal });
  }

  get #own() {
    return this.#desk.me.rooms.find((room) => room.id === this.#room.id) ?? {};
  }

  #template() {
    return html`<div class="form dialog-body">
        <fieldset class="choices">
          <legend class="field-label">${WORDS.tellMe}</legend>
          ${Object.entries(WORDS.levels).map(([level, words]) => this.#level(level, words))}
        </fieldset>
      </div>
      <div class="dialog-end">${this.#muting()}</div>
      <div class="dialog-end"><a href="/settings/notifications/">${WORDS.everywhere}</a></div>`;
  }

  #level(level, { name, about }) {
    const choose = () => this.#tell("room.notify", { notify: level });
    return html`<label class="choice">
      <input type="radio" name="notify" value=${level} .checked=${this.#own.notify === level} @change=${choose} />
      ${icon(SYMBOLS[level])}
      <span><b>${name}</b><span class="quiet">${about}</span></span>
    </label>`;
  }

  #muting() {
    const until = this.#own.mutedUntil;
    const isMuted = until && new Date(until).getTime() > Date.now();
    if (isMuted)
      return html`<p class="quiet">${WORDS.mutedUntil(fullTime(until))}</p>
        <div class="form-actions">${this.#span(null, WORDS.unmute)}</div>`;
    return html`<p class="quiet"><b>${WORDS.mute}</b> ${WORDS.muteText}</p>
      <div class="form-actions">
        ${Object.entries(WORDS.spans).map(([span, words]) => this.#span(span, words))}
      </div>`;
  }

  #span(span, words) {
    const mute = () => this.#tell("room.mute", { span });
    return html`<button type="button" class="button small" @click=${mute}>${words}</button>`;
  }

  // What stands in the dialog is what the server says: the row that answers draws it anew.
  async #tell(verb, args) {
    const { error } = await this.#desk.own(verb, { room: this.#room.id, ...args });
    this.#view.say(error ? refusalWords(error) : WORDS.saved);
  }
}

const SYMBOLS = { all: "bell", mentions: "user-round", nothing: "bell-off" };
