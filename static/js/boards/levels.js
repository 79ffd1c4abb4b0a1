/** What a value says of itself: which threshold it has passed, and where it is going. */

const STEADY = 0.02;
const CADENCE_OF = 15;
/** So many times as far apart as usual, something is missing between two values. */
export const MISSING = 2.5;

/** "critical", "warning", "ok" where there are thresholds and none is passed, "" where there are none. */
export function levelOf(value, { thresholds = [], options = {} }) {
  if (value === null || thresholds.length === 0) return "";
  const isLow = options.better === "high";
  const passed = thresholds.filter(({ at }) => (isLow ? value <= at : value >= at));
  if (passed.some(({ level }) => level === "critical")) return "critical";
  return passed.length > 0 ? "warning" : "ok";
}

/**
 * Every how many slots a lane has a value, as its last ones tell: who is measured each ten seconds has nothing missing between two
 * values that are ten slots apart.
 */
export function cadenceOf(values) {
  const apart = [];
  let last = null;
  for (let at = values.length - 1; at >= 0 && apart.length < CADENCE_OF; at--) {
    if (values[at] === null) continue;
    if (last !== null) apart.push(last - at);
    last = at;
  }
  if (apart.length < 3) return 1;
  return apart.toSorted((one, other) => one - other)[Math.floor(apart.length / 2)];
}

/** The newest value there is; a lane whose last slots are empty has none. */
export function newest(values, within = Math.max(5, 3 * cadenceOf(values))) {
  for (let at = values.length - 1; at >= Math.max(0, values.length - within); at--)
    if (values[at] !== null) return values[at];
  return null;
}

/** `{sign, share}`: the mean of the last fifth beside the first; sign 0 where it is steady, null where too little is known. */
export function trendOf(values) {
  const known = values.filter((value) => value !== null);
  const part = Math.floor(known.length / 5);
  if (part < 2) return null;
  const [before, after] = [mean(known.slice(0, part)), mean(known.slice(-part))];
  if (before === after) return { sign: 0, share: 0 };
  if (before === 0) return { sign: Math.sign(after), share: null };
  const share = (after - before) / Math.abs(before);
  return { sign: Math.abs(share) < STEADY ? 0 : Math.sign(share), share: Math.abs(share) };
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
