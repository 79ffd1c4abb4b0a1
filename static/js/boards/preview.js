import { html, nothing, render } from "lit-html";
import { WORDS } from "#boards/building-words";
import { BoardData } from "#boards/model";
import { Panel } from "#boards/panel";
import { change, isDone } from "#boards/requests";
import { questionOf, spanOf } from "#boards/view";

const PAUSE = 500;
const AGAIN = 5_000;
const ID = "preview";

/** What a panel would show while it is edited: of what is measured now, or why it cannot be shown. */
export class Preview {
  #place;
  #board;
  #slug;
  #panel = null;
  #wanted = "";
  #shown = "";
  #timer;
  #drawing = null;
  data = null;
  cursor = null;

  /** `board`: that on which the panel is; `slug`: its address. */
  constructor(place, board, slug) {
    this.#place = place;
    this.#board = board;
    this.#slug = slug;
    this.#say(WORDS.previewLoads);
  }

  /** The panel is meant to be like this by now. */
  show(spec) {
    const wanted = JSON.stringify({ ...spec, id: ID, x: 0, y: 0 });
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), PAUSE);
  }

  destroy() {
    this.#wanted = "";
    clearTimeout(this.#timer);
    this.#panel?.destroy();
  }

  // What a panel asks of its board.

  get view() {
    return this.#board.view;
  }

  get span() {
    return spanOf(this.view, this.data.last ?? this.data.to);
  }

  get isStaff() {
    return this.#board.isStaff;
  }

  dirty() {
    this.#drawing ??= requestAnimationFrame(() => {
      this.#drawing = null;
      if (this.#wanted) this.#panel?.draw();
    });
  }

  ready() {
    this.dirty();
  }

  point(second) {
    this.cursor = second;
    this.#panel?.pointed(second);
    this.#panel?.tell();
  }

  say(words) {
    this.#board.say(words);
  }

  zoom() {}

  unzoom() {}

  scale() {}

  async #load() {
    const wanted = this.#wanted;
    const fault = faultOf(JSON.parse(wanted));
    if (fault) {
      this.#tell(fault);
      return;
    }
    if (!document.hidden) await this.#ask(wanted);
    if (wanted === this.#wanted) this.#timer = setTimeout(() => this.#load(), AGAIN);
  }

  async #ask(wanted) {
    const query = new URLSearchParams(questionOf(this.view));
    const board = { title: ID, panels: [JSON.parse(wanted)] };
    const answer = await change("POST", `/boards/${this.#slug}/preview?${query}`, board);
    if (wanted !== this.#wanted) return;
    if (isDone(answer) && answer.body) this.#take(wanted, answer.body);
    else this.#tell(reasonOf(answer));
  }

  #take(wanted, data) {
    this.data = new BoardData(data);
    if (this.#panel && wanted === this.#shown) {
      this.dirty();
      return;
    }
    this.#panel?.destroy();
    this.#shown = wanted;
    this.#say("");
    this.#panel = new Panel(JSON.parse(wanted), this);
    this.#panel.isInSight = true;
    this.#place.append(this.#panel.element);
    this.dirty();
  }

  #tell(words) {
    this.#panel?.destroy();
    this.#panel = null;
    this.#say(words);
  }

  #say(words) {
    const shown = words ? html`<p class="preview-words" role="status">${words}</p>` : nothing;
    render(shown, this.#place);
  }
}

function faultOf({ kind, queries, options }) {
  if (kind === "log" || options?.source) return WORDS.previewNone;
  if (queries.length === 0 || queries.some(({ metric }) => !metric)) return WORDS.needsSeries;
  return "";
}

function reasonOf({ status, body }) {
  if (status === 0) return WORDS.previewAway;
  const errors = (body?.errors ?? []).map(({ text }) => text);
  return errors.join(" ") || body?.error?.detail || WORDS.previewAway;
}
