import { html, nothing, render, svg } from "lit-html";
import { chartLines } from "#chat/card-chart";
import { WORDS } from "#chat/card-words";
import { when } from "#lib/parts";
import { clockTime, dayName, dayOf, fullTime } from "#lib/time";
import { post } from "#live/requests";

/** A message that a program has drawn. The server wrote it into the message's HTML, with words for where this is not loaded. */
class MessageCard extends HTMLElement {
  #card;
  #said = "";
  #isBusy = false;

  connectedCallback() {
    if (this.#card) return;
    this.#card = JSON.parse(this.dataset.card);
    loadStyles();
    this.replaceChildren();
    this.#draw();
  }

  #draw() {
    const { title, url, tone, status, facts = [], note, chart, buttons = [] } = this.#card;
    this.dataset.tone = tone;
    render(
      html`<p class="card-head"><span class="card-status">${words(status)}</span> <a class="card-title" href=${url}>${title}</a></p>
        ${when(facts.length, () => html`<dl class="card-facts">${facts.map(fact)}</dl>`)}
        ${when(note, () => html`<p class="card-note" dir="auto">${note}</p>`)}
        ${when(chart, () => drawing(chart))}
        ${when(buttons.length, () => html`<p class="card-buttons">${buttons.map((button) => this.#button(button))}</p>`)}
        <p class="card-said" role="status">${this.#said || nothing}</p>`,
      this,
    );
  }

  #button({ label, url }) {
    return html`<button type="button" class="button small" ?disabled=${this.#isBusy} @click=${() => this.#do(url)}>${words(label)}</button>`;
  }

  // What came of it shows in the message, which changes for everybody.
  async #do(url) {
    this.#say("", true);
    const { status } = await post(url, {});
    const isDone = status >= 200 && status < 300;
    this.#say(isDone ? "" : (WORDS.refused[status] ?? WORDS.refused.other), isDone);
  }

  #say(said, isBusy) {
    this.#said = said;
    this.#isBusy = isBusy;
    this.#draw();
  }
}

function words(said) {
  return said[document.documentElement.lang] ?? Object.values(said)[0] ?? "";
}

function fact({ name, words: said, value, at }) {
  return html`<div><dt>${words(name)}</dt><dd>${at ? moment(at * 1000) : said ? words(said) : value}</dd></div>`;
}

function moment(at) {
  const now = Date.now();
  const day = dayOf(at) === dayOf(now) ? "" : `${dayName(at, now, WORDS)}, `;
  return html`<time datetime=${new Date(at).toISOString()} title=${fullTime(at)}>${day}${clockTime(at)}</time>`;
}

function drawing(chart) {
  const { width, height, paths, limit } = chartLines(chart);
  return html`<svg class="card-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${words(chart.label)} preserveAspectRatio="none">
    ${limit === null ? nothing : svg`<line class="card-limit" x1="0" x2=${width} y1=${limit} y2=${limit} />`}
    ${paths.map((path) => svg`<path class="card-line" d=${path} />`)}
  </svg>`;
}

function loadStyles() {
  const { cardStyles } = document.querySelector("chat-timeline").dataset;
  if (document.querySelector(`link[href="${cardStyles}"]`)) return;
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = cardStyles;
  document.head.append(styles);
}

customElements.define("message-card", MessageCard);
