/** Which part of time a board shows, and of which worker: what stands in its address. */

export const DEFAULT_RANGE = "15m";
/** Offered beside each other, the rest in a menu. */
export const SHORT_RANGES = ["5m", "15m", "1h", "24h", "30d"];
export const RANGES = ["1m", "5m", "15m", "1h", "6h", "24h", "7d", "30d", "90d", "365d"];
/** Every worker as a lane of its own. */
export const OVERLAY = "*";

const SECONDS = { m: 60, h: 3_600, d: 86_400 };
const SHORTEST = 10;
const LONGEST = 400 * 86_400;

/** Seconds of a range such as "15m", or null. */
export function lengthOf(range) {
  const [, number, unit] = /^(\d{1,4})([mhd])$/.exec(range ?? "") ?? [];
  const length = Number(number) * SECONDS[unit];
  return length > 0 && length <= LONGEST ? length : null;
}

/** `{range, from, to, worker, panel, kiosk}`: from and to are null while the view follows what comes. */
export function readView(search) {
  const asked = new URLSearchParams(search);
  const [from, to] = [instant(asked.get("from")), instant(asked.get("to"))];
  const stands = from !== null && to !== null && from < to;
  return {
    range: lengthOf(asked.get("range")) ? asked.get("range") : DEFAULT_RANGE,
    from: stands ? from : null,
    to: stands ? to : null,
    worker: asked.get("worker") ?? "",
    panel: asked.get("panel") ?? "",
    kiosk: asked.has("kiosk"),
  };
}

/** The address of a view: what is as usual is left out. */
export function writeView(view) {
  const said = new URLSearchParams();
  if (view.range !== DEFAULT_RANGE) said.set("range", view.range);
  if (!isLive(view)) {
    said.set("from", Math.round(view.from));
    said.set("to", Math.round(view.to));
  }
  if (view.worker) said.set("worker", view.worker);
  if (view.panel) said.set("panel", view.panel);
  if (view.kiosk) said.set("kiosk", "1");
  const text = said.toString();
  return text ? `?${text}` : "";
}

export function isLive({ from }) {
  return from === null;
}

/** From when to when, `now` in seconds. */
export function spanOf(view, now) {
  if (!isLive(view)) return [view.from, view.to];
  return [now - lengthOf(view.range), now];
}

/** What is asked of the server. */
export function questionOf(view) {
  const span = isLive(view)
    ? { from: `-${view.range}`, to: "now" }
    : { from: Math.floor(view.from), to: Math.ceil(view.to) };
  const asked = { ...span, packed: 1 };
  return view.worker ? { ...asked, worker: view.worker } : asked;
}

/** The view stands still as it is now. */
export function paused(view, now) {
  const [from, to] = spanOf(view, now);
  return { ...view, from: Math.round(from), to: Math.round(to) };
}

export function live(view, range = view.range) {
  return { ...view, range, from: null, to: null };
}

/** A part of what is shown; at least ten seconds, not after now. */
export function zoomed(view, from, to, now) {
  const middle = (from + to) / 2;
  const half = Math.max(SHORTEST, Math.min(LONGEST, to - from)) / 2;
  const end = Math.min(middle + half, Math.ceil(now));
  return { ...view, from: Math.round(end - 2 * half), to: Math.round(end) };
}

/** Twice as long, or half of it, around the same middle. */
export function scaledView(view, factor, now, middle) {
  const [from, to] = spanOf(view, now);
  const centre = middle ?? (from + to) / 2;
  const half = ((to - from) * factor) / 2;
  return zoomed(view, centre - half, centre + half, now);
}

/** Half of what is shown to the left (-1) or to the right (1). */
export function stepped(view, by, now) {
  const [from, to] = spanOf(view, now);
  const shift = ((to - from) / 2) * by;
  return zoomed(view, from + shift, to + shift, now);
}

function instant(text) {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : null;
}

/** Whether two views are of the same time and worker, and differ in how it is shown only. */
export function isSameTime(one, other) {
  return ["range", "from", "to", "worker"].every((name) => one[name] === other[name]);
}

/** Whether a view is what was shown already, to a second or two, and of the same worker. */
export function isWithin({ from, to, worker }, start, end, before) {
  return worker === before.worker && Math.abs(from - start) <= 2 && Math.abs(to - end) <= 2;
}
