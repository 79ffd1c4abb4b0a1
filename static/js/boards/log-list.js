import { html, render } from "lit-html";
import { WORDS } from "#boards/log-words";
import { exactTime } from "#boards/when";

/** Pixels of a line: all have one height, so that the place of each is known without drawing it. */
const HEIGHT = 22;
const BEYOND = 12;
/** So near its end a list is being followed. */
const NEAR = 40;
const NEAR_END = 400;
/** Browsers end a page at some height: beyond it, more lines than there are pixels. */
const TALLEST = 8_000_000;

/** The lines that are in sight, of however many there are. */
export class LogList {
  #place;
  #hooks;
  #lines = null;
  #inner = document.createElement("div");
  #rows = document.createElement("ol");
  #known = 0;
  /** The line that the keyboard is at; drawn or not. */
  #current = null;
  isFollowing = true;

  /** `hooks`: `context(line)`, `older()` near the beginning, `newer()` near the end, `followed()` when following begins or ends. */
  constructor(place, hooks) {
    this.#place = place;
    this.#hooks = hooks;
    this.#inner.className = "log-inner";
    this.#inner.append(this.#rows);
    place.append(this.#inner);
    place.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    place.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Other lines than before. */
  take(lines) {
    this.#lines = lines;
    this.#known = lines.dropped;
    this.#current = null;
    this.isFollowing = true;
    this.changed();
  }

  /** Lines came at the end, and perhaps went at the beginning: what is being read stays where it is. */
  changed() {
    const gone = this.#lines.dropped - this.#known;
    this.#known = this.#lines.dropped;
    this.#resize();
    if (this.isFollowing) this.#place.scrollTop = this.#place.scrollHeight;
    else if (gone > 0) this.#place.scrollTop -= gone * HEIGHT;
    this.#draw();
  }

  /** So many lines came at the beginning. */
  grew(number) {
    this.#resize();
    this.#place.scrollTop += number * HEIGHT;
    this.#draw();
  }

  resize() {
    if (!this.#lines) return;
    if (this.isFollowing) this.#place.scrollTop = this.#place.scrollHeight;
    this.#draw();
  }

  follow() {
    this.#follow(true);
    this.#place.scrollTop = this.#place.scrollHeight;
    this.#draw();
  }

  turn() {
    if (this.isFollowing) this.#follow(false);
    else this.follow();
  }

  /** What stands in a line. */
  parts({ at, level, source, origin, logger, text }) {
    return html`<time>${exactTime(at)}</time><span class="log-origin">${source && source !== "app" ? source : origin}</span><b class="log-level" data-level=${level}>${level.toUpperCase()}</b><span class="log-logger" title=${logger}>${logger}</span><span class="log-text">${text}</span>`;
  }

  #key(event) {
    const { key } = event;
    if (key === "End") this.follow();
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!by || !this.#lines || this.#lines.count === 0) return;
    event.preventDefault();
    this.#go(by);
  }

  // Whoever walks along the lines reads: they stand still. The first one is the last that is in sight.
  #go(by) {
    this.#follow(false);
    const { scrollTop, clientHeight } = this.#place;
    const inSight = Math.floor((scrollTop + clientHeight) / HEIGHT);
    const at = this.#current === null ? -1 : this.#lines.indexOf(this.#current);
    const next = at < 0 ? inSight - 1 : at + by;
    const place = Math.max(0, Math.min(this.#lines.count - 1, next));
    this.#current = this.#lines.at(place);
    const top = place * HEIGHT;
    if (top < scrollTop) this.#place.scrollTop = top;
    else if (top + HEIGHT > scrollTop + clientHeight)
      this.#place.scrollTop = top + HEIGHT - clientHeight;
    this.#draw();
    this.#rows.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
  }

  #follow(isFollowing) {
    if (isFollowing === this.isFollowing) return;
    this.isFollowing = isFollowing;
    this.#hooks.followed();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#place;
    const below = scrollHeight - scrollTop - clientHeight;
    if (below >= NEAR) this.#follow(false);
    if (scrollTop < NEAR_END && !this.isFollowing) this.#hooks.older();
    if (below < NEAR_END && !this.isFollowing) this.#hooks.newer();
    this.#draw();
  }

  #resize() {
    this.#inner.style.height = `${Math.min(TALLEST, this.#lines.count * HEIGHT)}px`;
  }

  #draw() {
    if (!this.#lines) return;
    const wasAtLine = this.#rows.contains(document.activeElement);
    const { scrollTop, clientHeight } = this.#place;
    const first = Math.max(0, Math.floor(scrollTop / HEIGHT) - BEYOND);
    const last = Math.min(this.#lines.count, first + Math.ceil(clientHeight / HEIGHT) + 2 * BEYOND);
    this.#rows.style.transform = `translateY(${first * HEIGHT}px)`;
    render(
      this.#lines.slice(first, last).map((line) => this.#row(line)),
      this.#rows,
    );
    // Rows are drawn anew at other places: the focus stays with its line.
    if (wasAtLine) this.#rows.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
  }

  #at(line) {
    this.#current = line;
  }

  #row(line) {
    return html`<li data-level=${line.level}><button type="button" tabindex=${line === this.#current ? 0 : -1} class="log-row" title=${WORDS.lineMenu} @focus=${() => this.#at(line)} @click=${() => this.#hooks.context(line)}>${this.parts(line)}</button></li>`;
  }
}
