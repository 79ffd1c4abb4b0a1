import { html, nothing, render } from "lit-html";
import { Actions } from "#inbox/actions";
import { Inbox, named } from "#inbox/model";
import { openItem } from "#inbox/opening";
import { textOf, timeTemplate } from "#inbox/parts";
import { loadStyles } from "#inbox/styles";
import { WORDS } from "#inbox/words";
import { avatar, icon, when } from "#lib/parts";
import { browser } from "#live/browser";

const SHOWN = 10;

/** The latest of the inbox, below the bell. */
export class Latest {
  #bell;
  #following;
  #model = new Inbox();
  #panel;
  #words = WORDS.loading;
  #isKnown = false;
  #actions;
  #said = "";

  constructor(bell, following, socket) {
    this.#bell = bell;
    this.#actions = new Actions({
      socket,
      say: (words) => this.#say(words),
      done: (item) => following.command("inbox.read", named([item])[0]),
      draw: () => this.#draw(),
    });
    this.#following = following;
    this.#panel = makePanel(bell);
    // Before the state is asked for: what comes meanwhile may be newer.
    following.model = this.#model;
    following.addEventListener("rows", () => this.#draw());
    this.#panel.addEventListener("toggle", ({ newState }) => this.#toggled(newState === "open"));
  }

  toggle() {
    if (!this.#isKnown) this.#load();
    this.#draw();
    this.#panel.togglePopover();
  }

  async #load() {
    const found = await Promise.all(["inbox", "announcements"].map(browser.state));
    const [inbox, announcements] = found.map(({ state }) => state);
    this.#isKnown = Boolean(inbox && announcements);
    this.#words = this.#isKnown ? "" : WORDS.failed;
    // Added to what came meanwhile, of which the newer rows stay.
    for (const { rows } of this.#isKnown ? [inbox, announcements] : []) this.#model.apply(rows);
    if (this.#isKnown) this.#following.seen();
    this.#draw();
  }

  #say(words) {
    this.#said = words;
    this.#draw();
  }

  #toggled(isOpen) {
    this.#said = "";
    this.#bell.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#panel.querySelector("a, button")?.focus();
    if (isOpen && this.#isKnown) this.#following.seen();
  }

  #draw() {
    render(this.#template(this.#model.items("all").slice(0, SHOWN)), this.#panel);
  }

  #template(items) {
    const readAll = () => this.#following.command("inbox.read_all", this.#following.until);
    const empty = this.#isKnown ? WORDS.empty.all.title : this.#words;
    return html`<div class="latest-head">
        <h2>${WORDS.inbox}</h2>
        <button type="button" class="icon-button" title=${WORDS.readAll} aria-label=${WORDS.readAll} @click=${readAll}>
          ${icon("check-check")}
        </button>
        <a class="icon-button" href="/settings/notifications/" title=${WORDS.settings} aria-label=${WORDS.settings}>
          ${icon("settings")}
        </a>
      </div>
      ${when(items.length === 0, () => html`<p class="latest-empty" role="status">${empty}</p>`)}
      <p class="latest-said" role="status">${this.#said}</p>
      <ul class="latest-list">${items.map((item) => this.#row(item))}</ul>
      <a class="latest-foot" href="/inbox/">${WORDS.openInbox}</a>`;
  }

  #row(item) {
    return html`<li>
      <a class="latest-row ${item.isUnread ? "is-unread" : ""}" href=${item.url || "/inbox/"} @click=${(event) => this.#follow(event, item)}>
        ${item.actor ? avatar(item.actor, "small") : icon("bell")}
        <span class="latest-text">${textOf(item)}${when(item.isUnread, () => html`<span class="visually-hidden">, ${WORDS.unread}</span>`)}
          ${when(item.detail, () => html`<span class="quiet latest-detail">${item.detail}</span>`)}${timeTemplate(item.happened)}</span>
        ${item.isUnread ? html`<i class="dot"></i>` : nothing}
      </a>
      <div class="inbox-actions" id="reply-${item.key}">${this.#actions.buttons(item)}${this.#actions.form(item)}</div>
    </li>`;
  }

  #follow(event, item) {
    if (openItem(event, item, this.#following)) this.#panel.hidePopover();
  }
}

function makePanel(bell) {
  loadStyles(bell);
  const panel = document.createElement("div");
  panel.className = "menu latest";
  panel.popover = "auto";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", WORDS.inbox);
  panel.addEventListener("beforetoggle", () => place(panel, bell.getBoundingClientRect()));
  bell.after(panel);
  return panel;
}

// Wide as it is, it keeps to the edge of the window that is nearer.
function place(panel, button) {
  const isLeft = button.left + button.right < window.innerWidth;
  panel.style.insetBlockStart = `${button.bottom + 6}px`;
  panel.style.left = isLeft
    ? `${Math.max(8, Math.min(button.left, window.innerWidth - 376))}px`
    : "auto";
  panel.style.right = isLeft ? "auto" : `${Math.max(8, window.innerWidth - button.right)}px`;
}
