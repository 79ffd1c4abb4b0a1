import { change, isDone } from "#boards/requests";
import { questionOf } from "#boards/view";

const PAUSE = 500;
const AGAIN = 5_000;

/**
 * What a board shows that is being made, before it is saved: asked for after each change, and again now and then. Panels that are not
 * complete, or that the server does not understand, wait until they are.
 */
export class Sketch {
  #slug;
  #hooks;
  #timer;
  #wanted = 0;

  /** `hooks`: `panels()` as they are by now, `view()`, `took(data)`, and `isHidden()`. */
  constructor(slug, hooks) {
    this.#slug = slug;
    this.#hooks = hooks;
  }

  /** Something is otherwise. */
  changed(wait = PAUSE) {
    this.#wanted += 1;
    this.#plan(wait);
  }

  end() {
    this.#wanted += 1;
    clearTimeout(this.#timer);
  }

  #plan(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(this.#wanted), wait);
  }

  async #ask(wanted) {
    const data = this.#hooks.isHidden() ? null : await this.#load(wanted);
    if (wanted !== this.#wanted) return;
    if (data) this.#hooks.took(data);
    this.#plan(AGAIN);
  }

  async #load(wanted) {
    const query = new URLSearchParams(questionOf(this.#hooks.view()));
    let panels = this.#hooks.panels().filter(isComplete);
    while (panels !== null && wanted === this.#wanted) {
      const board = { title: this.#slug, panels };
      const answer = await change("POST", `/boards/${this.#slug}/preview?${query}`, board);
      if (isDone(answer)) return answer.body;
      panels = withoutWrong(panels, answer.body?.errors);
    }
    return null;
  }
}

function isComplete({ queries }) {
  return queries.every(({ metric }) => metric);
}

function withoutWrong(panels, [{ path } = {}] = []) {
  const [, place] = /^panels\.(\d+)\b/.exec(path) ?? [];
  return place === undefined ? null : panels.toSpliced(Number(place), 1);
}
