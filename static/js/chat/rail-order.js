/**
 * How rooms move in the rail. Everything here takes the rooms as the rail lists them, favourites first, and answers with
 * `{order, favourite}`: the ids in their new order, and whether the room that moved is a favourite now; or with null
 * where nothing moves.
 */

/** One step up or down among its own kind. */
export function step(rooms, id, by) {
  const room = rooms.find((one) => one.id === id);
  const kind = rooms.filter((one) => one.favourite === room?.favourite);
  const neighbour = kind[kind.indexOf(room) + by];
  if (!room || !neighbour) return null;
  return place(rooms, id, { beside: neighbour.id, isAfter: by > 0 });
}

/** To the place before or after another room, among whose kind it is from then on. */
export function place(rooms, id, { beside, isAfter }) {
  const target = rooms.find((one) => one.id === beside);
  if (!target || id === beside || !rooms.some((one) => one.id === id)) return null;
  const order = rooms.map((one) => one.id).filter((one) => one !== id);
  order.splice(order.indexOf(beside) + (isAfter ? 1 : 0), 0, id);
  const isSame = order.every((one, at) => one === rooms[at].id);
  const { favourite } = target;
  return isSame && favourite === rooms.find((one) => one.id === id).favourite
    ? null
    : { order, favourite };
}

/** Where a room stands among its own kind: `{place, of}`, counted from 1. */
export function standing(rooms, id) {
  const room = rooms.find((one) => one.id === id);
  const kind = rooms.filter((one) => one.favourite === room.favourite);
  return { place: kind.indexOf(room) + 1, of: kind.length };
}
