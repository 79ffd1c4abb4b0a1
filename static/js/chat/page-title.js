/** The title of the window: how much is unread, where we are. */
export function showTitle(room, me, site) {
  const unread = me.unread > 0 ? `(${me.unread}) ` : "";
  document.title = `${unread}${room.title} · ${site}`;
}
