import { html, nothing, render } from "lit-html";
import { cadenceOf, levelOf, MISSING, newest, trendOf } from "#boards/levels";
import { palette } from "#boards/paint";
import { parts, words } from "#boards/units";
import { WORDS } from "#boards/words";

const SIGNS = { "-1": "▼", 0: "●", 1: "▲" };
const COLOURS = { ok: "ok", warning: "warning", critical: "critical" };

/** One number, how it moved, and a small line of it. */
export class Stat {
  #place;
  #panel;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    place.classList.add("stat");
  }

  draw() {
    const { spec, lanes, cursor } = this.#panel;
    const [lane] = lanes;
    const values = lane?.values ?? [];
    const value = cursor === null ? newest(values) : (values[cursor] ?? null);
    const level = levelOf(value, spec);
    render(this.#template(value, level, trendOf(values)), this.#place);
    const canvas = this.#place.querySelector("canvas");
    if (canvas) spark(canvas, values, palette()[COLOURS[level]] ?? palette().accent, cursor);
  }

  point() {
    this.draw();
  }

  recolour() {
    this.draw();
  }

  get canvas() {
    return this.#place.querySelector("canvas");
  }

  destroy() {
    render(nothing, this.#place);
  }

  #template(value, level, trend) {
    const { number, unit } = parts(value, this.#panel.spec.unit);
    return html`<p class="stat-value" data-level=${level || nothing}><b>${number}</b>${unit ? html`<span>${unit}</span>` : nothing}</p>
      <p class="stat-trend" data-level=${level || nothing}>${this.#remark(value, level, trend)}</p>
      <canvas class="stat-spark" aria-hidden="true"></canvas>`;
  }

  // Where a threshold is passed that is the news, and otherwise where the number goes.
  #remark(value, level, trend) {
    const { spec, rangeWords } = this.#panel;
    if (level === "warning" || level === "critical") {
      const limits = spec.thresholds.filter((one) => one.level === level);
      const [{ at }] = limits;
      const limit = words(at, spec.unit);
      const said = spec.options?.better === "high" ? WORDS.under(limit) : WORDS.over(limit);
      return html`${SIGNS[spec.options?.better === "high" ? -1 : 1]} <span class="visually-hidden">${WORDS.levels[level]}:</span> ${said}`;
    }
    if (!trend || value === null) return nothing;
    const { sign, share } = trend;
    if (sign === 0) return `${SIGNS[0]} ${WORDS.steady}`;
    const moved = share === null ? "" : `${words(Math.round(share * 1_000) / 10, "%")} `;
    return html`${SIGNS[sign]} <span class="visually-hidden">${sign > 0 ? WORDS.rises : WORDS.falls}</span> ${moved}${WORDS.inRange(rangeWords)}`;
  }
}

/** A line without axes; gaps stay gaps. */
function spark(canvas, values, colour, cursor) {
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const { x, y } = places(values, width, height);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.beginPath();
  const cadence = cadenceOf(values);
  const apart = cadence === 1 ? 1 : cadence * MISSING;
  let last = -Infinity;
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    if (at - last > apart) context.moveTo(x(at), y(value));
    else context.lineTo(x(at), y(value));
    last = at;
  }
  context.stroke();
  if (cursor === null || (values[cursor] ?? null) === null) return;
  context.beginPath();
  context.arc(x(cursor), y(values[cursor]), 3, 0, 2 * Math.PI);
  context.fill();
}

function places(values, width, height) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // What hardly moves is drawn as hardly moving.
  const least = Math.abs(high) * 0.05 || 1;
  const spread = Math.max(high - low, least);
  const base = (high + low - spread) / 2;
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0;
  return {
    x: (at) => 2 + at * step,
    y: (value) => height - 3 - ((value - base) / spread) * (height - 6),
  };
}
