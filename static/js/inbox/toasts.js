import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { openItem } from "#inbox/opening";
import { textOf } from "#inbox/parts";
import { loadStyles } from "#inbox/styles";
import { Toasts } from "#inbox/toast-model";
import { WORDS } from "#inbox/words";
import { avatar, icon } from "#lib/parts";
import { toastsAreOn } from "#lib/toast-choice";

const SHOWN_FOR = 8_000;

/** Shows in passing what comes into the inbox, while the page is looked at and shows something else. */
export class ToastStack {
  #following;
  #place;
  #toasts = new Toasts();
  #timers = new Map();

  constructor(bell, following) {
    this.#following = following;
    this.#place = makePlace();
    loadStyles(bell);
  }

  apply(rows) {
    this.#toasts.apply(rows, isWanted);
    this.#draw();
  }

  #draw() {
    const { shown } = this.#toasts;
    render(
      repeat(
        shown,
        ({ id }) => id,
        (row) => this.#toast(row),
      ),
      this.#place,
    );
    for (const { id, rev } of shown) this.#hideLater(id, rev);
  }

  #toast(row) {
    const [actor] = row.actors;
    const item = { url: row.url, isUnread: true, list: "notifications", id: row.id };
    const open = (event) => openItem(event, item, this.#following) && this.#dismiss(row.id);
    return html`<div class="toast-card">
      ${actor ? avatar(actor, "small") : icon("bell")}
      <a href=${row.url || "/inbox/"} @click=${open}>${textOf(row)}</a>
      <button type="button" class="icon-button" aria-label=${WORDS.dismiss} @click=${() => this.#dismiss(row.id)}>${icon("x")}</button>
    </div>`;
  }

  #dismiss(id) {
    this.#timers.delete(id);
    this.#toasts.dismiss(id);
    this.#draw();
  }

  // Each stands for a while after its last event, and none goes while somebody is on them.
  #hideLater(id, rev, wait = SHOWN_FOR) {
    if (wait === SHOWN_FOR && this.#timers.get(id) === rev) return;
    this.#timers.set(id, rev);
    setTimeout(() => {
      if (this.#timers.get(id) !== rev) return;
      if (this.#place.matches(":hover, :focus-within")) this.#hideLater(id, rev, 1_000);
      else this.#dismiss(id);
    }, wait);
  }
}

// What stands before somebody's eyes needs no pointing out.
function isWanted({ room }) {
  const isInView = room !== null && location.pathname.startsWith(`/rooms/${room}/`);
  return toastsAreOn() && document.visibilityState === "visible" && !isInView;
}

function makePlace() {
  const place = document.createElement("div");
  place.className = "toasts";
  place.setAttribute("role", "status");
  document.body.append(place);
  return place;
}
