import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { levelOf, newest } from "#boards/levels";
import { tableOf } from "#boards/rows";
import { words } from "#boards/units";
import { WORDS } from "#boards/words";

/** The newest values side by side: what the lanes are of in rows, what is asked in columns. */
export class Table {
  #place;
  #panel;
  #sort = null;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    place.classList.add("panel-table");
  }

  draw() {
    const { spec, lanes } = this.#panel;
    const { names, columns, rows } = tableOf(spec, lanes);
    render(this.#template(names, columns, this.#sorted(rows, lanes)), this.#place);
  }

  point() {
    this.draw();
  }

  recolour() {}

  get canvas() {
    return null;
  }

  destroy() {
    render(nothing, this.#place);
  }

  #template(names, columns, rows) {
    return html`<table>
      <thead><tr><th scope="col">${names}</th>${columns.map((column, at) => this.#heading(column, at))}</tr></thead>
      <tbody>${repeat(
        rows,
        ({ name }) => name,
        ({ name, lanes }) =>
          html`<tr><th scope="row">${name}</th>${columns.map((column, at) => this.#cell(lanes[at], column))}</tr>`,
      )}</tbody>
    </table>`;
  }

  #heading({ title }, at) {
    const order = this.#sort === at ? "descending" : nothing;
    return html`<th scope="col" aria-sort=${order}><button type="button" class="table-sort" @click=${() => this.#sortBy(at)}>${title}${this.#sort === at ? " ▼" : nothing}</button></th>`;
  }

  #cell(lane, { unit }) {
    const value = this.#valueOf(lane);
    const level = lane?.query === 0 ? levelOf(value, this.#panel.spec) : "";
    const isBad = level === "warning" || level === "critical";
    return html`<td data-level=${isBad ? level : nothing}>${isBad ? html`<span aria-hidden="true">▲ </span><span class="visually-hidden">${WORDS.levels[level]} </span>` : nothing}${words(value, unit)}</td>`;
  }

  #valueOf(lane) {
    if (!lane) return null;
    const { cursor } = this.#panel;
    return cursor === null ? newest(lane.values) : (lane.values[cursor] ?? null);
  }

  #sortBy(at) {
    this.#sort = this.#sort === at ? null : at;
    this.draw();
  }

  #sorted(rows) {
    if (this.#sort === null) return rows;
    const value = ({ lanes }) => this.#valueOf(lanes[this.#sort]) ?? -Infinity;
    return rows.toSorted((one, other) => value(other) - value(one));
  }
}
