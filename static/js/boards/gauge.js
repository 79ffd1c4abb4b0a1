import { html, nothing, render, svg } from "lit-html";
import { levelOf, newest } from "#boards/levels";
import { parts, words } from "#boards/units";
import { WORDS } from "#boards/words";

const RADIUS = 52;
const LENGTH = Math.PI * RADIUS;
const ARC = `M ${64 - RADIUS} 64 A ${RADIUS} ${RADIUS} 0 0 1 ${64 + RADIUS} 64`;

/** How much of what there is: a half circle, its thresholds marked on it, and the number in words. */
export class Gauge {
  #place;
  #panel;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    place.classList.add("gauge");
  }

  draw() {
    const { spec, lanes, cursor } = this.#panel;
    const values = lanes[0]?.values ?? [];
    const value = cursor === null ? newest(values) : (values[cursor] ?? null);
    render(this.#template(value, levelOf(value, spec)), this.#place);
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

  #template(value, level) {
    const { spec } = this.#panel;
    const { number, unit } = parts(value, spec.unit);
    return html`<svg viewBox="0 0 128 76" aria-hidden="true">
        <path class="gauge-ground" d=${ARC} pathLength=${LENGTH}></path>
        <path class="gauge-value" data-level=${level || nothing} d=${ARC} pathLength=${LENGTH} stroke-dasharray="${this.#share(value) * LENGTH} ${LENGTH * 2}"></path>
        ${(spec.thresholds ?? []).map(({ at, level: mark }) => this.#tick(at, mark))}
      </svg>
      <p class="stat-value" data-level=${level || nothing}><b>${number}</b>${unit ? html`<span>${unit}</span>` : nothing}</p>
      <p class="gauge-range"><span>${words(this.#low, spec.unit)}</span><span>${level ? WORDS.levels[level] : nothing}</span><span>${words(this.#high, spec.unit)}</span></p>`;
  }

  #tick(at, level) {
    const angle = Math.PI * (1 - this.#share(at));
    const [x, y] = [Math.cos(angle), -Math.sin(angle)];
    const line = (radius) => `${64 + x * radius} ${64 + y * radius}`;
    return svg`<path class="gauge-tick" data-level=${level} d="M ${line(RADIUS - 8)} L ${line(RADIUS + 8)}"></path>`;
  }

  #share(value) {
    const share = ((value ?? this.#low) - this.#low) / (this.#high - this.#low || 1);
    return Math.max(0, Math.min(1, share));
  }

  get #low() {
    return this.#panel.spec.options?.min ?? 0;
  }

  get #high() {
    const { spec, lanes } = this.#panel;
    const limits = (spec.thresholds ?? []).map(({ at }) => at);
    const seen = (lanes[0]?.values ?? []).reduce((most, value) => Math.max(most, value ?? 0), 0);
    return spec.options?.max ?? (spec.unit === "%" ? 100 : Math.max(seen, ...limits) * 1.2 || 1);
  }
}
