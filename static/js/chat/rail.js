import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { WORDS } from "#chat/words";
import { icon, when } from "#lib/parts";

/** The rooms in the rail, favourites above the others: which is open, which have something unread. */
export class ChatRail extends HTMLElement {
  show(rooms, currentId) {
    const favourites = rooms.filter((room) => room.favourite);
    const others = rooms.filter((room) => !room.favourite);
    render(favouritesTemplate(favourites, currentId), this.querySelector(".rail-favourites"));
    render(
      rooms.length > 0
        ? listTemplate(others, currentId)
        : html`<p class="rail-empty">${WORDS.noRooms}</p>`,
      this.querySelector(".rail-rooms"),
    );
  }
}

function favouritesTemplate(rooms, currentId) {
  if (rooms.length === 0) return nothing;
  return html`<h2 class="rail-heading">${WORDS.favourites}</h2>
    ${listTemplate(rooms, currentId)}`;
}

function listTemplate(rooms, currentId) {
  return html`<ul class="rail-list">
    ${repeat(
      rooms,
      (room) => room.id,
      (room) => roomTemplate(room, room.id === currentId),
    )}
  </ul>`;
}

function roomTemplate(room, isCurrent) {
  return html`<li>
    <a
      class="rail-row ${room.unread > 0 ? "is-unread" : ""}" href="/rooms/${room.id}/" draggable="false"
      data-room=${room.id} aria-current=${isCurrent ? "page" : "false"}
    >
      ${icon(symbolOf(room))}
      <span class="rail-name">${room.name}</span>
      ${when(room.unread > 0, () => unreadTemplate(room.unread))}
    </a>
  </li>`;
}

function symbolOf(room) {
  if (room.archived) return "archive";
  return room.private ? "lock" : "hash";
}

function unreadTemplate(number) {
  return html`<span class="count" aria-hidden="true">${number > 99 ? "99+" : number}</span>
    <span class="visually-hidden">, ${WORDS.unreadCount(number)}</span>`;
}

customElements.define("chat-rail", ChatRail);
