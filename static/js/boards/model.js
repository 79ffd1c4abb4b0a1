import { unpacked } from "#boards/packing";

/** So many more slots than are in view may be kept before the oldest are dropped together. */
const SLACK = 60;

/**
 * What a board shows: for each panel its lanes, each with a value or null for every slot of time. Slots follow each other without a gap, so
 * that where nothing was measured there is a null, and where a second belongs is arithmetic. Values are assigned by their
 * second, never added: what comes twice changes nothing.
 */
export class BoardData {
  #panels = new Map();
  #first = 0;
  /** The order by which the topic tells values, and how many lanes it names in each panel. */
  #order = null;
  #named = {};
  #leftOut = {};
  #blanks = {};
  /** Whether the last rows held values of which it is not known here to which lanes they belong. */
  isLost = false;

  /** `data` as the server answers `…/data`. */
  constructor(data) {
    this.replace(data);
  }

  /** Begins anew from another answer. */
  replace(data) {
    this.step = data.step || 1;
    this.rev = data.rev ?? 0;
    this.from = data.from;
    this.to = data.to;
    this.annotations = data.annotations ?? [];
    this.workers = data.workers ?? [];
    this.#count(data);
    this.#lose();
    const panels = unpackedPanels(data.panels);
    this.#first = data.seconds[0] ?? Math.floor(data.from / this.step) * this.step;
    // As the server answers: a hundred thousand values are taken over, and not put in place one by one.
    const isWhole = hasNoHole(data.seconds, this.step);
    this.seconds = isWhole ? data.seconds : [];
    this.#panels = new Map();
    for (const [id, lanes] of Object.entries(panels)) this.#begin(id, lanes, isWhole);
    if (isWhole) return;
    this.#reach(data.seconds.at(-1));
    this.#assign(data.seconds, panels);
  }

  /** Lanes of a panel: `{key, label, labels, query, bound, values}`, values in step with `seconds`; `key` is which lane it is. */
  lanes(panel) {
    return this.#panels.get(panel) ?? [];
  }

  /** How many lanes of a panel the last answer left out. */
  leftOut(panel) {
    return this.#leftOut[panel] ?? 0;
  }

  /** Why nothing comes of a panel, as it was told last: "" where nothing was measured. */
  blank(panel) {
    return this.#blanks[panel] ?? "";
  }

  /** The newest slot, or null. */
  get last() {
    return this.seconds.at(-1) ?? null;
  }

