import { html, nothing, render } from "lit-html";
import { WORDS } from "#boards/building-words";
import { icon } from "#lib/parts";

/** Pixels by which a panel on a phone is dragged one row further. */
const A_ROW = 84;

/** Handles on the panels of a board that is being made: to move and size them by pointer and keyboard, to edit and remove them. */
export class Arranging {
  #grid;
  #hooks;
  #held = null;
  #listening = new AbortController();

  /** `hooks`: `draft()`, `changed()`, `edit(id)`, `remove(id)`, `errors(id)` and `say(words)`. */
  constructor(grid, hooks) {
    this.#grid = grid;
    this.#hooks = hooks;
    const { signal } = this.#listening;
    grid.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    for (const end of ["pointerup", "pointercancel"])
      grid.addEventListener(end, () => this.#drop(), { signal });
  }

  draw() {
    for (const panel of this.#hooks.draft().panels) {
      const element = this.#element(panel.id);
      let place = element.querySelector(":scope > .arranging");
      if (!place) {
        place = document.createElement("div");
        place.className = "arranging";
        const corner = document.createElement("div");
        corner.className = "arranging-size";
        corner.addEventListener("pointerdown", (event) => this.#grab(event, panel.id, "size"));
        element.append(place, corner);
      }
      render(this.#handles(panel), place);
    }
  }

  focus(id) {
    this.#element(id)?.querySelector(".arrange-move")?.focus();
  }

  end() {
    this.#listening.abort();
    for (const place of this.#grid.querySelectorAll(".arranging, .arranging-size")) place.remove();
  }

  #element(id) {
    return this.#grid.querySelector(`[data-panel="${CSS.escape(id)}"]`);
  }

  #handles(panel) {
    const { id } = panel;
    const title = panel.title || WORDS.untitled;
    const errors = Object.values(this.#hooks.errors(id) ?? {});
    return html`<button type="button" class="icon-button arrange-move" aria-label=${WORDS.move(title)} @pointerdown=${(event) => this.#grab(event, id, "move")} @keydown=${(event) => this.#key(event, id)}>${icon("grip-vertical")}</button>
      <button type="button" class="icon-button" aria-label=${WORDS.editPanel(title)} @click=${() => this.#hooks.edit(id)}>${icon("pencil")}</button>
      <button type="button" class="icon-button" aria-label=${WORDS.removePanel(title)} @click=${() => this.#hooks.remove(id)}>${icon("trash-2")}</button>
      ${errors.length > 0 ? html`<p class="field-error" role="alert">${errors.join(" ")}</p>` : nothing}`;
  }

  #key(event, id) {
    const [across, down] =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ??
      [];
    if (across === undefined) return;
    event.preventDefault();
    const draft = this.#hooks.draft();
    const { w, h } = draft.panel(id);
    if (event.shiftKey) draft.size(id, w + across, h + down);
    else draft.move(id, across, down);
    this.#hooks.changed();
    this.focus(id);
    this.#hooks.say(WORDS.place(draft.panel(id)));
  }

  #grab(event, id, what) {
    if (event.button !== 0) return;
    event.preventDefault();
    const { x, y, w, h } = this.#hooks.draft().panel(id);
    this.#held = { id, what, from: [event.clientX, event.clientY], was: { x, y, w, h }, at: "" };
    this.#grid.setPointerCapture(event.pointerId);
    this.#element(id).classList.add("is-held");
  }

  #drag(event) {
    if (!this.#held) return;
    const { id, what, from, was } = this.#held;
    const [wide, high] = this.#cell;
    const across = Math.round((event.clientX - from[0]) / wide);
    const down = Math.round((event.clientY - from[1]) / high);
    const at = `${across} ${down}`;
    if (at === this.#held.at) return;
    this.#held.at = at;
    const draft = this.#hooks.draft();
    if (what === "move") draft.put(id, was.x + across, was.y + down);
    else draft.size(id, was.w + across, was.h + down);
    this.#hooks.changed();
    this.#element(id).classList.add("is-held");
  }

  #drop() {
    if (!this.#held) return;
    this.#element(this.#held.id)?.classList.remove("is-held");
    this.#held = null;
  }

  get #cell() {
    const { columnGap, rowGap, gridAutoRows } = getComputedStyle(this.#grid);
    const row = Number.parseFloat(gridAutoRows);
    // On a phone panels stand beneath each other: they are moved up and down.
    if (Number.isNaN(row)) return [Infinity, A_ROW];
    const gap = Number.parseFloat(columnGap) || 0;
    return [(this.#grid.clientWidth + gap) / 12, row + (Number.parseFloat(rowGap) || 0)];
  }
}
