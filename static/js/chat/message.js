import { html, nothing } from "lit-html";
import { FAILURES, WORDS } from "#chat/words";
import { avatar, when } from "#lib/parts";
import { clockTime, dayName, fullTime } from "#lib/time";

/** The rows of a timeline. `view` has the room's id, the seq that is marked, what is being edited, whether we are online, and `who` knows people as they are now. */
export function itemTemplate(item, view) {
  return TEMPLATES[item.type](item, view);
}

const TEMPLATES = { day, unread, message, pending };

function day({ created }) {
  return html`<li class="day"><span>${dayName(created, Date.now(), WORDS)}</span></li>`;
}

function unread() {
  return html`<li class="unread-divider"><span aria-hidden="true">${WORDS.unread}</span><span class="visually-hidden">${WORDS.unreadLabel}</span></li>`;
}

function message({ row, isFirst }, view) {
  const isEdited = view.editing?.id === row.id;
  const author = view.who(row.author);
  return html`<li
    class="message ${isFirst ? "is-first" : ""} ${row.seq === view.at ? "is-marked" : ""}"
    id="message-${row.seq}" data-id=${row.id} data-seq=${row.seq} tabindex="-1"
  >
    ${isFirst ? picture(author) : gutterTime(row, view)}
    <div class="message-main">
      ${isFirst ? byline(row, author, view) : html`<span class="visually-hidden">${author.name}</span>`}
      ${isEdited ? html`<message-editor .message=${row} .text=${view.editing.text}></message-editor>` : body(row)}
      ${view.under?.(row)}
    </div>
  </li>`;
}

function byline(row, author, view) {
  return html`<p class="message-by">
    <b class="message-author" data-person=${author.id}>${author.name}</b>
    ${when(author.bot, () => html`<span class="tag">${WORDS.bot}</span>`)}
    ${when(row.via, () => html`<span class="tag" title=${WORDS.viaApi}>API</span>`)}
    ${timeLink(row, view)}
  </p>`;
}

// The one way by keyboard and by finger; the name beside it is for whoever points at that.
function picture(author) {
  return html`<button type="button" class="message-picture" data-person=${author.id} aria-haspopup="dialog" aria-label=${WORDS.profileOf(author.name)}>
    ${avatar(author)}
  </button>`;
}

function gutterTime(row, view) {
  return html`<span class="message-gutter">${timeLink(row, view)}</span>`;
}

function timeLink({ seq, created }, { room }) {
  return html`<a class="message-time" href="/rooms/${room}/@${seq}"
    ><time datetime=${created} title=${fullTime(created)}>${clockTime(created)}</time></a
  >`;
}

// The one place where HTML is taken as HTML: the server rendered and sanitised it when the message was saved.
function body(row) {
  if (row.deleted) return html`<p class="tombstone">${WORDS.deleted}</p>`;
  return html`<div class="message-text prose" .innerHTML=${row.html}></div>
    ${row.edited ? html`<span class="message-edited" title=${fullTime(row.edited)}>${WORDS.edited}</span>` : nothing}`;
}

function pending({ post, isFirst }, view) {
  const state = post.failed ? "is-failed" : "is-pending";
  const me = view.who(view.person);
  return html`<li class="message ${state} ${isFirst ? "is-first" : ""}" data-client-id=${post.client_id} tabindex="-1">
    ${isFirst ? avatar(me) : html`<span class="message-gutter"></span>`}
    <div class="message-main">
      ${isFirst ? html`<p class="message-by"><b class="message-author">${me.name}</b></p>` : nothing}
      <div class="message-text plain">${post.text}</div>
      ${post.failed ? failure(post) : html`<p class="message-state">${view.isOffline ? WORDS.waiting : WORDS.sending}</p>`}
    </div>
  </li>`;
}

function failure(post) {
  return html`<p class="message-state is-bad">
    <span>${FAILURES[post.failed.code] ?? FAILURES.other}</span>
    <button type="button" class="link-button" data-do="retry">${WORDS.retry}</button>
    <button type="button" class="link-button" data-do="discard">${WORDS.discard}</button>
  </p>`;
}

/** Lets the keyboard into wide code and tables, which scroll by themselves. */
export function reachWideBlocks(root) {
  for (const block of root.querySelectorAll(".prose :is(pre, table):not([tabindex])")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
  }
}
