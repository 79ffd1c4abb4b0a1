import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { grouped } from "#inbox/model";
import { textOf, timeTemplate } from "#inbox/parts";
import { WORDS } from "#inbox/words";
import { openDialog } from "#lib/dialog";
import { avatar, icon, when } from "#lib/parts";
import { fullTime } from "#lib/time";
import { browser } from "#live/browser";

const PATIENCE = 10_000;
const SYMBOLS = {
  read: "check",
  unread: "mail",
  snooze: "clock",
  archive: "archive",
  delete: "trash-2",
  restore: "archive-restore",
};

/** One view of the inbox: room by room, with what can be done to one item or to those that are ticked. */
export class List {
  #place;
  #model;
  #acting;
  #pages;
  #view = "all";
  #ticked = new Set();
  #words = "";
  #actions;

  constructor(place, { model, acting, pages, actions }) {
    this.#place = place;
    this.#model = model;
    this.#acting = acting;
    this.#pages = pages;
    this.#actions = actions;
  }

  open(view) {
    this.#view = view;
    this.#ticked.clear();
    if (!this.#pages.isLoaded(view)) this.#load();
    this.draw();
  }

  draw() {
    const rows = this.#rows();
    const focused = rows.findIndex((row) => row.contains(document.activeElement));
    const had = rows[focused]?.dataset.key;
    render(this.#template(this.#items), this.#place);
    if (had) this.#keepFocus(had, focused);
  }

  /** Moves the focus along the items. */
  step(by) {
    const rows = this.#rows();
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = here === -1 ? 0 : Math.max(0, Math.min(rows.length - 1, here + by));
    focus(rows[next]);
  }

  toggle() {
    const [item] = this.#focused;
    if (item) this.#tick(item, !this.#ticked.has(item.key));
  }

  /** Does one thing with what is ticked, or else with what has the focus. */
  act(verb) {
    this.#do(verb, this.#chosen);
  }

  /** Unread becomes read, and the other way round. */
  turn() {
    const chosen = this.#chosen.filter(({ place }) => place === "inbox");
    this.#do(chosen.some((item) => item.isUnread) ? "read" : "unread", chosen);
  }

  snooze() {
    this.#askUntil(this.#chosen);
  }

  /** Answers whether what has the focus can be replied to. */
  reply() {
    const [item] = this.#focused;
    return item ? this.#actions.reply(item) : false;
  }

  mute() {
    const [item] = this.#focused;
    if (item) this.#acting.mute(item);
  }

  get #items() {
    return this.#model.items(this.#view);
  }

  get #chosen() {
    const ticked = this.#items.filter(({ key }) => this.#ticked.has(key));
    return ticked.length > 0 ? ticked : this.#focused;
  }

