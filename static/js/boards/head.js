import { html, nothing, render } from "lit-html";
import { Freshness } from "#boards/freshness";
import { openMenu } from "#boards/menus";
import { isLive, live, OVERLAY, paused, RANGES, SHORT_RANGES, stepped } from "#boards/view";
import { momentWords } from "#boards/when";
import { shortly, WORDS } from "#boards/words";
import { icon } from "#lib/parts";

/** Milliseconds after which one wonders whether a press was heard. */
const SLOW = 400;

/** What stands above the panels: how new it is, which part of time it is of, and of which worker. */
export class Head {
  #tools;
  #state;
  #board;
  #hooks;
  #fresh = new Freshness(performance.now());
  #waiting;
  #isSlow = false;
  #ageing;

  /** `hooks`: `wanted(view)`, `free()` to ask for another time, `menu(button)`. */
  constructor(head, board, hooks) {
    this.#tools = head.querySelector(".board-tools");
    this.#state = head.querySelector(".board-state");
    this.#board = board;
    this.#hooks = hooks;
    this.#ageing = setInterval(() => document.hidden || this.#age(), 1_000);
  }

  /** Something else is asked for; it is said when it takes a while. */
  wait(isWaiting) {
    clearTimeout(this.#waiting);
    this.#isSlow = false;
    if (!isWaiting) return;
    this.#waiting = setTimeout(() => {
      this.#isSlow = true;
      this.#age();
    }, SLOW);
  }

  /** There is nothing to say of a board that is gone. */
  end() {
    clearInterval(this.#ageing);
    this.wait(false);
    render(nothing, this.#tools);
    this.#state.textContent = "";
    document.documentElement.dataset.fresh = "gone";
  }

  heard(interval) {
    this.#fresh.heard(performance.now(), interval);
    this.#age();
  }

  draw() {
    render(this.#template(), this.#tools);
    this.#age();
  }

  #age() {
    const { view, data, span } = this.#board;
    const now = performance.now();
    const isStale = isLive(view) && this.#fresh.isStale(now);
    const words = isLive(view) ? this.#lately(now, isStale) : between(span);
    const workers = data.workers.length;
    // How old it is comes first: where there is little room the end is cut off.
    const text = workers > 0 ? `${words} · ${WORDS.workers(workers)}` : words;
    document.documentElement.dataset.fresh = isLive(view) ? (isStale ? "stale" : "live") : "paused";
    this.#state.classList.toggle("is-stale", isStale);
    this.#say(this.#isSlow ? WORDS.loading : `${isStale ? "▲ " : ""}${text}`);
  }

  #say(words) {
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }

  #lately(now, isStale) {
    const age = this.#fresh.age(now);
    if (isStale) return WORDS.stale(age);
    return age === 0 ? WORDS.justNow : WORDS.updated(age);
  }

  #template() {
    const { view, panels } = this.#board;
    // What is a log has no range, and is paused by itself.
    const isTimed = panels.length === 0 || panels.some(({ isNumeric }) => isNumeric);
    return html`${isTimed ? this.#times(view) : nothing}
      <button type="button" class="icon-button" aria-haspopup="menu" aria-label=${WORDS.menuOf(document.title)} @click=${({ currentTarget }) => this.#hooks.menu(currentTarget)}>${icon("ellipsis")}</button>`;
  }

  #times(view) {
    return html`${this.#ranges(view)}${this.#steps(view)}
      <button type="button" class="button small board-live ${isLive(view) ? "" : "primary"}" @click=${() => this.turn()}>
        ${isLive(view) ? icon("pause") : icon("play")}${isLive(view) ? WORDS.pause : WORDS.live}
      </button>
      ${this.#workers(view)}`;
  }

  /** Stands still, or goes on. */
  turn() {
    const { view, span } = this.#board;
    this.#hooks.wanted(isLive(view) ? paused(view, Math.round(span[1])) : live(view));
  }

  /** Half a picture to the left or to the right. */
  step(by) {
    const { view, data } = this.#board;
    this.#hooks.wanted(stepped(isLive(view) ? paused(view, data.to) : view, by, data.to));
  }

  #ranges(view) {
    const isOther = !SHORT_RANGES.includes(view.range);
    return html`<div class="segments" role="group" aria-label=${WORDS.last}>
      ${SHORT_RANGES.map((range) => this.#range(range, view))}
      <button type="button" class="segment" aria-haspopup="menu" aria-pressed=${isLive(view) && isOther} aria-label=${WORDS.freeRange} @click=${({ currentTarget }) => this.#more(currentTarget)}>${isOther ? shortly(view.range) : icon("calendar-clock")}</button>
    </div>`;
  }

  #range(range, view) {
    const isOn = isLive(view) && view.range === range;
    return html`<button type="button" class="segment" aria-pressed=${isOn} aria-label=${WORDS.ranges[range]} @click=${() => this.#hooks.wanted(live(view, range))}>${shortly(range)}</button>`;
  }

  #more(button) {
    const { view } = this.#board;
    const entries = RANGES.map((range) => ({
      text: WORDS.ranges[range],
      isOn: isLive(view) && range === view.range,
      act: () => this.#hooks.wanted(live(view, range)),
    }));
    openMenu(button, [
      ...entries,
      { line: true },
      { icon: icon("calendar-clock"), text: `${WORDS.freeRange}…`, act: () => this.#hooks.free() },
    ]);
  }

  #steps(view) {
    if (isLive(view)) return nothing;
    return html`<span class="board-steps">
      <button type="button" class="icon-button" aria-label=${WORDS.earlier} title=${WORDS.earlier} @click=${() => this.step(-1)}>${icon("chevron-left")}</button>
      <button type="button" class="icon-button" aria-label=${WORDS.later} title=${WORDS.later} @click=${() => this.step(1)}>${icon("chevron-right")}</button>
    </span>`;
  }

  #workers(view) {
    const { workers } = this.#board.data;
    const names =
      view.worker && view.worker !== OVERLAY ? [...new Set([...workers, view.worker])] : workers;
    const option = (value, text) =>
      html`<option value=${value} .selected=${value === view.worker}>${text}</option>`;
    return html`<select class="board-worker" aria-label=${WORDS.workers(names.length)} @change=${({ target }) => this.#hooks.wanted({ ...view, worker: target.value })}>
      ${option("", WORDS.allWorkers)}${option(OVERLAY, WORDS.overlay)}${names.map((name) => option(name, name))}
    </select>`;
  }
}

function between([from, to]) {
  const long = Math.max(to - from, 7 * 3_600);
  return WORDS.standing(momentWords(from, long), momentWords(to, long));
}
