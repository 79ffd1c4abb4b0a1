/**
 * What IndexedDB does not have yet when the page goes: it is left in localStorage, which takes it at once, and the next
 * page of the same person picks it up.
 */
const held = new Map();
const LEFT = "left:";

/** From now on this would be lost with the page. */
export function hold(key, value) {
  held.set(key, value);
}

/** It is kept now; a newer value of the same key is not. */
export function release(key, value) {
  if (held.get(key) === value) held.delete(key);
}

/** What earlier pages left under these keys, as `[key, value]`, oldest first; it is the caller's to keep from now on. */
export function takeLeft(prefix) {
  const found = namesLeft(prefix).map((name) => [name.slice(LEFT.length), read(name)]);
  removeLeft(prefix);
  return found
    .sort(([, one], [, other]) => one.order - other.order)
    .map(([key, { value }]) => [key, value]);
}

export function countLeft(prefix) {
  return namesLeft(prefix).length;
}

/** Forgets what was left, and what would be left by this page. */
export function dropLeft(prefix) {
  removeLeft(prefix);
  for (const key of held.keys()) if (key.startsWith(prefix)) held.delete(key);
}

export function watchParting(page = window) {
  page.addEventListener("pagehide", leaveBehind);
}

function leaveBehind() {
  let order = Date.now();
  for (const [key, value] of held) {
    attempt(() => localStorage.setItem(LEFT + key, JSON.stringify({ value, order })));
    order += 1;
  }
}

function removeLeft(prefix) {
  for (const name of namesLeft(prefix)) localStorage.removeItem(name);
}

function namesLeft(prefix) {
  return attempt(() => Object.keys(localStorage), []).filter((name) =>
    name.startsWith(LEFT + prefix),
  );
}

function read(name) {
  return JSON.parse(localStorage.getItem(name));
}

// A browser that refuses localStorage, or has no room in it, still has a working page.
function attempt(task, instead) {
  try {
    return task();
  } catch {
    return instead;
  }
}
