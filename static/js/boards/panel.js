import { html, nothing, render, svg } from "lit-html";
import { notesAt } from "#boards/bands";
import { newest } from "#boards/levels";
import { shapeOf } from "#boards/marks";
import { words } from "#boards/units";
import { fullMoment, momentWords } from "#boards/when";
import { WORDS } from "#boards/words";
import { icon } from "#lib/parts";

/** What draws which kind; loaded with the first board that has one. */
const KINDS = {
  line: async () => (await import("#boards/chart")).Chart,
  area: async () => (await import("#boards/chart")).Chart,
  stacked: async () => (await import("#boards/chart")).Chart,
  stat: async () => (await import("#boards/stat")).Stat,
  gauge: async () => (await import("#boards/gauge")).Gauge,
  table: async () => (await import("#boards/table")).Table,
  heatmap: async () => (await import("#boards/heatmap")).Heatmap,
  log: async () => (await import("#boards/log-panel")).LogPanel,
  sockets: async () => (await import("#boards/sockets")).Sockets,
  numbers: async () => (await import("#boards/numbers")).Numbers,
};
const CHARTS = ["line", "area", "stacked", "heatmap"];
const WITH_LEGEND = ["line", "area", "stacked"];
const LEGEND_SHOWS = 24;

/** One panel of a board: its frame, its legend and its keys; what is in it is drawn by its kind. */
export class Panel {
  #board;
  #body = null;
  #drawer = null;
  #hidden = new Set();
  #resizing;
  isInSight = false;
  isTable = false;

  constructor(spec, board) {
    this.spec = spec;
    this.#board = board;
    this.element = document.createElement("article");
    this.element.className = "panel";
    this.element.dataset.kind = spec.kind;
    this.element.dataset.panel = spec.id;
    this.element.setAttribute("aria-labelledby", `title-${spec.id}`);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.place(spec);
    this.#frame();
    this.#resizing = new ResizeObserver(() => this.#board.dirty(this));
    this.#resizing.observe(this.#body);
  }

  /** Puts it on the grid. */
  place({ x, y, w, h }) {
    this.spec = { ...this.spec, x, y, w, h };
    this.element.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    this.element.style.setProperty("--rows", h);
  }

  get lanes() {
    return this.#board.data.lanes(this.spec.id);
  }

  get seconds() {
    return this.#board.data.seconds;
  }

  get step() {
    return this.#board.data.step;
  }

  get span() {
    return this.#board.span;
  }

  get annotations() {
    return this.#board.data.annotations;
  }

  /** The slot at which the board's cursor is, or null. */
  get cursor() {
    const { cursor, data } = this.#board;
    return cursor === null || data.seconds.length === 0 ? null : data.placeOf(cursor);
  }

  get rangeWords() {
    const { range } = this.#board.view;
    return WORDS.ranges[range] ?? range;
  }

  /** Who sends logs, beside this installation itself. */
  get sources() {
    return this.#board.sources;
  }

  get isStaff() {
    return this.#board.isStaff;
  }

  /** `{topics, socket}`: what a kind follows by itself. */
  get live() {
    return this.#board.live;
  }

  get isChart() {
    return CHARTS.includes(this.spec.kind);
  }

  get isNumeric() {
    return this.spec.kind !== "log" && !this.spec.options?.source;
  }

  get canvas() {
    return this.isTable ? null : (this.#drawer?.canvas ?? null);
  }

  isHidden({ label }) {
    return this.#hidden.has(label);
  }

  point(second) {
    this.#board.point(second, this);
  }

  zoom(from, to) {
    this.#board.zoom(from, to);
  }

  unzoom() {
    this.#board.unzoom();
  }

  say(text) {
    this.#board.say(text);
  }

  /** Shows the numbers in place of the picture, or the picture again. */
  turn(isTable = !this.isTable) {
    this.isTable = isTable;
    this.#drawer?.destroy();
    this.#drawer = null;
    this.#frame();
    this.#board.dirty(this);
  }

  draw() {
    if (!this.#drawer) {
      this.#load();
      return;
    }
    this.#drawer.draw();
    this.#drawer.point?.(this.#board.cursor);
    this.#legend();
  }

  /** The board's cursor has moved. */
  pointed(second) {
    if (!this.isInSight) return;
    this.#drawer?.point?.(second);
    this.#legend();
  }

  recolour() {
    this.#drawer?.recolour?.();
    this.#legend();
  }

  destroy() {
    this.#resizing.disconnect();
    this.#drawer?.destroy();
    this.element.remove();
  }

  async #load() {
    const { kind, options } = this.spec;
    const name = this.isTable ? "numbers" : (options?.source ?? kind);
    const Kind = await (KINDS[name] ?? KINDS.line)();
    const isStill = name === (this.isTable ? "numbers" : (options?.source ?? kind));
    if (this.#drawer || !isStill) return;
    this.#body.className = "panel-body";
    this.#drawer = new Kind(this.#body, this);
    this.#frame();
    this.#board.ready(this);
  }

  #frame() {
    render(this.#template(), this.element);
    this.#body = this.element.querySelector(".panel-body");
  }

  #template() {
    const { id, title, options } = this.spec;
    const isKeyed = this.isChart && !this.isTable;
    return html`<header class="panel-head">
        <h2 id="title-${id}">${title}</h2>
        ${options?.note ? html`<small>${options.note}</small>` : nothing}
        <button type="button" class="icon-button panel-menu" aria-haspopup="menu" aria-label=${WORDS.menuOf(title)} @click=${({ currentTarget }) => this.#board.menu(this, currentTarget)}>${icon("ellipsis")}</button>
      </header>
      <div class="panel-body" tabindex=${isKeyed ? 0 : nothing} role=${isKeyed ? "application" : nothing} aria-roledescription=${isKeyed ? WORDS.chart : nothing} aria-label=${isKeyed ? WORDS.chartOf(title) : nothing}></div>
      <p class="panel-empty" hidden>${WORDS.nothing}</p>
      <footer class="panel-foot"></footer>`;
  }

