import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { holdPlace, isAtEnd, toEnd } from "#chat/anchor";
import { itemTemplate, reachWideBlocks } from "#chat/message";
import { timelineItems } from "#chat/timeline-items";
import { GONE, WORDS } from "#chat/words";
import { icon, when } from "#lib/parts";
import { dayOf } from "#lib/time";

/**
 * The messages of the room that is open. It draws the model and keeps the place of the reader: at the end while they
 * are there, else where they are, whatever is added above or below.
 *
 * Tells, bubbling: "timeline-moved" after the reader scrolled or rows were drawn, "timeline-latest" when the newest is wanted.
 */
export class ChatTimeline extends HTMLElement {
  isFollowing = true;
  /** What stands below a message, by its row, if anything does. */
  under;
  #room = null;
  #options = {};
  #unseen = 0;
  #isScheduled = false;
  #editing = null;

  /** Shows `room`; `person` reads it, has read up to `readSeq`, and wants to see the message `at`, if any. */
  show(room, { person, readSeq, at }) {
    this.#room = room;
    this.#options = { person, readSeq, at, room: room.id };
    this.#unseen = 0;
    this.#editing = null;
    this.isFollowing = true;
    this.#draw();
    this.#open(at);
  }

  get room() {
    return this.#room;
  }

  get view() {
    return this.querySelector(".timeline-scroll");
  }

  /** Draws again with the next frame, however often it is asked. */
  changed() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const later = document.hidden ? (task) => setTimeout(task, 100) : requestAnimationFrame;
    later(() => {
      this.#isScheduled = false;
      if (this.#room) this.#draw();
    });
  }

  /** So many messages of others came while the reader was elsewhere. */
  addUnseen(number) {
    if (!this.isFollowing) this.#unseen += number;
    this.changed();
  }

  edit(editing) {
    this.#editing = editing;
    this.#draw();
  }

  /** The room is closed to the person; `refuge` is another one of theirs, if there is any. */
  leave(refuge) {
    this.#options.refuge = refuge;
    this.#unseen = 0;
    this.isFollowing = true;
    this.#draw();
  }

  setOffline(isOffline) {
    this.#options.isOffline = isOffline;
    this.changed();
  }

  /** To the newest message, once it is loaded. */
  follow() {
    this.isFollowing = true;
    this.#unseen = 0;
    this.#draw();
  }

  /** Brings the message `seq` to the middle, marked; with `focus` the keyboard goes there too. */
  mark(seq, { focus = true } = {}) {
    this.#options.at = seq;
    this.isFollowing = false;
    this.#draw();
    const row = this.querySelector(`#message-${seq}`);
    row?.scrollIntoView({ block: "center" });
    if (focus) row?.focus({ preventScroll: true });
    this.#scrolled();
    return row !== null;
  }

  #open(at) {
    if (at && this.mark(at)) return;
    const divider = this.querySelector(".unread-divider");
    if (divider && divider.offsetTop < this.view.scrollTop) this.#openAt(divider);
    this.#scrolled();
  }

  #openAt(divider) {
    this.isFollowing = false;
    this.view.scrollTop = divider.offsetTop - this.view.clientHeight / 4;
  }

  #draw() {
    if (!this.view) this.replaceChildren();
    const putBack = this.view && !this.isFollowing ? holdPlace(this.view) : () => toEnd(this.view);
    const isNew = !this.view;
    render(this.#template(), this);
    if (isNew) this.#watch();
    putBack();
    reachWideBlocks(this);
    this.dispatchEvent(new CustomEvent("timeline-moved", { bubbles: true }));
  }

  #template() {
    const room = this.#room;
    const who = (person) => room.asNow(person);
    const view = { ...this.#options, who, editing: this.#editing, under: this.under };
    const items = timelineItems(room.timeline, { ...this.#options, dayOf });
    return html`
      <div class="timeline-scroll" role="log" aria-live="off" tabindex="0" aria-label=${WORDS.log(room.title)}>
        <div class="timeline-head">${this.#head()}</div>
        <ol class="timeline-list">
          ${repeat(
            items,
            (item) => item.key,
            (item) => itemTemplate(item, view),
          )}
        </ol>
        <div class="timeline-foot"></div>
      </div>
      ${this.#jump()}
    `;
  }

  #head() {
    const { timeline, title, closed } = this.#room;
    if (closed) return this.#gone(title, closed);
    if (timeline.hasOlder) return html`<p class="timeline-note">${WORDS.loading}</p>`;
    const isEmpty = timeline.rows.length + timeline.pending.length === 0;
    return isEmpty ? this.#empty() : html`<p class="timeline-note">${WORDS.beginning(title)}</p>`;
  }

  #empty() {
    return html`<div class="empty">
      <span class="empty-icon">${icon(this.#room.facts?.private ? "lock" : "hash")}</span>
      <h2>${WORDS.emptyTitle(this.#room.title)}</h2>
      <p>${this.#room.facts?.topic || WORDS.emptyText}</p>
    </div>`;
  }

  #gone(title, closed) {
    const { refuge } = this.#options;
    return html`<div class="empty">
      <span class="empty-icon">${icon("log-out")}</span>
      <h2>${(GONE.title[closed] ?? GONE.title.other)(title)}</h2>
      <p>${GONE.text}</p>
      <p class="empty-actions">
        ${when(refuge, () => html`<a class="button primary" href="/rooms/${refuge.id}/">${GONE.open(refuge.name)}</a>`)}
        <a class="button" href="/rooms/">${GONE.browse}</a>
      </p>
    </div>`;
  }

  #jump() {
    const isFar = !this.isFollowing || this.#room.timeline.hasNewer;
    return when(
      isFar,
      () => html`<button type="button" class="timeline-jump ${this.#unseen ? "has-new" : ""}" @click=${this.#latest}>
      ${icon("arrow-down")} ${this.#unseen ? WORDS.newMessages(this.#unseen) : WORDS.latest}
    </button>`,
    );
  }

  #latest = () => this.dispatchEvent(new CustomEvent("timeline-latest", { bubbles: true }));

  // Pictures, fonts, the composer's growth and the phone's keyboard change sizes without a scroll: the end stays the end.
  #watch() {
    this.view.addEventListener("scroll", this.#scrolled, { passive: true });
    const sizes = new ResizeObserver(() => this.isFollowing && toEnd(this.view));
    sizes.observe(this.view);
    sizes.observe(this.querySelector(".timeline-list"));
  }

  #scrolled = () => {
    const was = this.isFollowing;
    this.isFollowing = isAtEnd(this.view) && !this.#room.timeline.hasNewer;
    if (this.isFollowing) this.#unseen = 0;
    if (was !== this.isFollowing) this.changed();
    this.dispatchEvent(new CustomEvent("timeline-moved", { bubbles: true }));
  };
}

customElements.define("chat-timeline", ChatTimeline);
