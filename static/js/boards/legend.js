import { html, nothing, svg } from "lit-html";
import { notesAt } from "#boards/bands";
import { newest } from "#boards/levels";
import { shapeOf } from "#boards/marks";
import { words } from "#boards/units";
import { momentWords } from "#boards/when";
import { WORDS } from "#boards/words";
import { icon } from "#lib/parts";

const SHOWN = 24;

/** The lanes of a chart with their values, now or at the cursor; `toggle(key)` hides one or shows it again. Of a heat map its colours. */
export function legendOf(panel, toggle) {
  const { cursor, spec } = panel;
  const lanes = panel.lanes.slice(0, SHOWN);
  const keys =
    spec.kind === "heatmap"
      ? colours(panel)
      : html`<ul class="legend">${lanes.map((lane, number) => key(panel, lane, number, toggle))}</ul>`;
  return html`${keys}${cursor === null ? nothing : moment(panel)}${leftOut(panel)}
    <button type="button" class="icon-button panel-turn" title=${WORDS.asTable} aria-label=${WORDS.asTable} @click=${() => panel.turn(true)}>${icon("table")}</button>`;
}

function colours(panel) {
  const { cursor, most, row } = panel;
  const count = row?.values[cursor] ?? 0;
  return html`<p class="legend-heat"><span>0</span><i></i><span>${words(most, "")}</span>
    ${cursor === null || !row ? nothing : html`<b>${WORDS.inRow(panel.nameOf(row), words(count, ""))}</b>`}</p>`;
}

function leftOut({ leftOut }) {
  return leftOut > 0
    ? html`<span class="legend-left-out">${WORDS.leftOut(leftOut)}</span>`
    : nothing;
}

function key(panel, lane, number, toggle) {
  const { key, label, values } = lane;
  const { cursor } = panel;
  const value = cursor === null ? newest(values) : (values[cursor] ?? null);
  return html`<li><button type="button" class="legend-key lane-${(number % 8) + 1}" aria-pressed=${!panel.isHidden(lane)} title=${WORDS.hide(label)} @click=${() => toggle(key)}>
    ${marker(shapeOf(number))}<span class="legend-label">${label}</span> <b>${words(value, panel.spec.unit)}</b>
  </button></li>`;
}

function moment(panel) {
  const second = panel.seconds[panel.cursor];
  const [from, to] = panel.span;
  const notes = notesAt(panel.annotations, second, panel.step).map(({ title }) => title);
  return html`<span class="legend-moment">${momentWords(second, to - from)}${notes.length > 0 ? html` · <b>${notes.join(", ")}</b>` : nothing}</span>`;
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
