/** The transports, the best one first. The last one gets through nearly everywhere. */
export const KINDS = ["websocket", "events", "polling"];

const FAILURES = 2;

/** After this long the better ones are tried again. */
export const RETRY = 10 * 60_000;

/**
 * Which transport a page uses, told what came of it: two failures in a row move it to the next one, and from the last to
 * the first. `kept` is what an earlier page kept of it, `{kind, retryAt}`; times are those of the clock on the wall.
 */
export class Choice {
  kind;
  /** When the better ones are to be tried again. */
  retryAt;
  #failures = 0;

  constructor(kept, now) {
    this.kind = KINDS.includes(kept?.kind) ? kept.kind : KINDS[0];
    // A clock that was set back must not put it off for days.
    this.retryAt = Math.min(Number(kept?.retryAt) || 0, now + RETRY);
  }

  answered() {
    this.#failures = 0;
  }

  /** Nothing came through, although the server answers over plain HTTP. Answers whether it is another one's turn. */
  blocked(now) {
    this.#failures += 1;
    if (this.#failures < FAILURES) return false;
    this.#failures = 0;
    this.kind = KINDS[(KINDS.indexOf(this.kind) + 1) % KINDS.length];
    this.retryAt = now + RETRY;
    return true;
  }

  get kept() {
    return { kind: this.kind, retryAt: this.retryAt };
  }
}

/** The name under which it is kept. */
export const KEY = "live.transport";

/** What the browser keeps of it for this origin, or null. */
export function recall() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function remember(kept) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing finds out anew on each page.
  }
}
