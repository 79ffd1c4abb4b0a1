import { html, nothing, render } from "lit-html";
import { legendOf } from "#boards/legend";
import { keysOf } from "#boards/panel-keys";
import { words } from "#boards/units";
import { shortly, WORDS } from "#boards/words";
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

/** One panel of a board: its frame, with its legend and its keys; what is in it is drawn by its kind. */
export class Panel {
  #board;
  #body = null;
  #empty = null;
  #halt = null;
  #foot = null;
  #drawer = null;
  #hidden = new Set();
  #isBroken = false;
  #resizing;
  /** `{width, height}` of what is within the frame, as the browser has laid it out; null before that. */
  size = null;
  /** Of a heat map: the most that is in one cell, and the row at which the pointer is. */
  most = 0;
  row = null;
  isInSight = false;
  /** Nothing of its numbers has been drawn yet. */
  isNew = true;
  isTable = false;

  constructor(spec, board) {
    this.spec = spec;
    this.#board = board;
    this.element = document.createElement("article");
    this.element.className = "panel";
    this.element.dataset.kind = spec.kind;
    this.element.dataset.panel = spec.id;
    this.element.setAttribute("aria-labelledby", `title-${spec.id}`);
    this.element.addEventListener("keydown", keysOf(this, board));
    this.place(spec);
    this.#frame();
    this.#resizing = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect));
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

  /** How many lanes are not shown, because others tell more. */
  get leftOut() {
    return this.#board.data.leftOut(this.spec.id);
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
    return shortly(this.#board.view.range);
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

  /** What a lane is called: a row of a heat map by the largest value that falls into it. */
  nameOf({ label, bound }) {
    const isRow = this.spec.kind === "heatmap" && Number.isFinite(bound);
    return isRow ? words(bound, this.spec.unit) : label;
  }

  isHidden({ key }) {
    return this.#hidden.has(key);
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
    this.isNew &&= this.isNumeric && this.seconds.length === 0;
    this.#drawer.point?.(this.#board.cursor);
    this.#isBroken = false;
    this.#legend();
  }

  /** Drawing it failed: it says so, and is tried again with whatever comes. */
  failed(error) {
    if (!this.#isBroken) reportError(error);
    this.#isBroken = true;
    this.#say(this.#halt, WORDS.undrawn);
  }

  /** The board's cursor has moved. */
  pointed(second) {
    if (this.isInSight) this.#drawer?.point?.(second);
  }

  /** Its legend is to tell of where the cursor is. */
  tell() {
    if (this.isInSight) this.#legend();
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

  // Told by the browser after it has laid out the page: asking for it would have it do so for each panel.
  #resized({ width, height }) {
    this.size = { width, height };
    this.#board.dirty(this);
  }

  async #load() {
    const name = this.#drawnBy;
    const Kind = await (KINDS[name] ?? KINDS.line)();
    const isStill = name === this.#drawnBy;
    if (this.#drawer || !isStill) return;
    this.#body.className = "panel-body";
    this.#drawer = new Kind(this.#body, this);
    this.#frame();
    this.#board.ready(this);
  }

  // The source of a log is one of lines; of a table it is where its rows come from, if not from what is measured.
  get #drawnBy() {
    const { kind, options } = this.spec;
    if (this.isTable) return "numbers";
    return kind === "log" ? kind : (options?.source ?? kind);
  }

  #frame() {
    render(this.#template(), this.element);
    this.#body = this.element.querySelector(".panel-body");
    this.#empty = this.element.querySelector(".panel-empty");
    this.#halt = this.element.querySelector(".panel-halt");
    this.#foot = this.element.querySelector(".panel-foot");
    // From the beginning on: what comes later would change the size of what is drawn above it.
    this.#legend();
  }

  #template() {
    const { id, title, options } = this.spec;
    const isKeyed = this.isChart && !this.isTable;
    return html`<header class="panel-head">
        <h2 id="title-${id}">${title}</h2>
        ${options?.note ? html`<small>${options.note}</small>` : nothing}
        <button type="button" class="icon-button panel-menu" aria-haspopup="menu" aria-label=${WORDS.menuOf(title)} @click=${({ currentTarget }) => this.#board.menu(this, currentTarget)}>${icon("ellipsis")}</button>
      </header>
      <p class="panel-halt" role="status" hidden><span></span></p>
      <div class="panel-body" tabindex=${isKeyed ? 0 : nothing} role=${isKeyed ? "application" : nothing} aria-roledescription=${isKeyed ? WORDS.chart : nothing} aria-label=${isKeyed ? WORDS.chartOf(title) : nothing}></div>
      <p class="panel-empty" hidden><span></span></p>
      <footer class="panel-foot"></footer>`;
  }

  // What is empty says so, and what stands still; what has lanes names them.
  #legend() {
    const { lanes } = this;
    const isEmpty =
      this.isNumeric && lanes.every(({ values }) => values.every((one) => one === null));
    const why = this.isNumeric ? this.#board.data.blank(this.spec.id) : "";
    this.#say(this.#empty, isEmpty ? (WORDS.blank[why] ?? WORDS.nothing) : "");
    if (!this.#isBroken) this.#say(this.#halt, isEmpty ? "" : (WORDS.halted[why] ?? ""));
    const isShown = this.isChart && !this.isTable && lanes.length > 0;
    if (this.#foot.hidden === isShown) this.#foot.hidden = !isShown;
    if (isShown)
      render(
        legendOf(this, (key) => this.#toggle(key)),
        this.#foot,
      );
  }

  // Only what is otherwise: whatever is written anew has the browser lay out the page.
  #say(place, words) {
    if (place.hidden === (words !== "")) place.hidden = words === "";
    const told = place.firstElementChild;
    if (told.textContent !== words) told.textContent = words;
  }

  #toggle(key) {
    if (!this.#hidden.delete(key)) this.#hidden.add(key);
    this.draw();
  }
}
