import { del, get, keys, set, update } from "idb-keyval";

/**
 * What this browser keeps, in IndexedDB. A browser that refuses it (a private window, a full disk) still has a working
 * page: then things are kept for as long as the page lives, beginning with what was read and written last.
 */
const memory = new Map();
let refused = false;

export const kept = {
  get: async (key) => {
    const value = await attempt(
      () => get(key),
      () => memory.get(key),
    );
    memory.set(key, value);
    return value;
  },
  set: async (key, value) => {
    await attempt(() => set(key, value));
    memory.set(key, value);
  },
  remove: async (key) => {
    await attempt(() => del(key));
    memory.delete(key);
  },
  /** One change of one key that no other tab can come between. */
  update: (key, change) =>
    attempt(
      () => changeStored(key, change),
      () => memory.set(key, change(memory.get(key))),
    ),
  keys: () =>
    attempt(
      () => keys(),
      () => [...memory.keys()],
    ),
};

/** The key of one thing: whose it is and in which life of the installation comes first, so that nobody meets another's. */
export function keyFor(kind, { person, epoch }, ...rest) {
  return [kind, person, epoch, ...rest].join(":");
}

/** How the keys of a person's things begin, of every epoch. */
export function prefixOf(kind, person) {
  return `${kind}:${person}:`;
}

/** The names of a person's things, of every epoch. */
export async function keysOf(kind, person) {
  const prefix = prefixOf(kind, person);
  return (await kept.keys()).filter((key) => String(key).startsWith(prefix));
}

// Only what was really stored is remembered: a change that failed would be made twice.
async function changeStored(key, change) {
  let value;
  await update(key, (stored) => {
    value = change(stored);
    return value;
  });
  memory.set(key, value);
}

async function attempt(real, instead = () => {}) {
  if (refused) return instead();
  try {
    // Browsers close a database under a page now and then; what is refused twice is refused.
    return await real().catch(real);
  } catch {
    refused = true;
    return instead();
  }
}