  /** The place of the slot that holds a second, clamped to what there is. */
  placeOf(second) {
    const place = Math.round((second - this.#first) / this.step);
    return Math.max(0, Math.min(this.seconds.length - 1, place));
  }

  /** Takes in rows of the board's topic, as far as it is known to which lanes they belong; answers which panels they changed. */
  apply(rows) {
    const changed = new Set();
    this.isLost = !rows.every((row) => this.#takes(row, changed));
    return changed;
  }

  /**
   * Takes in a later answer of the same step, over what is there already; answers which panels it changed. What was shown of a source that
   * is withdrawn goes.
   */
  merge(data) {
    if (data.step !== this.step || this.#isBeyond(data)) {
      this.replace(data);
      return new Set(this.#panels.keys());
    }
    this.rev = Math.max(this.rev, data.rev);
    this.to = Math.max(this.to, data.to);
    this.note(data);
    const changed = new Set();
    this.#count(data);
    this.#lose();
    const panels = unpackedPanels(data.panels);
    this.#relane(panels, changed);
    this.#withdraw(panels);
    this.#reach(data.seconds.at(-1) ?? this.last);
    this.#assign(data.seconds, panels);
    return new Set(Object.keys(data.panels));
  }

  /** Takes in what is written on the axis of time, beside what is known, and who is there now. */
  note({ annotations = [], workers = this.workers }) {
    const known = new Map(this.annotations.map((one) => [nameOf(one), one]));
    for (const one of annotations) known.set(nameOf(one), one);
    this.annotations = [...known.values()];
    this.workers = workers;
  }

  /** Drops what lies before `second`, some slots at a time. */
  trim(second) {
    const gone = Math.floor((second - this.#first) / this.step);
    if (gone < SLACK) return;
    this.#first += gone * this.step;
    this.seconds.splice(0, gone);
    for (const lanes of this.#panels.values()) {
      for (const lane of lanes) lane.values.splice(0, gone);
    }
  }

  #isBeyond({ seconds }) {
    return seconds.length > 0 && this.last !== null && seconds[0] > this.last + SLACK * this.step;
  }

  #begin(id, lanes, isWhole) {
    const begun = lanes.map((lane) => ({ ...described(lane), values: isWhole ? lane.values : [] }));
    this.#panels.set(id, toldApart(begun));
  }

  #assign(seconds, panels) {
    for (const [id, lanes] of Object.entries(panels)) {
      const held = this.lanes(id);
      for (const [number, { values }] of lanes.entries()) {
        const target = held[number].values;
        for (const [place, second] of seconds.entries()) {
          const slot = Math.round((second - this.#first) / this.step);
          if (slot >= 0) target[slot] = values[place] ?? null;
        }
      }
    }
  }

  #count({ panels }) {
    for (const [id, { left_out, blank }] of Object.entries(panels)) {
      this.#leftOut[id] = left_out;
      this.#blanks[id] = blank ?? "";
    }
  }

  // Lanes stand in the order of an answer now, which is none of the topic's.
  #lose() {
    this.#order = null;
    this.#named = {};
  }

  #takes(row, changed) {
    if (row.kind === "lanes") this.#learn(row, changed);
    else if (row.kind === "second") {
      if (!this.#isKnown(row)) return false;
      this.#second(row, changed);
    }
    this.rev = Math.max(this.rev, row.rev);
    return true;
  }

  #learn({ order, panels, blanks = {} }, changed) {
    this.#order = order;
    for (const [id, lanes] of Object.entries(panels)) {
      this.#named[id] = lanes.length;
      // Of what has lanes by now something comes, whatever was said of it before.
      const blank = blanks[id] ?? (lanes.length > 0 ? "" : this.blank(id));
      if (blank !== this.blank(id)) changed.add(id);
      this.#blanks[id] = blank;
    }
    this.#relane(panels, changed);
    this.#withdraw(panels);
  }

  // What is not shown any more does not stay.
  #withdraw(panels) {
    for (const id of Object.keys(panels))
      if (this.blank(id) === "no_source") this.#panels.set(id, []);
  }

  #isKnown({ order, panels }) {
    const fits = ([id, values]) => values.length <= (this.#named[id] ?? 0);
    return order === this.#order && Object.entries(panels).every(fits);
  }

  #second({ id, panels }, changed) {
    const isAfter = this.last === null || id > this.last;
    if (isAfter) this.#reach(id);
    this.to = Math.max(this.to, id + this.step);
    const slot = Math.round((id - this.#first) / this.step);
    if (slot < 0) return;
    for (const [panel, values] of Object.entries(panels)) {
      changed.add(panel);
      const lanes = this.lanes(panel);
      for (const [number, value] of values.entries()) {
        if (lanes[number]) lanes[number].values[slot] = value;
      }
    }
    // What has nothing at this second has a gap there, and is drawn with it.
    if (isAfter) for (const panel of this.#panels.keys()) changed.add(panel);
  }

  // Every slot up to this second is there, empty for now.
  #reach(second) {
    const long = this.step * 100_000;
    if (this.last !== null && second - this.last > long) return;
    const before = this.seconds.length;
    for (let next = this.#first + before * this.step; next <= second; next += this.step)
      this.seconds.push(next);
    const added = this.seconds.length - before;
    if (added <= 0) return;
    for (const lanes of this.#panels.values()) {
      for (const { values } of lanes) for (let one = 0; one < added; one++) values.push(null);
    }
  }

  // Lanes keep what they have by what they are of, wherever they stand now. What the topic does not know of, because nothing
  // of it came lately, stays behind the others for as long as it is in view.
  #relane(panels, changed) {
    for (const [id, wanted] of Object.entries(panels)) {
      const lanes = wanted.map(described);
      const held = this.lanes(id);
      const named = new Set(lanes.map(({ key }) => key));
      const others = held.filter((lane) => !named.has(lane.key) && hasValues(lane));
      if (isSame(held, [...lanes, ...others])) continue;
      const before = new Map(held.map((lane) => [lane.key, lane]));
      const known = lanes.map(
        (lane) => before.get(lane.key) ?? { ...lane, values: this.#nothing() },
      );
      this.#panels.set(id, toldApart([...known, ...others]));
      changed.add(id);
    }
  }

  #nothing() {
    return new Array(this.seconds.length).fill(null);
  }
}

function hasNoHole(seconds, step) {
  const [first] = seconds;
  return seconds.length === 0 || seconds.at(-1) === first + (seconds.length - 1) * step;
}

function nameOf({ id, kind, at, title }) {
  return id ? `${kind} ${id}` : `${kind} ${at} ${title}`;
}

/** The lanes of each panel, their values as arrays whichever way they came. */
function unpackedPanels(panels) {
  const lanes = Object.entries(panels).map(([id, panel]) => [id, panel.lanes.map(unpacked)]);
  return Object.fromEntries(lanes);
}

// Which lane it is the labels say, not the name: people choose names, and two may be alike.
function described({ label, labels, query = 0, bound = null }) {
  const key = JSON.stringify([query, bound, Object.entries(labels).toSorted()]);
  return { key, label, labels, query, bound };
}

/** Lanes with names of their own: of those that are called alike the second says so. */
function toldApart(lanes) {
  const taken = new Set();
  for (const lane of lanes) {
    const { label } = lane;
    for (let number = 2; taken.has(lane.label); number++) lane.label = `${label} (${number})`;
    taken.add(lane.label);
  }
  return lanes;
}

function hasValues({ values }) {
  return values.some((value) => value !== null);
}

function isSame(held, lanes) {
  return held.length === lanes.length && held.every(({ key }, at) => key === lanes[at].key);
}
