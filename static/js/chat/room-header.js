import { WORDS } from "#chat/words";

/** The head of the open room: its name, what it is for, how many are in it, and the forms of its menu. */
export class RoomHeader {
  #root;

  constructor(root) {
    this.#root = root;
  }

  show(room) {
    const { facts } = room;
    this.#put(".room-name", facts?.name ?? "");
    this.#put(".room-topic", facts?.topic ?? "");
    this.#put(".room-members", WORDS.members(room.members.length));
    const symbol = this.#root.querySelector(".room-symbol use");
    symbol.setAttribute(
      "href",
      symbol.getAttribute("href").replace(/#.*$/, facts?.private ? "#lock" : "#hash"),
    );
    this.#root.querySelector("form.leave-form").action = `/rooms/${room.id}/leave/`;
  }

  #put(selector, text) {
    const place = this.#root.querySelector(selector);
    if (place.textContent !== text) place.textContent = text;
  }
}

/** The title of the window: how much is unread, where we are. */
export function showTitle(room, me, site) {
  const unread = me.unread > 0 ? `(${me.unread}) ` : "";
  document.title = `${unread}${room.title} · ${site}`;
}
