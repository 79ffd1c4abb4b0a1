import { get, isDone } from "#boards/requests";

const PAGE = 1_000;

/** What is loaded of a log: older lines by a filter, and those around one. */
export class LogSource {
  #filter;

  constructor(filter) {
    this.#filter = filter;
  }

  /** `{rev, lines, more}`, or `{error}` in words, "" where the server could not be reached. */
  async before(rev = null) {
    const query = { ...this.#asked, limit: PAGE, ...(rev !== null && { before: rev }) };
    return answered(await get("/boards/logs/lines", query));
  }

  async around({ rev, at, source }) {
    return answered(await get("/boards/logs/lines", { around: rev, at, source, limit: 41 }));
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