  get #focused() {
    const key = document.activeElement?.closest("[data-key]")?.dataset.key;
    return this.#items.filter((item) => item.key === key);
  }

  #rows() {
    return [...this.#place.querySelectorAll("[data-key]")];
  }

  // Whoever works through the list by keyboard goes on with the next one.
  #keepFocus(key, place) {
    const rows = this.#rows();
    const isThere = rows.some((row) => row.dataset.key === key);
    if (!isThere) focus(rows[Math.min(place, rows.length - 1)]);
  }

  #do(verb, items, more) {
    this.#ticked.clear();
    this.draw();
    this.#acting.act(verb, items, more);
  }

  #tick(item, isOn) {
    if (isOn) this.#ticked.add(item.key);
    else this.#ticked.delete(item.key);
    this.draw();
  }

  #tickAll(isOn) {
    this.#ticked = new Set(isOn ? this.#items.map(({ key }) => key) : []);
    this.draw();
  }

  async #load() {
    const view = this.#view;
    this.#words = WORDS.loading;
    const state = await itemsOf(this.#pages.query(view));
    this.#words = state ? "" : WORDS.failed;
    if (state) this.#pages.take(view, state);
    this.draw();
  }

  #template(items) {
    return html`${this.#bar(items)}
      ${when(items.length === 0, () => this.#empty())}
      ${repeat(
        grouped(items),
        ({ room }) => room,
        (group) => this.#group(group),
      )}
      ${when(this.#pages.hasOlder(this.#view), () => html`<p class="inbox-more"><button type="button" class="button" @click=${() => this.#load()}>${WORDS.older}</button></p>`)}
      ${when(items.length > 0, () => html`<p class="inbox-keys">${WORDS.keys}</p>`)}`;
  }

  #bar(items) {
    const ticked = items.filter(({ key }) => this.#ticked.has(key));
    const isAll = ticked.length > 0 && ticked.length === items.length;
    if (items.length === 0) return nothing;
    return html`<div class="inbox-bar">
      <label>
        <input type="checkbox" .checked=${isAll} .indeterminate=${ticked.length > 0 && !isAll} @change=${({ target }) => this.#tickAll(target.checked)} />
        ${ticked.length > 0 ? WORDS.selected(ticked.length) : WORDS.selectAll}
      </label>
      ${when(ticked.length > 0, () => this.#verbs(ticked).map((verb) => this.#button(verb, ticked, true)))}
      ${when(
        ticked.length === 0 && items.some((item) => item.isUnread),
        () =>
          html`<button type="button" class="button small flat is-last" @click=${() => this.#acting.readAll(items)}>${icon("check-check")}${WORDS.readAll}</button>`,
      )}
    </div>`;
  }

  #empty() {
    if (this.#words) return html`<p class="latest-empty" role="status">${this.#words}</p>`;
    const { title, text } = WORDS.empty[this.#view];
    return html`<div class="empty"><span class="empty-icon">${icon("inbox")}</span><h2>${title}</h2><p>${text}</p></div>`;
  }

  #group({ room, where, items }) {
    const symbol = room === null ? "bell" : "hash";
    return html`<section class="inbox-group">
      <h2>${icon(symbol)}${where || WORDS.everythingElse}</h2>
      <ul>${repeat(
        items,
        ({ key }) => key,
        (item) => this.#row(item),
      )}</ul>
    </section>`;
  }

  #row(item) {
    const text = textOf(item);
    return html`<li class="inbox-row ${item.isUnread ? "is-unread" : ""}" data-key=${item.key} id=${item.key}>
      <span class="inbox-check"><input type="checkbox" aria-label=${WORDS.select(text)} .checked=${this.#ticked.has(item.key)} @change=${({ target }) => this.#tick(item, target.checked)} /></span>
      ${item.actor ? avatar(item.actor, "small") : icon("bell")}
      <a class="inbox-link" href=${item.url || `#${item.key}`} @click=${(event) => this.#open(event, item)}>${text}${when(item.isUnread, () => html`<span class="visually-hidden">, ${WORDS.unread}</span>`)}${when(item.detail, () => html`<span class="inbox-detail">${item.detail}</span>`)}</a>
      ${item.place === "snoozed" ? html`<time class="quiet" datetime=${item.snoozedUntil}>${WORDS.snoozedUntil(fullTime(item.snoozedUntil))}</time>` : timeTemplate(item.happened)}
      ${item.isUnread ? html`<i class="dot"></i>` : nothing}
      <div class="inbox-actions" id="reply-${item.key}">${this.#actions.buttons(item)}${this.#actions.form(item)}</div>
      <div class="inbox-tools">${this.#verbs([item]).map((verb) => this.#button(verb, [item]))}</div>
    </li>`;
  }

  #verbs(items) {
    if (this.#view === "archive" || this.#view === "snoozed") return ["restore", "delete"];
    const turn = items.some((item) => item.isUnread) ? "read" : "unread";
    return items.some(canWait) ? [turn, "snooze", "archive", "delete"] : [turn, "archive"];
  }

  #button(verb, items, isNamed = false) {
    const words = WORDS.acts[verb];
    const act = () => (verb === "snooze" ? this.#askUntil(items) : this.#do(verb, items));
    return html`<button type="button" class=${isNamed ? "button small flat" : "icon-button"} aria-label=${isNamed ? nothing : words} title=${isNamed ? nothing : words} @click=${act}>
      ${icon(SYMBOLS[verb])}${isNamed ? words : nothing}
    </button>`;
  }

  #askUntil(items) {
    const some = items.filter(canWait);
    if (some.length === 0) return;
    const content = html`<form method="dialog" class="dialog-body">
      <h2>${WORDS.snoozeUntil}</h2>
      <div class="form-actions">
        ${Object.entries(WORDS.later).map(([name, words]) => html`<button class="button" value=${name}>${words}</button>`)}
      </div>
      <div class="inbox-own-time">
        <label for="own-time">${WORDS.ownTime}</label>
        <input id="own-time" type="datetime-local" />
        <button class="button" value="own">${WORDS.acts.snooze}</button>
      </div>
    </form>`;
    const dialog = openDialog(content, { label: WORDS.snoozeUntil, className: "is-question" });
    // By the clock of the account, which the server knows: this device may stand elsewhere.
    dialog.addEventListener("close", () => {
      const { returnValue: later } = dialog;
      const wall = dialog.querySelector("input").value;
      if (later in WORDS.later) this.#do("snooze", some, { later });
      else if (later === "own" && wall) this.#do("snooze", some, { wall: `${wall}:00` });
    });
  }

  // The page goes once the server has heard that it was read; it does not wait for long.
  async #open(event, item) {
    const told = this.#acting.opened(item);
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    await Promise.race([told, browser.pause(1_000)]);
    if (item.url) location.assign(item.url);
  }
}

async function itemsOf(query) {
  try {
    const response = await fetch(`/inbox/items?${new URLSearchParams(query)}`, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

// Announcements are the same for everybody, and wait for nobody.
function canWait({ list }) {
  return list === "notifications";
}

function focus(row) {
  row?.querySelector("a")?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}
