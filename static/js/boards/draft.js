/** A board that is being made: where its panels lie, and what of it goes to the server. */

export const COLUMNS = 12;
const SIZES = {
  stat: [3, 2],
  gauge: [3, 3],
  log: [12, 6],
  table: [6, 4],
};
const USUAL = [6, 4];
const TALLEST = 20;

/** What a series is best shown by: function and unit by its kind. */
export function usualQuery({ name, kind, unit, source = "" }) {
  const query = { metric: name, ...(source && { source }) };
  if (kind === "counter") return { query: { ...query, fn: "rate" }, unit: rateOf(unit) };
  if (kind === "histogram") return { query: { ...query, fn: "percentile", q: 0.99 }, unit };
  return { query: { ...query, fn: "avg" }, unit };
}

function rateOf(unit) {
  return unit ? `${unit}/s` : "/s";
}

export class Draft {
  constructor({ title, panels }) {
    this.title = title;
    this.panels = structuredClone(panels);
  }

  /** What is sent, copied and imported. */
  get body() {
    return { title: this.title, panels: this.panels };
  }

  panel(id) {
    return this.panels.find((panel) => panel.id === id);
  }

  /** A new panel beneath all others; answers it. */
  add(kind = "line") {
    const [w, h] = SIZES[kind] ?? USUAL;
    const panel = {
      id: this.#freeId(),
      title: "",
      kind,
      unit: "",
      ...{ x: 0, y: this.#bottom, w, h },
      queries: [],
      thresholds: [],
      options: {},
    };
    this.panels = settled([...this.panels, this.#beside(panel)], panel.id);
    return this.panel(panel.id);
  }

  /** Another content at the same place. */
  replace(panel) {
    this.panels = this.panels.map((one) => (one.id === panel.id ? panel : one));
  }

  remove(id) {
    this.panels = settled(this.panels.filter((panel) => panel.id !== id));
  }

  /** Puts a panel at a place of the grid; the others make room. */
  put(id, x, y) {
    const isDown = y > this.panel(id).y;
    this.#change(
      id,
      (panel) => ({ x: within(x, 0, COLUMNS - panel.w), y: Math.max(0, y) }),
      isDown,
    );
  }

  size(id, w, h) {
    this.#change(id, (panel) => ({
      w: within(w, 1, COLUMNS - panel.x),
      h: within(h, 1, TALLEST),
    }));
  }

  /** One place further, for the keyboard: past the neighbour above or below. */
  move(id, across, down) {
    const panel = this.panel(id);
    if (across !== 0) {
      this.put(id, panel.x + across, panel.y);
      return;
    }
    const column = this.panels.filter((one) => one.id !== id && isAcross(one, panel));
    if (down < 0) {
      const above = column.filter(({ y }) => y < panel.y);
      if (above.length > 0) this.put(id, panel.x, Math.max(...above.map(({ y }) => y)));
      return;
    }
    const below = column.filter(({ y }) => y >= panel.y + panel.h);
    if (below.length === 0) return;
    const next = below.reduce((one, other) => (other.y < one.y ? other : one));
    this.put(id, panel.x, next.y);
  }

  #change(id, change, isDown = false) {
    const panels = this.panels.map((one) => (one.id === id ? { ...one, ...change(one) } : one));
    this.panels = settled(panels, id, isDown);
  }

  get #bottom() {
    return Math.max(0, ...this.panels.map(({ y, h }) => y + h));
  }

  // In the last row there may be room.
  #beside(panel) {
    const last = this.panels.filter(({ y, h }) => y + h === this.#bottom);
    const right = Math.max(0, ...last.map(({ x, w }) => x + w));
    const top = Math.min(...last.map(({ y }) => y));
    const fits = last.length > 0 && right + panel.w <= COLUMNS;
    return fits ? { ...panel, x: right, y: top } : panel;
  }

  #freeId() {
    const taken = new Set(this.panels.map(({ id }) => id));
    for (let number = 1; ; number++) if (!taken.has(`p${number}`)) return `p${number}`;
  }
}

/**
 * Panels without overlaps and without holes above them. Where two want the same place `moved` has it: the other goes beneath,
 * or above it where it came down.
 */
export function settled(panels, moved = null, isDown = false) {
  const rank = ({ id, y }) => (id === moved ? y + (isDown ? 0.5 : -0.5) : y);
  const order = panels.toSorted((one, other) => rank(one) - rank(other) || one.x - other.x);
  const placed = [];
  for (const panel of order) {
    const isFree = (y) => !placed.some((one) => overlap(one, { ...panel, y }));
    let { y } = panel;
    while (!isFree(y)) y += 1;
    while (y > 0 && isFree(y - 1)) y -= 1;
    placed.push({ ...panel, y });
  }
  return placed.toSorted((one, other) => one.y - other.y || one.x - other.x);
}

/** "worker=web@*, app=chat" as an object, and back. */
export function readLabels(text) {
  const pairs = text.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  return Object.fromEntries(pairs.filter(([key, value]) => key && value));
}

export function writeLabels(labels = {}) {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** Refusals of the server by the panel that they are of: `{id: {path: text}}`, what is of the board under "". */
export function errorsByPanel(errors, panels) {
  const found = {};
  for (const { path, text } of errors) {
    const [, number, rest] = /^panels\.(\d+)\.?(.*)$/.exec(path) ?? [];
    const id = panels[Number(number)]?.id ?? "";
    found[id] ??= {};
    found[id][id ? rest : path] = text;
  }
  return found;
}

function overlap(one, other) {
  return isAcross(one, other) && one.y < other.y + other.h && other.y < one.y + one.h;
}

function isAcross(one, other) {
  return one.x < other.x + other.w && other.x < one.x + one.w;
}

function within(value, least, most) {
  return Math.max(least, Math.min(most, value));
}
