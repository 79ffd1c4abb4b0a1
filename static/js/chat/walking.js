/** Moving through the page by keyboard: from message to message, from room to room, from pane to pane. */

/** Focuses the message `step` further from the one that has the focus, or the newest. */
export function walkMessages(timeline, step) {
  const rows = [...timeline.querySelectorAll(".message")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next =
    rows[here === -1 ? rows.length - 1 : Math.max(0, Math.min(rows.length - 1, here + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

/** The id of the room `step` away from `currentId` in the rail, going round, or undefined. */
export function neighbour(rooms, currentId, step, { unreadOnly = false } = {}) {
  const start = rooms.findIndex((room) => room.id === currentId);
  for (let distance = 1; distance <= rooms.length; distance += 1) {
    const room = rooms.at((start + step * distance) % rooms.length);
    if (room.id !== currentId && (!unreadOnly || room.unread > 0)) return room.id;
  }
  return undefined;
}

/** Focuses the pane after (or before) the one that has the focus; a pane is `{root, focus()}`. */
export function walkPanes(panes, step) {
  const here = panes.findIndex(({ root }) => root.contains(document.activeElement));
  panes.at((here + step) % panes.length).focus();
}
