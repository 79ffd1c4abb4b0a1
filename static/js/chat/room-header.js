import { mayManage } from "#chat/rights";
import { WORDS } from "#chat/words";

/** The head of the open room: its name, what it is for, how many are in it, and the forms of its menu. */
export class RoomHeader {
  #root;

  constructor(root) {
    this.#root = root;
  }

  show({ current: room, me, people, role }) {
    const { facts } = room;
    const isOut = room.closed !== null;
    this.#put(".room-name", facts?.name ?? "");
    this.#put(".room-topic", facts?.topic ?? "");
    const here = people.among(room.members).length;
    this.#put(".room-members", WORDS.members(room.members.length));
    this.#put(".room-here", here > 0 ? WORDS.here(here) : "");
    this.#root.querySelector(".room-tools").hidden = isOut;
    this.#root.querySelector("[data-do=details]").hidden = !mayManage(role);
    this.#root.querySelector("[data-do=add]").hidden = Boolean(facts?.archived);
    const isFavourite = me.membership(room.id)?.favourite ?? false;
    for (const label of this.#root.querySelectorAll("[data-favourite]"))
      label.hidden = (label.dataset.favourite === "yes") !== isFavourite;
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
