/** A command that was not answered by then is asked again: this is no failure. */
export const COMMAND_TIMEOUT = 5_000;

/**
 * The commands on their way. Every one comes to `{ok}` or `{error: {code, detail, retry_after}}`, nothing is thrown:
 * beside the server's codes there are "timeout" and "disconnected", and both mean "ask again".
 */
export class Commands {
  #last = 0;
  #waiting = new Map();

  /** The id for a new command and the promise of its result. */
  begin(now) {
    this.#last += 1;
    const id = this.#last;
    const result = new Promise((resolve) => {
      this.#waiting.set(id, { resolve, due: now + COMMAND_TIMEOUT });
    });
    return { id, result };
  }

  answer({ re, ok, error }) {
    this.#settle(re ?? this.#only, error ? { error } : { ok });
  }

  /** `heardAt` is when the server last said anything: a timeout is marked `heard` if that was since the question. */
  expire(now, heardAt) {
    for (const [id, { due }] of this.#waiting) {
      const heard = heardAt > due - COMMAND_TIMEOUT;
      if (due <= now) this.#settle(id, { error: { code: "timeout", detail: "", heard } });
    }
  }

  /** The socket is gone, and with it every answer. */
  lose(code = "disconnected") {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, refusal(code));
  }

  get due() {
    let soonest = Infinity;
    for (const { due } of this.#waiting.values()) soonest = Math.min(soonest, due);
    return soonest;
  }

  // A frame that the server could not read has no id for it: the only one on its way is the one that is meant.
  get #only() {
    return this.#waiting.size === 1 ? this.#waiting.keys().next().value : null;
  }

  #settle(id, result) {
    this.#waiting.get(id)?.resolve(result);
    this.#waiting.delete(id);
  }
}

/** The result of a command that could not be sent at all. */
export function refusal(code) {
  return { error: { code, detail: "" } };
}
