import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { WORDS } from "#chat/words";
import { icon, when } from "#lib/parts";

/** The list of rooms in the rail: which is open, which have something unread. */
export class ChatRail extends HTMLElement {
  show(rooms, currentId) {
    if (!this.querySelector(".rail-list")) this.replaceChildren();
    render(this.#template(rooms, currentId), this);
  }

  #template(rooms, currentId) {
    if (rooms.length === 0) return html`<p class="rail-empty rail-list">${WORDS.noRooms}</p>`;
    return html`<ul class="rail-list">
      ${repeat(
        rooms,
        (room) => room.id,
        (room) => roomTemplate(room, room.id === currentId),
      )}
    </ul>`;
  }
}

function roomTemplate(room, isCurrent) {
  return html`<li>
    <a
      class="rail-row ${room.unread > 0 ? "is-unread" : ""}" href="/rooms/${room.id}/"
      data-room=${room.id} aria-current=${isCurrent ? "page" : "false"}
    >
      ${icon(room.private ? "lock" : "hash")}
      <span class="rail-name">${room.name}</span>
      ${when(room.unread > 0, () => unreadTemplate(room.unread))}
    </a>
  </li>`;
}

function unreadTemplate(number) {
  return html`<span class="count" aria-hidden="true">${number > 99 ? "99+" : number}</span>
    <span class="visually-hidden">, ${WORDS.unreadCount(number)}</span>`;
}

customElements.define("chat-rail", ChatRail);
