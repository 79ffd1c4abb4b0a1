/** The commands of a page without a WebSocket: by POST, one after the other, as those of a socket are carried out. */
export class Posts {
  #waiting = [];
  #isBusy = false;
  #post;
  #hooks;

  /** `post(path, body)` sends; `answered(frame)` and `signedOut()` are told what came of it. */
  constructor(post, hooks) {
    this.#post = post;
    this.#hooks = hooks;
  }

  async send(frame) {
    this.#waiting.push(frame);
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#waiting.length > 0) await this.#carryOut(this.#waiting.shift());
    this.#isBusy = false;
  }

  // What was not answered is asked again after a while, as over a socket; what a proxy says is no answer.
  async #carryOut({ id, ...frame }) {
    const { status, body } = await this.#post("/live/commands", frame);
    if (status === 401) this.#hooks.signedOut();
    else if (id !== undefined && (body?.error || "ok" in (body ?? {})))
      this.#hooks.answered({ re: id, ...body });
    else if (id !== undefined && status === 500)
      this.#hooks.answered({ re: id, error: { code: "internal", detail: "" } });
  }
}
