import { del, delMany, get, keys, set, update } from "idb-keyval";

/**
 * What this browser keeps, in IndexedDB. A browser that refuses it (a private window, a full disk) still has a working
 * page: then things are kept for as long as the page lives.
 */
const memory = new Map();
let refused = false;

export const kept = {
  get: (key) =>
    attempt(
      () => get(key),
      () => memory.get(key),
    ),
  set: (key, value) =>
    attempt(
      () => set(key, value),
      () => memory.set(key, value),
    ),
  remove: (key) =>
    attempt(
      () => del(key),
      () => memory.delete(key),
    ),
  /** One change of one key that no other tab can come between. */
  update: (key, change) =>
    attempt(
      () => update(key, change),
      () => memory.set(key, change(memory.get(key))),
    ),
  keys: () =>
    attempt(
      () => keys(),
      () => [...memory.keys()],
    ),
  removeAll: (names) =>
    attempt(
      () => delMany(names),
      () => names.map((name) => memory.delete(name)),
    ),
};

/** The key of one thing: whose it is and in which life of the installation comes first, so that nobody meets another's. */
export function keyFor(kind, { person, epoch }, ...rest) {
  return [kind, person, epoch, ...rest].join(":");
}

/** The names of a person's things, of every epoch. */
export async function keysOf(kind, person) {
  const prefix = `${kind}:${person}:`;
  return (await kept.keys()).filter((key) => String(key).startsWith(prefix));
}

/** How many posts of a person wait in this browser. */
export async function unsentOf(person) {
  const lists = await Promise.all((await keysOf("outbox", person)).map((key) => kept.get(key)));
  return lists.flat().length;
}

/** Forgets everything this browser keeps for a person. */
export async function discard(person) {
  const names = await Promise.all(["outbox", "draft"].map((kind) => keysOf(kind, person)));
  await kept.removeAll(names.flat());
}

async function attempt(real, instead) {
  if (refused) return instead();
  try {
    return await real();
  } catch {
    refused = true;
    return instead();
  }
}
