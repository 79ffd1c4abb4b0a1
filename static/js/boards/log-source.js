import { get, isDone } from "#boards/requests";

const PAGE = 1_000;

/** What is loaded of a log: older lines by a filter, and those around one. */
export class LogSource {
  #filter;

  constructor(filter) {
    this.#filter = filter;
  }

  /**
   * The newest lines, or those before a rev: `{rev, lines, before}`, where a page before them begins; or `{error}` in words, "" where
   * the server could not be reached.
   */
  async before(rev = null) {
    return this.#page(rev === null ? {} : { before: rev });
  }

  /** The lines after a rev: `{rev, lines, after}`, where a page after them begins; null where they are all there are, up to `rev`. */
  async after(rev) {
    return this.#page({ after: rev });
  }

  async around({ rev, at, source }) {
    return answered(await get("/boards/logs/lines", { around: rev, at, source, limit: 41 }));
  }

  async #page(place) {
    return answered(await get("/boards/logs/lines", { ...this.#asked, ...place, limit: PAGE }));
  }

  get download() {
    return `/boards/logs/download?${new URLSearchParams(this.#asked)}`;
  }

  get #asked() {
    return Object.fromEntries(Object.entries(this.#filter).filter(([, value]) => value));
  }
}

function answered({ status, body }) {
  if (isDone({ status }) && body) return body;
  return { error: body?.error?.detail ?? "" };
}
