import { html } from "lit-html";
import { actionOf, replyTo } from "#inbox/model";
import { textOf } from "#inbox/parts";
import { WORDS } from "#inbox/words";
import { isComposing, isTouch } from "#lib/keyboard";
import { uuid } from "#lib/uuid";
import { post } from "#live/requests";

/**
 * The actions that a notification offers: a reply is written where it stands, the others are posted. Both say what came
 * of it, and also that it is too late. `say(words)` shows that, `done(item)` takes the item as read, `draw()` draws.
 */
export class Actions {
  #socket;
  #io;
  #open = null;
  #isSending = false;
  #clientId;

  constructor({ socket, ...io }) {
    this.#socket = socket;
    this.#io = io;
  }

  /** Opens or closes the reply to an item; answers whether it has one. */
  reply(item) {
    if (!actionOf(item, "reply")) return false;
    this.#clientId = uuid();
    this.#show(this.#open === item.key ? null : item.key);
    return true;
  }

  /** The buttons of an item. */
  buttons(item) {
    return item.actions.map(
      (action) =>
        html`<button type="button" class="button small" data-action=${action.name} aria-expanded=${this.#open === item.key} @click=${() => this.#do(item, action)}>${textOf({ text: action.label })}</button>`,
    );
  }

  /** The form below an item, while it is open. */
  form(item) {
    if (this.#open !== item.key) return undefined;
    return html`<form class="inbox-reply" @submit=${(event) => this.#submit(event, item)} @keydown=${(event) => this.#key(event)}>
      <textarea rows="2" maxlength="10000" dir="auto" aria-label=${WORDS.replyIn(item.where)} .value=${replyTo(item)}></textarea>
      <button class="button small primary">${WORDS.send}</button>
    </form>`;
  }

  #do(item, action) {
    if (action.name === "reply") this.reply(item);
    else this.#post(item, action);
  }

  async #post(item, { url }) {
    const { status } = await post(url, {});
    if (status >= 200 && status < 300) this.#io.done(item);
    this.#io.say(wordsOf(status));
  }

  #show(key) {
    const before = this.#open;
    this.#open = key;
    this.#io.draw();
    const place = document.getElementById(`reply-${key ?? before}`);
    const field = place?.querySelector("textarea");
    if (!field) return place?.querySelector("[data-action=reply]")?.focus();
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  #key(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#show(null);
    } else if (event.key === "Enter" && !event.shiftKey && !isTouch()) {
      event.preventDefault();
      event.currentTarget.requestSubmit();
    }
  }

  // The same id again is the same message, however often the server did not answer.
  async #submit(event, item) {
    event.preventDefault();
    const text = event.target.querySelector("textarea").value.trim();
    if (!text || this.#isSending) return;
    this.#isSending = true;
    const args = { client_id: this.#clientId, text };
    const { error } = await this.#socket.visit("message.post", `room:${item.room}`, args);
    this.#isSending = false;
    if (error) return this.#io.say(refusalOf(error));
    this.#show(null);
    this.#io.done(item);
    this.#io.say(WORDS.replied(item.where));
  }
}

function refusalOf({ code, detail }) {
  if (detail && ["forbidden", "invalid", "unconfirmed"].includes(code)) return detail;
  return code === "not_found" ? WORDS.spent : WORDS.failed;
}

function wordsOf(status) {
  if (status >= 200 && status < 300) return WORDS.acted;
  return [403, 404, 409, 410].includes(status) ? WORDS.spent : WORDS.failed;
}
