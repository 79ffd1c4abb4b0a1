import { html, nothing, render } from "lit-html";
import { WORDS } from "#boards/building-words";
import { readLabels, usualQuery, writeLabels } from "#boards/draft";
import { get } from "#boards/requests";
import { openDialog } from "#lib/dialog";
import { icon } from "#lib/parts";

const PAUSE = 200;
const SHOWN = 8;

/** Asks what a panel shows, and how; resolves to the panel as it is wanted now, or to null. */
export function editPanel(panel, options = {}) {
  return new Promise((resolve) => new PanelEditor(panel, options, resolve));
}

class PanelEditor {
  #panel;
  #errors;
  #sources;
  #dialog;
  #found = new Map();
  #known = new Map();
  #searching = null;
  #preview = null;
  #timer;

  /** `preview(place)`: what shows the panel in a place of the dialog, as it is by now. */
  constructor(panel, { errors = {}, sources = [], preview }, resolve) {
    this.#panel = structuredClone(panel);
    this.#errors = errors;
    this.#sources = sources;
    if (this.#panel.queries.length === 0 && this.#hasSeries) this.#panel.queries.push(blank());
    this.#dialog = openDialog(html`<div class="panel-editor"></div>`, {
      label: WORDS.panel,
      className: "is-wide",
    });
    this.#draw();
    this.#preview = preview(this.#dialog.querySelector(".editor-preview"));
    this.#preview.show(this.#panel);
    this.#dialog.addEventListener("close", () => {
      this.#preview.destroy();
      resolve(this.#dialog.returnValue === "done" ? this.#panel : null);
    });
    this.#search("");
    this.#focusFault();
  }

  get #hasSeries() {
    return this.#panel.kind !== "log" && !this.#panel.options?.source;
  }

  #draw() {
    render(this.#template(), this.#dialog.querySelector(".panel-editor"));
    this.#preview?.show(this.#panel);
  }

  #set(changes) {
    this.#panel = { ...this.#panel, ...changes };
    this.#draw();
  }

  #setQuery(number, changes) {
    const queries = this.#panel.queries.map((query, at) =>
      at === number ? { ...query, ...changes } : query,
    );
    this.#set({ queries });
  }

  #option(name, value) {
    const { [name]: _, ...rest } = this.#panel.options ?? {};
    this.#set({ options: value === "" || value === false ? rest : { ...rest, [name]: value } });
  }

  #focusFault() {
    const [path] = Object.keys(this.#errors);
    const field = path && this.#dialog.querySelector(`[data-path="${CSS.escape(path)}"]`);
    (field ?? this.#dialog.querySelector("input"))?.focus();
  }

  // Only what can be shown leaves the dialog: the server would say the same later, further away.
  #submit(event) {
    if (event.submitter?.value !== "done") return;
    const at = this.#panel.queries.findIndex(({ metric }) => !metric);
    if (!this.#hasSeries) this.#panel = { ...this.#panel, queries: [] };
    else if (at !== -1 || this.#panel.queries.length === 0) {
      event.preventDefault();
      this.#errors = { [`queries.${Math.max(0, at)}.metric`]: WORDS.needsSeries };
      this.#draw();
      this.#focusFault();
    }
  }

  #template() {
    const { title, kind, unit, options = {} } = this.#panel;
    return html`<form method="dialog" class="dialog-body editor-form" @submit=${(event) => this.#submit(event)}>
      <h2>${WORDS.panel}</h2>
      <div class="editor-preview" role="group" aria-label=${WORDS.preview}></div>
      ${this.#fault("")}
      <div class="editor-row">
        ${this.#text("title", WORDS.title, title, (value) => this.#set({ title: value }), { maxlength: 80 })}
        ${this.#choice("kind", WORDS.kind, WORDS.kinds, kind, (value) => this.#setKind(value))}
        ${this.#choice("unit", WORDS.unit, this.#units(unit), unit, (value) => this.#set({ unit: value }))}
      </div>
      ${this.#text("options.note", WORDS.note, options.note ?? "", (value) => this.#option("note", value), { maxlength: 100 })}
      ${this.#hasSeries ? this.#queries() : nothing}
      ${this.#hasSeries && kind !== "heatmap" ? this.#thresholds() : nothing}
      <div class="dialog-actions">
        <button type="button" class="button" @click=${({ target }) => target.closest("dialog").close()}>${WORDS.cancel}</button>
        <button class="button primary" value="done">${WORDS.done}</button>
      </div>
    </form>`;
  }

  #setKind(kind) {
    const queries = kind === "heatmap" ? this.#panel.queries.slice(0, 1) : this.#panel.queries;
    this.#set({ kind, queries });
    if (this.#hasSeries && this.#panel.queries.length === 0) this.#set({ queries: [blank()] });
  }

  #units(unit) {
    return unit in WORDS.units ? WORDS.units : { ...WORDS.units, [unit]: WORDS.otherUnit(unit) };
  }

  #queries() {
    const { queries, kind } = this.#panel;
    const isFull = kind === "heatmap" || queries.length >= 10;
    return html`${queries.map((query, number) => this.#query(query, number))}
      ${isFull ? nothing : html`<p><button type="button" class="button small" @click=${() => this.#set({ queries: [...queries, blank()] })}>${icon("plus")}${WORDS.addSeries}</button></p>`}`;
  }

  #query(query, number) {
    const path = `queries.${number}`;
    const set = (changes) => this.#setQuery(number, changes);
    const known = this.#known.get(`${query.source ?? ""} ${query.metric}`);
    return html`<fieldset class="editor-query">
      <legend>${WORDS.seriesNumber(number + 1)}</legend>
      ${this.#fault(path)}
      ${this.#metric(query, number, path)}
      <div class="editor-row">
        ${this.#choice(`${path}.fn`, WORDS.fn, WORDS.fns, query.fn ?? "avg", (fn) => set({ fn }))}
        ${query.fn === "percentile" ? this.#number(`${path}.q`, WORDS.share, (query.q ?? 0.99) * 100, (value) => set({ q: value / 100 }), { min: 0, max: 100, step: "any" }) : nothing}
        ${this.#choice(`${path}.source`, WORDS.source, this.#sourceWords(query.source), query.source ?? "", (source) => set({ source }))}
        ${this.#text(`${path}.labels`, WORDS.labels, writeLabels(query.labels), (value) => set({ labels: readLabels(value) }), { placeholder: WORDS.labelsHelp }, "change")}
      </div>
      ${this.#by(query, known, set)}
      <div class="editor-row">
        ${this.#number(`${path}.top`, WORDS.top, query.top, (top) => set({ top }), { min: 1, max: 50 })}
        ${this.#number(`${path}.smooth`, WORDS.smooth, query.smooth, (smooth) => set({ smooth }), { min: 1, max: 600 })}
        ${this.#text(`${path}.legend`, WORDS.legend, query.legend ?? "", (legend) => set({ legend }), { placeholder: WORDS.legendHelp, maxlength: 100 })}
      </div>
      ${this.#panel.queries.length > 1 ? html`<button type="button" class="button small flat" @click=${() => this.#removeQuery(number)}>${icon("trash-2")}${WORDS.removeSeries}</button>` : nothing}
    </fieldset>`;
  }

  #metric({ metric }, number, path) {
    const found = this.#searching === number ? (this.#found.get(metric) ?? []) : [];
    const isNone =
      this.#searching === number && metric && this.#found.has(metric) && found.length === 0;
    const name = `${path}.metric`;
    return html`<div class="field editor-metric" @focusin=${() => this.#look(number)} @focusout=${(event) => this.#leave(event)}>
      <label for=${idOf(name)}>${WORDS.series}</label>
      <input id=${idOf(name)} data-path=${name} type="search" autocomplete="off" spellcheck="false" maxlength="200" placeholder=${WORDS.searchSeries} .value=${metric} aria-invalid=${name in this.#errors ? "true" : nothing} aria-describedby="fault-${idOf(name)}" @input=${({ target }) => this.#typed(number, target.value)} />
      ${this.#fault(name)}
      ${found.length > 0 ? html`<ul class="editor-found">${found.slice(0, SHOWN).map((one) => this.#offer(one, number))}</ul>` : nothing}
      ${isNone ? html`<p class="field-help">${WORDS.noSeries}</p>` : nothing}
    </div>`;
  }

  #offer(one, number) {
    const labels = Object.keys(one.labels).join(", ");
    return html`<li><button type="button" @click=${() => this.#pick(one, number)}><b>${one.name}</b><span>${[one.source, one.kind, one.unit, labels && WORDS.labelsAre(labels)].filter(Boolean).join(" · ")}</span></button></li>`;
  }

  #by({ by = [] }, known, set) {
    const labels = [
      ...new Set([...Object.keys(known?.labels ?? {}), ...by.filter((one) => one !== "*")]),
    ];
    const tick = (label, isOn) =>
      set({ by: isOn ? [...by, label] : by.filter((one) => one !== label) });
    const box = (label, words) =>
      html`<label class="share-row"><input type="checkbox" .checked=${by.includes(label)} @change=${({ target }) => tick(label, target.checked)} />${words}</label>`;
    return html`<fieldset class="editor-by"><legend class="field-label">${WORDS.by}</legend>${labels.map((label) => box(label, label))}${box("*", WORDS.byAll)}</fieldset>`;
  }

  #thresholds() {
    const { thresholds = [], options = {} } = this.#panel;
    const set = (number, changes) =>
      this.#set({
        thresholds: thresholds.map((one, at) => (at === number ? { ...one, ...changes } : one)),
      });
    const row = ({ at, level }, number) => html`<div class="editor-row">
      ${this.#number(`thresholds.${number}.at`, WORDS.at, at, (value) => set(number, { at: value ?? 0 }), { step: "any" })}
      ${this.#choice(`thresholds.${number}.level`, WORDS.level, WORDS.levels, level, (value) => set(number, { level: value }))}
      <button type="button" class="icon-button" aria-label=${WORDS.remove} @click=${() => this.#set({ thresholds: thresholds.filter((_, at) => at !== number) })}>${icon("trash-2")}</button>
    </div>`;
    return html`<fieldset class="editor-query"><legend>${WORDS.thresholds}</legend>
      ${thresholds.map(row)}
      <p class="editor-row"><button type="button" class="button small" @click=${() => this.#set({ thresholds: [...thresholds, { at: 0, level: "warning" }] })}>${icon("plus")}${WORDS.addThreshold}</button>
      ${thresholds.length > 0 ? html`<label class="share-row"><input type="checkbox" .checked=${options.better === "high"} @change=${({ target }) => this.#option("better", target.checked ? "high" : "")} />${WORDS.better}</label>` : nothing}</p>
    </fieldset>`;
  }

  #removeQuery(number) {
    this.#errors = {};
    this.#set({ queries: this.#panel.queries.filter((_, at) => at !== number) });
  }

  #sourceWords(source) {
    const words = { "": WORDS.ownSource, "*": WORDS.anySource };
    for (const { slug, title } of this.#sources) words[slug] = title;
    return source && !(source in words) ? { ...words, [source]: source } : words;
  }

  #look(number) {
    if (this.#searching === number) return;
    this.#searching = number;
    this.#search(this.#panel.queries[number].metric);
  }

  #leave({ relatedTarget, currentTarget }) {
    if (currentTarget.contains(relatedTarget)) return;
    this.#searching = null;
    // What is drawn away just now may be why the focus leaves: one drawing at a time.
    queueMicrotask(() => this.#draw());
  }

  #typed(number, metric) {
    this.#searching = number;
    this.#errors = {};
    this.#setQuery(number, { metric });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(metric), PAUSE);
  }

  async #search(text) {
    if (!this.#found.has(text)) {
      const { body } = await get("/boards/series", { search: text });
      const series = body?.series ?? [];
      this.#found.set(text, series);
      for (const one of series) this.#known.set(`${one.source ?? ""} ${one.name}`, one);
    }
    this.#draw();
  }

  #pick(one, number) {
    const { query, unit } = usualQuery(one);
    const isHeatmap = this.#panel.kind === "heatmap";
    this.#searching = null;
    this.#setQuery(number, {
      ...query,
      source: one.source ?? "",
      ...(isHeatmap && { fn: "count" }),
    });
    this.#set({
      ...(number === 0 && { unit: isHeatmap ? one.unit : unit }),
      title: this.#panel.title || one.name.replaceAll("_", " "),
    });
    this.#dialog.querySelector(`#${idOf(`queries.${number}.fn`)}`)?.focus();
  }

  #text(path, words, value, set, attributes = {}, event = "input") {
    const change = ({ target }) => set(target.value);
    return html`<div class="field"><label for=${idOf(path)}>${words}</label>
      <input id=${idOf(path)} data-path=${path} type="text" .value=${value} maxlength=${attributes.maxlength ?? 200} placeholder=${attributes.placeholder ?? nothing} aria-invalid=${path in this.#errors ? "true" : nothing} aria-describedby="fault-${idOf(path)}" @input=${event === "input" ? change : nothing} @change=${change} />
      ${this.#fault(path)}</div>`;
  }

  #number(path, words, value, set, { min, max, step } = {}) {
    const change = ({ target }) => set(target.value === "" ? null : Number(target.value));
    return html`<div class="field is-number"><label for=${idOf(path)}>${words}</label>
      <input id=${idOf(path)} data-path=${path} type="number" .value=${value ?? ""} min=${min ?? nothing} max=${max ?? nothing} step=${step ?? nothing} aria-invalid=${path in this.#errors ? "true" : nothing} aria-describedby="fault-${idOf(path)}" @change=${change} />
      ${this.#fault(path)}</div>`;
  }

  #choice(path, words, options, value, set) {
    return html`<div class="field"><label for=${idOf(path)}>${words}</label>
      <select id=${idOf(path)} data-path=${path} @change=${({ target }) => set(target.value)}>${Object.entries(options).map(([one, text]) => html`<option value=${one} .selected=${one === value}>${text}</option>`)}</select>
      ${this.#fault(path)}</div>`;
  }

  #fault(path) {
    const text = this.#errors[path];
    return text
      ? html`<p class="field-error" id="fault-${idOf(path)}" role="alert">${text}</p>`
      : nothing;
  }
}

function blank() {
  return { metric: "", fn: "avg" };
}

function idOf(path) {
  return `editor-${path.replaceAll(".", "-")}`;
}