  #legend() {
    const { lanes } = this;
    const empty =
      this.isNumeric && lanes.every(({ values }) => values.every((one) => one === null));
    this.element.querySelector(".panel-empty").hidden = !empty;
    const foot = this.element.querySelector(".panel-foot");
    const isShown = WITH_LEGEND.includes(this.spec.kind) && !this.isTable && lanes.length > 0;
    foot.hidden = !isShown;
    if (isShown) render(this.#legendTemplate(lanes), foot);
  }

  #legendTemplate(lanes) {
    const { cursor } = this;
    const shown = lanes.slice(0, LEGEND_SHOWS);
    const moment = cursor === null ? nothing : this.#momentTemplate(cursor);
    return html`<ul class="legend">${shown.map((lane, number) => this.#keyTemplate(lane, number, cursor))}</ul>${moment}
      <button type="button" class="link-button panel-turn" @click=${() => this.turn(true)}>${WORDS.asTable}</button>`;
  }

  #momentTemplate(cursor) {
    const second = this.seconds[cursor];
    const notes = notesAt(this.annotations, second, this.step).map(({ title }) => title);
    return html`<span class="legend-moment">${momentWords(second, this.span[1] - this.span[0])}${notes.length > 0 ? html` · <b>${notes.join(", ")}</b>` : nothing}</span>`;
  }

  #keyTemplate(lane, number, cursor) {
    const { label, values } = lane;
    const value = cursor === null ? newest(values) : (values[cursor] ?? null);
    const isShown = !this.isHidden(lane);
    return html`<li><button type="button" class="legend-key lane-${(number % 8) + 1}" aria-pressed=${isShown} title=${WORDS.hide(label)} @click=${() => this.#toggle(label)}>
      ${marker(shapeOf(number))}<span class="legend-label">${label}</span> <b>${words(value, this.spec.unit)}</b>
    </button></li>`;
  }

  #toggle(label) {
    if (!this.#hidden.delete(label)) this.#hidden.add(label);
    this.draw();
  }

  #key(event) {
    if (!event.target.classList.contains("panel-body") || !this.isChart || this.isTable) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  get #acts() {
    const page = Math.max(1, Math.round(this.seconds.length / 10));
    const turn = () => {
      this.turn(true);
      this.element.querySelector(".panel-head button").focus();
    };
    return {
      ArrowLeft: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      PageUp: () => this.#step(-page),
      PageDown: () => this.#step(page),
      Home: () => this.#step(-this.seconds.length),
      End: () => this.#step(this.seconds.length),
      "+": () => this.#board.scale(0.5),
      "-": () => this.#board.scale(2),
      Escape: () => this.point(null),
      t: turn,
      T: turn,
    };
  }

  #step(by) {
    const last = this.seconds.length - 1;
    if (last < 0) return;
    const [from, to] = this.span;
    const [low, high] = [this.#board.data.placeOf(from), this.#board.data.placeOf(to)];
    const here = this.cursor ?? (by < 0 ? high + 1 : high - by);
    const place = Math.max(low, Math.min(high, here + by));
    this.point(this.seconds[place]);
    this.say(this.#spoken(place));
  }

  #spoken(place) {
    const second = this.seconds[place];
    const lanes = this.lanes.filter((lane) => !this.isHidden(lane));
    const told = lanes.filter(({ values }) => this.spec.kind !== "heatmap" || values[place] > 0);
    const values = told.map(({ label, values }) => {
      const value = values[place] ?? null;
      const unit = this.spec.kind === "heatmap" ? "" : this.spec.unit;
      return `${label} ${value === null ? WORDS.empty : words(value, unit)}`;
    });
    const notes = notesAt(this.annotations, second, this.step).map(({ title }) => title);
    const all = [...values, ...notes].join(", ") || WORDS.empty;
    return WORDS.valuesAt(fullMoment(second), all);
  }
}

function marker(shape) {
  return html`<svg class="legend-mark" viewBox="-5 -5 10 10" aria-hidden="true">${MARKS[shape]}</svg>`;
}

const MARKS = {
  circle: svg`<circle r="3.6"></circle>`,
  ring: svg`<circle r="3" fill="none" stroke="currentColor" stroke-width="1.8"></circle>`,
  square: svg`<rect x="-3.4" y="-3.4" width="6.8" height="6.8"></rect>`,
  bar: svg`<rect x="-1.6" y="-4.4" width="3.2" height="8.8"></rect>`,
  diamond: svg`<path d="M0-4.6 4.6 0 0 4.6-4.6 0z"></path>`,
  triangle: svg`<path d="M0-4.4 4.4 3.6-4.4 3.6z"></path>`,
  wedge: svg`<path d="M0 4.4 4.4-3.6-4.4-3.6z"></path>`,
  cross: svg`<path d="M-3.2-3.2 3.2 3.2M3.2-3.2-3.2 3.2" stroke="currentColor" stroke-width="1.8"></path>`,
};
