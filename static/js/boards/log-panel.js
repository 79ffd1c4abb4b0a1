import { html, nothing, render } from "lit-html";
import { LogFlow } from "#boards/log-flow";
import { LogList } from "#boards/log-list";
import { LEVELS } from "#boards/log-model";
import { LogSource } from "#boards/log-source";
import { WORDS } from "#boards/log-words";
import { openDialog } from "#lib/dialog";
import { icon } from "#lib/parts";

const PAUSE = 300;
const TICK = 2_000;

/** The log: what was, then what comes, without a hole between; filtered, followed and paused. */
export class LogPanel {
  #place;
  #panel;
  #filter;
  #flow;
  #list;
  #waiting = null;
  #since = performance.now();
  #came = 0;
  #rate = 0;
  #timer;
  #ticking;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    const { level = "info", source = "", text = "" } = panel.spec.options ?? {};
    this.#filter = { level, source: source || this.#onlySource, text, regex: "" };
    place.classList.add("log");
    this.#flow = new LogFlow({
      live: panel.live,
      topicOf: (filter) => this.#topicOf(filter),
      sourceOf: (filter) => new LogSource(filter),
      later,
      hooks: this.#hooks,
    });
    this.#flow.open(this.#filter);
    this.#list = new LogList(place.querySelector(".log-lines"), {
      context: (line) => this.#context(line),
      older: () => this.#flow.older(),
      newer: () => this.#flow.newer(),
      followed: () => this.#followed(),
    });
    this.#ticking = setInterval(() => this.#tick(), TICK);
  }

  draw() {
    this.#list.resize();
  }

  recolour() {}

  destroy() {
    clearInterval(this.#ticking);
    clearTimeout(this.#timer);
    this.#flow.leave();
    render(nothing, this.#place);
  }

  get #hooks() {
    return {
      isReading: () => !this.#isFollowing,
      show: () => this.#show(),
      replaced: () => {
        this.#list.take(this.#flow.lines);
        this.#show();
      },
      grew: (number) => this.#list.grew(number),
      came: (number) => {
        this.#came += number;
      },
      changed: () => this.#changed(),
    };
  }

  // Lines of the installation itself are for staff; others see those of the sources that are shown to them.
  get #onlySource() {
    const { isStaff, sources } = this.#panel;
    return isStaff ? "" : (sources[0]?.slug ?? "");
  }

  #topicOf({ source }) {
    if (this.#panel.isStaff) return { topic: "log", isWhole: true };
    return { topic: source ? `log:${source}` : null, isWhole: false };
  }

  get #isFollowing() {
    return this.#list?.isFollowing ?? true;
  }

  // Drawn with the next frame: two thousand lines a second are sixty drawings, and not two thousand.
  #changed() {
    this.#waiting ??= requestAnimationFrame(() => {
      this.#waiting = null;
      this.#list.changed();
      this.#show();
    });
  }

  #followed() {
    if (this.#isFollowing) this.#flow.follow();
    this.#show();
  }

  #tick() {
    const now = performance.now();
    this.#rate = Math.round((this.#came * 1_000) / (now - this.#since));
    [this.#came, this.#since] = [0, now];
    if (!document.hidden) this.#show();
  }

  #change(changes) {
    this.#filter = { ...this.#filter, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flow.open(this.#filter), PAUSE);
  }

  #search(value, isRegex) {
    this.#change(isRegex ? { text: "", regex: value } : { text: value, regex: "" });
  }

  async #context(line) {
    const { lines = [] } = await this.#flow.source.around(line);
    openDialog(
      html`<div class="dialog-head"><h2>${WORDS.context}</h2><form method="dialog"><button class="icon-button" aria-label=${WORDS.close}>${icon("x")}</button></form></div>
        <div class="log-context" tabindex="0" role="region" aria-label=${WORDS.context}><ol>${lines.map((one) => html`<li class=${one.at === line.at && one.text === line.text ? "is-it" : ""}>${this.#list.parts(one)}</li>`)}</ol></div>`,
      { label: WORDS.context, className: "is-wide" },
    );
  }

  #show() {
    render(this.#template(), this.#place);
  }

  #fault() {
    const { error } = this.#flow;
    if (error !== "") return error ?? nothing;
    return html`${WORDS.failed} <button type="button" class="link-button" @click=${() => this.#flow.open()}>${WORDS.tryAgain}</button>`;
  }

  #template() {
    const { fresh } = this.#flow;
    return html`<form class="log-bar" @submit=${(event) => event.preventDefault()}>${this.#fields()}</form>
      <p class="log-error" role="alert">${this.#fault()}</p>
      <div class="log-lines" tabindex="0" role="log" aria-live="off" aria-label=${WORDS.log}></div>
      ${this.#remark()}
      <button type="button" class="button small log-new" ?hidden=${this.#isFollowing} @click=${() => this.#list.follow()}>${icon("arrow-down")}${fresh > 0 ? WORDS.newLines(fresh) : WORDS.follow}</button>`;
  }

  #fields() {
    const { level, source, text, regex } = this.#filter;
    const isRegex = Boolean(this.#place.querySelector("[name=is-regex]")?.checked ?? regex);
    const option = (value, words, chosen) =>
      html`<option value=${value} .selected=${value === chosen}>${words}</option>`;
    return html`<select aria-label=${WORDS.level} @change=${({ target }) => this.#change({ level: target.value })}>${LEVELS.map((one) => option(one, WORDS.levels[one], level))}</select>
      <select aria-label=${WORDS.source} @change=${({ target }) => this.#change({ source: target.value })}>${this.#sources.map(([slug, title]) => option(slug, title, source))}</select>
      <input type="search" aria-label=${WORDS.search} placeholder=${WORDS.search} .value=${isRegex ? regex : text} @input=${({ target }) => this.#search(target.value, target.form.elements["is-regex"].checked)} />
      <label><input type="checkbox" name="is-regex" @change=${({ target }) => this.#search(target.form.querySelector("[type=search]").value, target.checked)} />${WORDS.regex}</label>
      <span class="log-state">${this.#state}</span>
      <button type="button" class="button small" @click=${() => this.#list.turn()}>${this.#isFollowing ? icon("pause") : icon("play")}${this.#isFollowing ? WORDS.pause : WORDS.follow}</button>
      <a class="button small" href=${this.#flow.source.download} download>${icon("download")}${WORDS.download}</a>`;
  }

  get #state() {
    if (!this.#isFollowing) return WORDS.paused;
    return this.#panel.live.socket.phase === "live" ? WORDS.following(this.#rate) : WORDS.away;
  }

  get #sources() {
    const { isStaff, sources } = this.#panel;
    const known = new Map(
      isStaff
        ? [
            ["", WORDS.allSources],
            ["app", WORDS.app],
          ]
        : [],
    );
    for (const { slug, title } of sources) known.set(slug, title);
    const { source } = this.#filter;
    return [...(known.has(source) || !source ? known : known.set(source, source))];
  }

  #remark() {
    const { level, source, text, regex } = this.#filter;
    const { isOlderLoading, isLoading, error, lines } = this.#flow;
    if (isOlderLoading) return html`<p class="log-remark">${WORDS.older}</p>`;
    if (isLoading || error !== null || lines.count > 0) return nothing;
    if (!this.#panel.isStaff && !source)
      return html`<p class="log-remark is-empty">${WORDS.notShared}</p>`;
    const isFiltered = level !== "debug" || (this.#panel.isStaff && source) || text || regex;
    return html`<p class="log-remark is-empty">${isFiltered ? WORDS.nothing : WORDS.none}</p>`;
  }
}

function later(callback, wait) {
  const timer = setTimeout(callback, wait);
  return () => clearTimeout(timer);
}
