import { isNewer } from "#live/cursor";

/** What may be looked at, and the place of the inbox in which it lies. */
export const PLACES = { all: "inbox", unread: "inbox", snoozed: "snoozed", archive: "archive" };

/** So many may be named in one command. */
const MOST = 100;

/** A person's notifications and the announcements as far as they are known here, as one list. */
export class Inbox {
  #own;
  #notifications = new Map();
  #marks = new Map();
  #announcements = new Map();

  apply(rows) {
    for (const row of rows) {
      if (row.kind !== "inbox") this.#take(this.#held(row.kind), row);
      else if (isNewer(row, this.#own)) this.#own = row;
    }
  }

  resetInbox({ rows }) {
    this.#own = undefined;
    this.#notifications.clear();
    this.#marks.clear();
    this.apply(rows);
  }

  resetAnnouncements({ rows }) {
    this.#announcements.clear();
    this.apply(rows);
  }

  /** What lies there, the newest first. */
  items(view) {
    if (!this.#own) return [];
    const found = [...this.#ofNotifications(), ...this.#ofAnnouncements()].filter(
      (item) => item.place === PLACES[view] && (view !== "unread" || item.isUnread),
    );
    return found.sort(byTime);
  }

  find(key) {
    return [...this.#ofNotifications(), ...this.#ofAnnouncements()].find(
      (item) => item.key === key,
    );
  }

  #ofNotifications() {
    return [...this.#notifications.values()].map((row) => ({
      key: `n${row.id}`,
      id: row.id,
      list: "notifications",
      place: row.place,
      isUnread: row.place === "inbox" && row.unread_rev > this.#own.read_until,
      text: row.text,
      detail: row.detail ?? "",
      actor: row.actors[0],
      room: row.room,
      where: row.where,
      url: row.url,
      actions: row.actions ?? [],
      seq: row.seq,
      happened: row.happened,
      snoozedUntil: row.snoozed_until,
    }));
  }

  #ofAnnouncements() {
    return [...this.#announcements.values()].map((row) => {
      const mark = this.#marks.get(row.id);
      const isThere = !row.gone && !mark?.gone;
      const isUnread = mark
        ? mark.unread_rev > this.#own.read_until
        : row.seq > this.#own.announcements_read_until;
      return {
        key: `a${row.id}`,
        id: row.id,
        list: "announcements",
        place: isThere ? "inbox" : "gone",
        isUnread: isThere && isUnread,
        text: { en: row.title },
        detail: row.text,
        actor: row.author ?? undefined,
        room: null,
        where: "",
        url: row.url,
        actions: [],
        seq: row.seq,
        happened: row.created,
        snoozedUntil: null,
      };
    });
  }

  #held(kind) {
    if (kind === "mark") return this.#marks;
    return kind === "announcement" ? this.#announcements : this.#notifications;
  }

  #take(held, row) {
    if (isNewer(row, held.get(row.id))) held.set(row.id, row);
  }
}

/** The action of a name that an item offers, if it does. */
export function actionOf(item, name) {
  return item.actions.find((action) => action.name === name);
}

/** What a reply begins with: the name of the person it is for. */
export function replyTo({ actor }) {
  return actor ? `@${actor.username} ` : "";
}

/** Items room by room, the room in which something happened last first: `{room, where, items}`. */
export function grouped(items) {
  const groups = new Map();
  for (const item of items) {
    if (!groups.has(item.room))
      groups.set(item.room, { room: item.room, where: item.where, items: [] });
    groups.get(item.room).items.push(item);
  }
  return [...groups.values()];
}

/** What a command is told of items, in parts as large as it takes. */
export function named(items) {
  const parts = [];
  for (let start = 0; start < items.length; start += MOST) {
    const some = items.slice(start, start + MOST);
    const ids = (list) => some.filter((item) => item.list === list).map(({ id }) => id);
    parts.push({ notifications: ids("notifications"), announcements: ids("announcements") });
  }
  return parts;
}

/** The commands that bring items back to where they are now, as `[verb, items, more arguments]`. */
export function wayBack(verb, items) {
  if (verb === "read" || verb === "unread")
    return [
      [
        verb === "read" ? "unread" : "read",
        items.filter((item) => item.isUnread === (verb === "read")),
      ],
    ].filter(([, some]) => some.length > 0);
  const steps = verb === "restore" ? [] : [["restore", items]];
  const archived = items.filter((item) => item.place === "archive");
  if (archived.length > 0) steps.push(["archive", archived]);
  for (const item of items.filter(({ place }) => place === "snoozed"))
    steps.push(["snooze", [item], { until: item.snoozedUntil }]);
  return steps;
}

function byTime(one, other) {
  const difference = Date.parse(other.happened) - Date.parse(one.happened);
  return difference || other.seq - one.seq || other.id - one.id;
}
