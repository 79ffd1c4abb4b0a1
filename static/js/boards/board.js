import { BoardData } from "#boards/model";
import { onTheme } from "#boards/paint";
import { Panel } from "#boards/panel";
import { isLive, lengthOf, live, scaledView, spanOf, zoomed } from "#boards/view";

/** How far ahead of the newest slot the picture of a live view may be. */
const BEHIND = 3;
/** Legends that are written anew in one frame. */
const LEGENDS = 6;

/**
 * The panels of a board, what they show, and the one cursor that all of them share. `hooks`: `wanted(view)` when somebody asks for
 * another part of time, `said(words)`, and `menu(panel, button)`.
 */
export class Board {
  #grid;
  #drawing;
  #hooks;
  #panels = new Map();
  #sight;
  #pointing = null;
  #hasMoved = false;
  /** Panels whose legends tell of another moment than the cursor's, those that have waited longest first. */
  #behind = new Set();
  view;
  cursor = null;

  constructor(grid, { data, view, drawing, live, sources, isStaff, hooks }) {
    this.#grid = grid;
    this.#drawing = drawing;
    this.#hooks = hooks;
    this.isStaff = isStaff;
    this.live = live;
    this.sources = sources;
    this.data = new BoardData(data);
    this.view = view;
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries), {
      rootMargin: "80px",
    });
    onTheme(() => {
      for (const panel of this.#panels.values()) panel.recolour();
    });
    matchMedia("(forced-colors: active)").addEventListener("change", () => this.dirtyAll());
  }

  get panels() {
    return [...this.#panels.values()];
  }

  /** The panels of a definition; those whose content is as before are moved at most. */
  lay(specs) {
    const wanted = new Map(specs.map((spec) => [spec.id, spec]));
    for (const [id, panel] of this.#panels) {
      if (contentOf(wanted.get(id)) === contentOf(panel.spec)) continue;
      this.#sight.unobserve(panel.element);
      this.#drawing.remove(panel);
      this.#behind.delete(panel);
      panel.destroy();
      this.#panels.delete(id);
    }
    for (const [place, spec] of ordered(specs).entries()) {
      const panel = this.#panels.get(spec.id) ?? this.#make(spec);
      panel.place(spec);
      const there = this.#grid.children[place];
      if (there !== panel.element) this.#grid.insertBefore(panel.element, there ?? null);
    }
    this.#showAlone();
  }

  /** From when to when the panels show. */
  get span() {
    if (!isLive(this.view)) return [this.view.from, this.view.to];
    const { last, to, step } = this.data;
    const end = last === null ? to : Math.max(last, to - BEHIND * step);
    return spanOf(this.view, end);
  }

  /** Another view of the same data, or of what is about to come. */
  look(view) {
    this.view = view;
    this.#showAlone();
    this.dirtyAll();
  }

  /** These panels have something new; all of them move on when time does. */
  changed(ids) {
    if (ids.size === 0) return;
    if (isLive(this.view)) this.data.trim(this.span[0] - this.data.step);
    for (const id of ids) this.dirty(this.#panels.get(id));
  }

  dirty(panel) {
    if (panel) this.#drawing.add(panel);
  }

  /** What draws this panel is loaded. */
  ready(panel) {
    this.#drawing.add(panel);
    this.#drawing.wake();
  }

  dirtyAll() {
    for (const panel of this.#panels.values()) this.dirty(panel);
  }

  /** Moves the cursor of all panels, once a frame at most. The panel that it is moved on tells of it first. */
  point(second, panel) {
    if (second === this.cursor) return;
    this.cursor = second;
    this.#hasMoved = true;
    if (panel) this.#behind = new Set([panel, ...this.#behind]);
    this.#pointing ??= requestAnimationFrame(() => this.#follow());
  }

  zoom(from, to) {
    this.#hooks.wanted(zoomed(this.view, from, to, this.data.to));
  }

  unzoom() {
    if (!isLive(this.view)) this.#hooks.wanted(live(this.view));
  }

  scale(factor) {
    const [from, to] = this.span;
    const isWhole = factor > 1 && to - from >= lengthOf("365d");
    if (!isWhole) this.#hooks.wanted(scaledView(this.view, factor, this.data.to, this.cursor));
  }

  /** The tab can be seen again. */
  wake() {
    this.#drawing.wake();
  }

  say(words) {
    this.#hooks.said(words);
  }

  menu(panel, button) {
    this.#hooks.menu(panel, button);
  }

  // Lines move at once; legends are laid out anew, some in each frame.
  #follow() {
    if (this.#hasMoved) {
      for (const panel of this.panels) {
        panel.pointed(this.cursor);
        this.#behind.add(panel);
      }
    }
    this.#hasMoved = false;
    for (const panel of [...this.#behind].slice(0, LEGENDS)) {
      this.#behind.delete(panel);
      panel.tell();
    }
    this.#pointing = this.#behind.size > 0 ? requestAnimationFrame(() => this.#follow()) : null;
  }

  #make(spec) {
    const panel = new Panel(spec, this);
    this.#panels.set(spec.id, panel);
    this.#sight.observe(panel.element);
    this.#drawing.add(panel);
    return panel;
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const panel = this.#panels.get(target.dataset.panel);
      if (panel?.element === target) panel.isInSight = isIntersecting;
    }
    this.#drawing.wake();
  }

  // One panel that is looked at alone, or a log that is all there is, has the whole page.
  #showAlone() {
    const only = this.#panels.size === 1 && this.panels[0].spec.kind === "log";
    const chosen = this.#panels.get(this.view.panel) ?? (only ? this.panels[0] : null);
    this.#grid.classList.toggle("is-alone", chosen !== null);
    for (const panel of this.#panels.values())
      panel.element.classList.toggle("is-chosen", panel === chosen);
  }
}

// As they are read: row by row.
function ordered(specs) {
  return specs.toSorted((one, other) => one.y - other.y || one.x - other.x);
}

function contentOf(spec) {
  return spec && JSON.stringify({ ...spec, x: 0, y: 0, w: 0, h: 0 });
}
