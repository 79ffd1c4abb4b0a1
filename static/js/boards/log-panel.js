import { html, nothing, render } from "lit-html";
import { LogList } from "#boards/log-list";
import { LEVELS, Lines } from "#boards/log-model";
import { LogSource } from "#boards/log-source";
import { WORDS } from "#boards/log-words";
import { openDialog } from "#lib/dialog";
import { icon } from "#lib/parts";

const PAUSE = 300;
/** Milliseconds between two looks for new lines that match a pattern. */
const ASK = 1_000;
/** So many lines that were missed are loaded; of more than that the newest. */
const MOST_MISSED = 6_000;

/** The log: what was, then what comes, without a hole between; filtered, followed and paused. */
export class LogPanel {
  #place;
  #panel;
  #filter;
  #lines = new Lines();
  #source;
  #list = null;
  #topic = null;
  #fresh = 0;
  #waiting = null;
  #words = "";
  #isLoading = false;
  #isOlderLoading = false;
  #since = performance.now();
  #came = 0;
  #rate = 0;
  #timer;
  #ticking;
  #oldest = null;
  /** The rev up to which all lines are here, that up to which a pattern was looked for, and what waits for older lines. */
  #reached = 0;
  #matched = 0;
  #held = null;
  #asking = null;

  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
    const { level = "info", source = "", text = "" } = panel.spec.options ?? {};
    this.#filter = { level, source, text, regex: "" };
    place.classList.add("log");
    this.#source = new LogSource(this.#filter);
    this.#ticking = setInterval(() => this.#tick(), 2_000);
    this.#show();
    this.#list = new LogList(place.querySelector(".log-lines"), {
      context: (line) => this.#context(line),
      older: () => this.#older(),
      followed: () => this.#followed(),
    });
    this.#open();
  }

  draw() {
    this.#list.resize();
  }

  recolour() {}

  destroy() {
    clearInterval(this.#ticking);
    this.#leave();
    render(nothing, this.#place);
  }

  get #isFollowing() {
    return this.#list?.isFollowing ?? true;
  }

  // The topic is joined at the rev that the page of lines ends with: what comes meanwhile has a higher one.
  async #open() {
    this.#leave();
    this.#isLoading = true;
    this.#words = "";
    this.#fresh = 0;
    const source = new LogSource(this.#filter);
    this.#source = source;
    this.#show();
    const answer = await source.before();
    if (source !== this.#source) return;
    this.#isLoading = false;
    this.#lines = new Lines(this.#filter);
    if (answer.error !== undefined) {
      this.#words = answer.error || WORDS.failed;
      this.#list.take(this.#lines);
      this.#show();
      return;
    }
    this.#lines.isMore = answer.more;
    this.#lines.prepend(answer.lines);
    this.#oldest = answer.before;
    this.#reached = this.#matched = answer.rev;
    this.#held = null;
    this.#list.take(this.#lines);
    this.#join(answer.rev);
    this.#show();
  }

  #join(rev) {
    const { topics, socket } = this.#panel.live;
    const topic = this.#panel.isStaff ? "log" : `log:${this.#filter.source}`;
    if (topics.has(topic)) return;
    this.#topic = topic;
    topics.add(
      this.#topic,
      {
        reset: (state) => this.#begin(state),
        apply: (rows) => this.#take(rows),
        gone: () => this.#say(WORDS.failed),
      },
      // How far a source's own stream has come only its state says.
      this.#panel.isStaff ? rev : null,
    );
    socket.subscribe([topic]);
  }

  // Whoever read too slowly gets the newest lines, and loads what lies between: what is on the page stays there.
  async #begin({ rev, rows, extra }) {
    const source = this.#source;
    if (this.#filter.regex) {
      this.#reached = rev;
      this.#asking ??= setTimeout(() => this.#askNew(), ASK);
      return;
    }
    const held = [];
    this.#held = held;
    let before = this.#reached > 0 ? (rows[0]?.rev ?? null) : null;
    let gap = [];
    while (before !== null && before > this.#reached + 1 && gap.length < MOST_MISSED) {
      const answer = await source.before(before);
      // Another beginning since then has the newer state.
      if (source !== this.#source || held !== this.#held) return;
      if (answer.error !== undefined) break;
      gap = [...answer.lines.filter((line) => line.rev > this.#reached), ...gap];
      before = answer.before;
    }
    const isWhole = this.#reached > 0 && (before === null || before <= this.#reached + 1);
    if (!isWhole) this.#restart(before ?? extra.before);
    this.#append([...gap, ...this.#unseen(rows)]);
    this.#reached = rev;
    this.#release();
  }

  #restart(oldest) {
    this.#reached = 0;
    this.#lines = new Lines(this.#filter);
    this.#lines.isMore = oldest !== null;
    this.#oldest = oldest;
    this.#list.take(this.#lines);
  }

  #release() {
    const held = this.#held;
    this.#held = null;
    for (const rows of held) this.#take(rows);
  }

  #leave() {
    clearTimeout(this.#asking);
    this.#asking = null;
    const { topics, socket } = this.#panel.live;
    if (this.#topic === null) return;
    topics.remove(this.#topic);
    socket.unsubscribe([this.#topic]);
    this.#topic = null;
  }

  // Drawn with the next frame: two thousand lines a second are sixty drawings, and not two thousand.
  #take(rows) {
    if (this.#held) {
      this.#held.push(rows);
      return;
    }
    const lines = this.#unseen(rows);
    this.#came += lines.length;
    this.#reached = Math.max(this.#reached, rows.at(-1)?.rev ?? 0);
    if (this.#filter.regex) this.#asking ??= setTimeout(() => this.#askNew(), ASK);
    else this.#append(lines);
  }

  // A state begins before what is on the page already.
  #unseen(rows) {
    return numbered(rows).filter(({ rev }) => rev > this.#reached);
  }

  #append(lines) {
    const wanted = this.#lines.append(lines);
    if (!this.#isFollowing) this.#fresh += wanted;
    this.#waiting ??= requestAnimationFrame(() => this.#drain());
  }

  // A pattern is matched by the server, in bounded time.
  async #askNew() {
    const source = this.#source;
    const answer = await source.before();
    this.#asking = null;
    if (source !== this.#source || answer.error !== undefined) return;
    this.#append(answer.lines.filter(({ rev }) => rev > this.#matched));
    this.#matched = answer.rev;
  }

  #drain() {
    this.#waiting = null;
    this.#list.changed();
    this.#show();
  }

  async #older() {
    if (this.#isOlderLoading || !this.#lines.isMore || this.#oldest === null) return;
    this.#isOlderLoading = true;
    this.#show();
    const source = this.#source;
    const answer = await source.before(this.#oldest);
    this.#isOlderLoading = false;
    if (source !== this.#source) return;
    if (answer.error === undefined) {
      const taken = this.#lines.prepend(answer.lines);
      this.#lines.isMore = answer.more && taken === answer.lines.length;
      this.#oldest = answer.before;
      this.#list.grew(taken);
    }
    this.#show();
  }

  #followed() {
    if (this.#isFollowing) this.#fresh = 0;
    this.#show();
  }

  #tick() {
    const now = performance.now();
    this.#rate = Math.round((this.#came * 1_000) / (now - this.#since));
    [this.#came, this.#since] = [0, now];
    if (!document.hidden) this.#show();
  }

  #say(words) {
    this.#words = words;
    this.#show();
  }

  #change(changes) {
    this.#filter = { ...this.#filter, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), PAUSE);
  }

  #search(value, isRegex) {
    this.#change(isRegex ? { text: "", regex: value } : { text: value, regex: "" });
  }

  async #context(line) {
    const { lines = [] } = await this.#source.around(line);
    openDialog(
      html`<div class="dialog-head"><h2>${WORDS.context}</h2><form method="dialog"><button class="icon-button" aria-label=${WORDS.close}>${icon("x")}</button></form></div>
        <div class="log-context" tabindex="0" role="region" aria-label=${WORDS.context}><ol>${lines.map((one) => html`<li class=${one.at === line.at && one.text === line.text ? "is-it" : ""}>${this.#list.parts(one)}</li>`)}</ol></div>`,
      { label: WORDS.context, className: "is-wide" },
    );
  }

  #show() {
    render(this.#template(), this.#place);
  }

  #template() {
    return html`<form class="log-bar" @submit=${(event) => event.preventDefault()}>${this.#fields()}</form>
      <p class="log-error" role="alert">${this.#words}${this.#words === WORDS.failed ? html` <button type="button" class="link-button" @click=${() => this.#open()}>${WORDS.tryAgain}</button>` : nothing}</p>
      <div class="log-lines" tabindex="0" role="log" aria-live="off" aria-label=${WORDS.log}></div>
      ${this.#remark()}
      <button type="button" class="button small log-new" ?hidden=${this.#isFollowing} @click=${() => this.#list.follow()}>${icon("arrow-down")}${this.#fresh > 0 ? WORDS.newLines(this.#fresh) : WORDS.follow}</button>`;
  }

  #fields() {
    const { level, source, text, regex } = this.#filter;
    const isRegex = Boolean(this.#place.querySelector("[name=is-regex]")?.checked ?? regex);
    const sources = this.#panel.sources;
    const option = (value, words, chosen) =>
      html`<option value=${value} .selected=${value === chosen}>${words}</option>`;
    return html`<select aria-label=${WORDS.level} @change=${({ target }) => this.#change({ level: target.value })}>${LEVELS.map((one) => option(one, WORDS.levels[one], level))}</select>
      <select aria-label=${WORDS.source} @change=${({ target }) => this.#change({ source: target.value })}>${option("", WORDS.allSources, source)}${option("app", WORDS.app, source)}${sources.map(({ slug, title }) => option(slug, title, source))}</select>
      <input type="search" aria-label=${WORDS.search} placeholder=${WORDS.search} .value=${isRegex ? regex : text} @input=${({ target }) => this.#search(target.value, target.form.elements["is-regex"].checked)} />
      <label><input type="checkbox" name="is-regex" @change=${({ target }) => this.#search(target.form.querySelector("[type=search]").value, target.checked)} />${WORDS.regex}</label>
      <span class="log-state">${this.#isFollowing ? WORDS.following(this.#rate) : WORDS.paused}</span>
      <button type="button" class="button small" @click=${() => this.#list.turn()}>${this.#isFollowing ? icon("pause") : icon("play")}${this.#isFollowing ? WORDS.pause : WORDS.follow}</button>
      <a class="button small" href=${this.#source.download} download>${icon("download")}${WORDS.download}</a>`;
  }

  #remark() {
    const { level, source, text, regex } = this.#filter;
    if (this.#isOlderLoading) return html`<p class="log-remark">${WORDS.older}</p>`;
    if (this.#isLoading || this.#words || this.#lines.count > 0) return nothing;
    const isFiltered = level !== "debug" || source || text || regex;
    return html`<p class="log-remark is-empty">${isFiltered ? WORDS.nothing : WORDS.none}</p>`;
  }
}

function numbered(rows) {
  return rows.flatMap(({ rev, lines = [] }) => lines.map((line) => ({ ...line, rev })));
}
