import { html, nothing, render } from "lit-html";
import { words } from "#boards/units";
import { fullMoment, momentWords } from "#boards/when";
import { WORDS } from "#boards/words";

/** More rows than this nobody reads; all of them are in the CSV. */
const MOST = 120;

/** A chart in numbers: a row for every slot, the newest first. */
export class Numbers {
  #place;
  #panel;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    place.classList.add("panel-table", "is-numbers");
  }

  draw() {
    // Who reads or marks something here does not want it to move away.
    if (this.#place.matches(":hover, :focus-within") && this.#place.querySelector("td")) return;
    render(this.#template(), this.#place);
  }

  recolour() {}

  destroy() {
    render(nothing, this.#place);
  }

  #template() {
    const { lanes, seconds, span, spec } = this.#panel;
    const unit = spec.kind === "heatmap" ? "" : spec.unit;
    const places = [];
    for (let at = seconds.length - 1; at >= 0 && places.length < MOST; at--)
      if (seconds[at] >= span[0] && seconds[at] <= span[1]) places.push(at);
    return html`<button type="button" class="link-button" @click=${() => this.#panel.turn(false)}>${WORDS.asChart}</button>
      <div class="numbers-scroll" tabindex="0" role="region" aria-label=${spec.title}><table>
        <thead><tr><th scope="col">${WORDS.time}</th>${lanes.map((lane) => html`<th scope="col">${this.#panel.nameOf(lane)}</th>`)}</tr></thead>
        <tbody>${places.map(
          (at) =>
            html`<tr><th scope="row"><time datetime=${new Date(seconds[at] * 1_000).toISOString()} title=${fullMoment(seconds[at])}>${momentWords(seconds[at], span[1] - span[0])}</time></th>${lanes.map(({ values }) => html`<td>${words(values[at] ?? null, unit)}</td>`)}</tr>`,
        )}</tbody>
      </table></div>
      <p class="numbers-note">${WORDS.newestRows(places.length)}</p>`;
  }
}
