/** How long to stay away after the connection went, in milliseconds: full jitter under a ceiling that doubles. */

const BASE = 1_000;
const LONGEST = 30_000;

/** A socket that lived this long was a good one: the next failure counts as the first. */
export const STABLE = 15_000;

/** Within this long people expect to be back when only they were cut, or the network or the tab returns. */
export const SOON = [0, 1_000];

/** A server that went away is met by everybody at once: their first return is spread over this long. */
export const AWAY = [0, 5_000];

/** The wait before attempt `n` (0 is the first), with `random()` in [0, 1), out of `range` where another one is meant. */
export function backoff(n, random, range = rangeFor(n)) {
  const [shortest, longest] = range;
  return shortest + random() * (longest - shortest);
}

function rangeFor(n) {
  return n === 0 ? SOON : [0, Math.min(LONGEST, BASE * 2 ** (n - 1))];
}
