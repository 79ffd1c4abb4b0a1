import { fold } from "#lib/fold";

/** The rooms that fit what was typed, best first: those that begin with it, then those with a word that does, then the rest. */
export function matchRooms(rooms, typed) {
  const wanted = fold(typed.trim().replace(/^#/, ""));
  if (wanted === "")
    return rooms.toSorted((one, other) => Number(other.unread > 0) - Number(one.unread > 0));
  const ranked = rooms.map((room) => ({ room, rank: rankOf(fold(room.name), wanted) }));
  return ranked
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .map(({ room }) => room);
}

function rankOf(name, wanted) {
  if (name.startsWith(wanted)) return 0;
  if (name.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 1;
  return name.includes(wanted) ? 2 : Infinity;
}
