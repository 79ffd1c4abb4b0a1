import { html, nothing, render } from "lit-html";
import { Arranging } from "#boards/arranging";
import { WORDS } from "#boards/building-words";
import { Draft, errorsByPanel } from "#boards/draft";
import { askJson } from "#boards/json-dialog";
import { editPanel } from "#boards/panel-editor";
import { Preview } from "#boards/preview";
import { change, isDone } from "#boards/requests";
import { Sketch } from "#boards/sketch";
import { confirm } from "#lib/dialog";
import { toast } from "#lib/notices";
import { icon } from "#lib/parts";

/** Makes a board in its own place: panels are added, arranged and edited on the grid, then saved together. */
export class Builder {
  #board;
  #definition;
  #hooks;
  #draft;
  #errors = {};
  #words = "";
  #bar = document.createElement("form");
  #arranging;
  #sketch;
  #isSaving = false;
  #warn = (event) => this.#isChanged && event.preventDefault();

  /** `hooks`: `left(definition)` once editing is over, with the definition that holds now, and `drew()` when what it shows is new. */
  constructor(board, definition, hooks) {
    this.#board = board;
    this.#definition = definition;
    this.#hooks = hooks;
    const kept = recalled(definition);
    this.#draft = new Draft(kept ?? definition);
    if (kept) this.#words = WORDS.kept;
    this.#bar.className = "builder-bar";
    this.#bar.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.#arranging = new Arranging(document.querySelector("#panels"), {
      draft: () => this.#draft,
      changed: () => this.#changed(),
      edit: (id) => this.#edit(id),
      remove: (id) => this.#remove(id),
      errors: (id) => this.#errors[id],
      say: (words) => board.say(words),
    });
    this.#sketch = new Sketch(definition.slug, {
      panels: () => this.#draft.body.panels,
      view: () => board.view,
      isHidden: () => document.hidden,
      took: (data) => {
        board.data.replace(data);
        board.dirtyAll();
        hooks.drew();
      },
    });
    document.querySelector(".board-scroll").before(this.#bar);
    document.documentElement.classList.add("is-building");
    addEventListener("beforeunload", this.#warn);
    this.#draw();
    this.#sketch.changed(kept ? 0 : undefined);
    this.#bar.querySelector("button").focus();
  }

  /** Another part of time is looked at. */
  look() {
    this.#sketch.changed(0);
  }

  get #isChanged() {
    const { title, panels } = this.#definition;
    return JSON.stringify(this.#draft.body) !== JSON.stringify(new Draft({ title, panels }).body);
  }

  #changed() {
    remember(this.#definition, this.#draft.body);
    this.#words = "";
    this.#draw();
    this.#sketch.changed();
  }

  #draw() {
    render(this.#template(), this.#bar);
    document.querySelector("#no-panels").hidden = this.#draft.panels.length > 0;
    this.#board.lay(this.#draft.panels);
    this.#arranging.draw();
  }

  #template() {
    const fault = this.#errors[""] ?? {};
    return html`<div class="field builder-title"><label class="visually-hidden" for="board-title">${WORDS.boardTitle}</label>
        <input id="board-title" type="text" required maxlength="80" .value=${this.#draft.title} aria-invalid=${"title" in fault ? "true" : nothing} @input=${({ target }) => this.#retitle(target.value)} />
        ${fault.title ? html`<p class="field-error" role="alert">${fault.title}</p>` : nothing}</div>
      <button type="button" class="button small" @click=${() => this.#add()}>${icon("plus")}${WORDS.addPanel}</button>
      <button type="button" class="button small" @click=${() => this.#json()}>${icon("braces")}${WORDS.json}</button>
      <span class="builder-end"><button type="button" class="button small flat" @click=${() => this.#cancel()}>${WORDS.discard}</button>
      <button class="button small primary" ?disabled=${this.#isSaving}>${WORDS.save}</button></span>
      <p class="builder-words" role="status">${this.#words}${fault[""] ? ` ${fault[""]}` : nothing}</p>`;
  }

  #retitle(title) {
    this.#draft.title = title;
    this.#changed();
  }

  async #add() {
    const panel = this.#draft.add();
    this.#draw();
    const wanted = await this.#ask(panel);
    if (wanted) this.#draft.replace(wanted);
    else this.#draft.remove(panel.id);
    this.#changed();
    if (wanted) this.#arranging.focus(panel.id);
  }

  async #edit(id) {
    const wanted = await this.#ask(this.#draft.panel(id), this.#errors[id]);
    if (!wanted) return;
    delete this.#errors[id];
    this.#draft.replace(wanted);
    this.#changed();
    this.#arranging.focus(id);
  }

  #ask(panel, errors) {
    const board = this.#board;
    const preview = (place) => new Preview(place, board, this.#definition.slug);
    return editPanel(panel, { errors, sources: board.sources, preview });
  }

  #remove(id) {
    this.#draft.remove(id);
    this.#changed();
    this.#bar.querySelector("button").focus();
  }

  async #json() {
    const body = await askJson(this.#draft.body);
    if (!body) return;
    this.#errors = {};
    this.#draft = new Draft(body);
    this.#changed();
  }

  async #cancel() {
    const agreed =
      !this.#isChanged ||
      (await confirm({
        title: WORDS.discardTitle,
        text: WORDS.discardText,
        agree: WORDS.discard,
        decline: WORDS.keepEditing,
      }));
    if (agreed) this.#leave(this.#definition);
  }

  async #save() {
    this.#isSaving = true;
    this.#draw();
    const { slug, version } = this.#definition;
    const { body } = this.#draft;
    const answer = await change(
      "PUT",
      `/boards/${slug}/`,
      body,
      version && { "If-Match": `"${version}"` },
    );
    this.#isSaving = false;
    if (isDone(answer)) {
      toast(WORDS.saved);
      this.#leave({ ...this.#definition, ...body, ...answer.body });
      return;
    }
    this.#errors = errorsByPanel(answer.body?.errors ?? [], body.panels);
    this.#words = reason(answer);
    this.#draw();
    const [wrong] = Object.keys(this.#errors).filter(Boolean);
    if (wrong) this.#arranging.focus(wrong);
  }

  #leave(definition) {
    this.#sketch.end();
    remember(this.#definition, null);
    removeEventListener("beforeunload", this.#warn);
    this.#bar.remove();
    this.#arranging.end();
    document.documentElement.classList.remove("is-building");
    this.#hooks.left(definition);
  }
}

function reason({ status, body }) {
  if (status === 0) return WORDS.unreachable;
  if (status === 409 || status === 412) return WORDS.conflict;
  return [WORDS.notSaved, body?.error?.detail].filter(Boolean).join(" ");
}

// What is not saved outlives a reload of the page, in this tab.
function keyOf({ slug, version }) {
  return `board:${slug}:${version ?? ""}`;
}

function remember(definition, body) {
  if (body) sessionStorage.setItem(keyOf(definition), JSON.stringify(body));
  else sessionStorage.removeItem(keyOf(definition));
}

function recalled(definition) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(definition)));
  } catch {
    return null;
  }
}
