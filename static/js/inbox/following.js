import { Counts } from "#inbox/counts";

const NAMES = ["inbox", "announcements"];
/** After an announcement the server tells the counts by itself: a page asks when that did not come. */
const PATIENCE = 1_500;
const RETRY = 5_000;

/**
 * Follows a person's inbox and the announcements, beside what the page follows already. Emits "counts" when the badges
 * change, "came" with rows of the inbox, and "rows" when `model` changes. Without a model, rows are passed over: who needs them later loads the state.
 */
export class Following extends EventTarget {
  #topics;
  #socket;
  #counts;
  #timer = null;
  model = null;

  /** `counts` as the page came with them, `revs` the cursors where they are others. */
  constructor({ topics, socket, counts, revs }) {
    super();
    this.#topics = topics;
    this.#socket = socket;
    this.#counts = new Counts(counts);
    topics.add("inbox", this.#inbox(), revs?.inbox ?? counts.inbox_rev);
    topics.add(
      "announcements",
      this.#announcements(),
      revs?.announcements ?? counts.announcements_rev,
    );
    socket.subscribe(NAMES);
  }

  get unread() {
    return this.#counts.unread;
  }

  get cursors() {
    return this.#topics.cursors(NAMES);
  }

  command(verb, args) {
    return this.#socket.command(verb, "inbox", args);
  }

  /** The person is shown all that is known here. */
  seen() {
    if (this.#counts.unseen > 0) this.command("inbox.seen", this.until);
  }

  get until() {
    const { inbox, announcements } = this.cursors;
    return { until: inbox ?? 0, announcements_until: announcements ?? 0 };
  }

  #inbox() {
    return {
      reset: (state) => {
        this.#show(this.#counts.replace(state.extra.counts));
        this.#rows(() => this.model?.resetInbox(state));
      },
      apply: (rows) => {
        const own = rows.findLast((row) => row.kind === "inbox");
        if (own) this.#assign({ ...own, inbox_rev: own.rev });
        this.#rows(() => this.model?.apply(rows));
        this.dispatchEvent(new CustomEvent("came", { detail: rows }));
      },
      event: (name, data) => name === "counts" && this.#assign(data),
      told: ({ counts }) => counts && this.#assign(counts),
    };
  }

  #announcements() {
    return {
      reset: (state) => this.#rows(() => this.model?.resetAnnouncements(state)),
      apply: (rows) => this.#rows(() => this.model?.apply(rows)),
    };
  }

  #assign(counts) {
    this.#show(this.#counts.assign(counts));
    this.#check();
  }

  #show(isOther) {
    if (isOther) this.dispatchEvent(new CustomEvent("counts"));
  }

  #rows(change) {
    change();
    if (this.model) this.dispatchEvent(new CustomEvent("rows"));
    this.#check();
  }

  // Cursors move after the rows were taken in: whether the counts are behind them is looked at later.
  #check(wait = PATIENCE) {
    this.#timer ??= setTimeout(() => this.#ask(), wait);
  }

  async #ask() {
    this.#timer = null;
    if (!this.#socket.isLive || !this.#counts.isBehind(this.cursors)) return;
    const { ok } = await this.command("inbox.counts", {});
    if (ok) this.#show(this.#counts.assign(ok));
    else this.#check(RETRY);
  }
}
