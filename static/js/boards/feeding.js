import { get, isDone } from "#boards/requests";
import { isLive, questionOf, spanOf } from "#boards/view";

const OFTEN = 2_000;
const SELDOM = 10_000;
/** Notes, alerts and who is there do not come over the topic: this often they are asked for. */
const NOTES = 15_000;
/** A tab that nobody looks at for this long gets nothing any more, until it is looked at. */
const UNSEEN = 10_000;

/**
 * Keeps a board's data as new as its view wants. Seconds of the fleet come over the board's topic; of one worker, or of slots longer
 * than a second, the last slots are asked for again; a view that stands still costs nothing.
 *
 * `hooks`: `changed(panels)`, `replaced()`, `noted()`, `heard(interval)`, `waiting(isWaiting)`, `failed(status, body)`, `lost()` when the
 * board is not to be seen any more, `edited()` and `isOther(version)`: whether the page shows another one.
 */
export class Feeding {
  #slug;
  #data;
  #topics;
  #socket;
  #hooks;
  #view = null;
  #timer;
  #unseen;
  #asking = null;
  #hasTopic = true;
  /** The version for which it was begun anew last. */
  #version = null;

  constructor({ slug, data, topics, socket, hooks }) {
    this.#slug = slug;
    this.#data = data;
    this.#topics = topics;
    this.#socket = socket;
    this.#hooks = hooks;
  }

  get topic() {
    return `board:${this.#slug}`;
  }

  /** Milliseconds between what comes. */
  get interval() {
    if (this.#isByTopic) return 1_000;
    return Math.max(OFTEN, Math.min(SELDOM, this.#data.step * 500));
  }

  /** Goes on from the data that is there. */
  follow(view) {
    this.stop();
    this.#view = view;
    if (!isLive(view) || document.hidden) return;
    if (this.#isByTopic) this.#subscribe();
    else this.#plan();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    if (!this.#topics.has(this.topic)) return;
    this.#topics.remove(this.topic);
    this.#socket.unsubscribe([this.topic]);
  }

  /** Loads what a view shows, then follows it; answers whether that was possible. */
  async open(view) {
    this.stop();
    this.#view = view;
    const asking = new AbortController();
    this.#asking = asking;
    this.#hooks.waiting(true);
    const { status, body } = await get(
      `/boards/${this.#slug}/data`,
      questionOf(view),
      asking.signal,
    );
    if (asking.signal.aborted) return false;
    this.#hooks.waiting(false);
    this.#asking = null;
    if (!isDone({ status }) || !body) {
      this.#failed(status, body);
      if (!isGone(status)) this.#timer = setTimeout(() => this.open(view), SELDOM);
      return false;
    }
    this.#data.replace(body);
    this.#hooks.replaced();
    this.#hooks.heard(this.interval);
    this.follow(view);
    return true;
  }

  /** The tab was hidden, or is seen again. */
  visibility(isHidden) {
    clearTimeout(this.#unseen);
    if (!this.#view || !isLive(this.#view)) return;
    if (isHidden) this.#unseen = setTimeout(() => this.stop(), UNSEEN);
    else if (!this.#topics.has(this.topic)) this.#comeBack();
  }

  /** The state of the board's topic: what `…/data` says of the view as it is now. */
  async state() {
    const [{ status, body }] = await Promise.all([
      get(`/boards/${this.#slug}/data`, questionOf(this.#view)),
      this.#hooks.edited(),
    ]);
    if (isDone({ status }) && body) return { state: body };
    if (isGone(status)) return { error: { code: "not_found" } };
    return { error: { code: "unavailable" } };
  }

  get #isByTopic() {
    return this.#hasTopic && this.#data.step === 1 && !this.#view?.worker;
  }

  // What was missed is replayed from the cursor, or else the state is loaded; slots that were asked for are asked for again.
  #comeBack() {
    if (this.#isByTopic) this.follow(this.#view);
    else this.open(this.#view);
  }

  #subscribe() {
    const took = (rows) => {
      this.#hooks.heard(this.interval);
      this.#hooks.changed(this.#data.apply(rows));
      // Values whose lanes are not known come again after the answer that names them.
      if (this.#data.isLost) this.follow(this.#view);
    };
    this.#topics.add(
      this.topic,
      {
        reset: (state) => {
          this.#data.replace(state);
          this.#hooks.replaced();
          this.#hooks.heard(this.interval);
        },
        apply: took,
        told: (answer) => this.#told(answer),
        event: (name) => name === "left" && this.#goWithout(),
        gone: () => this.#goWithout(),
      },
      this.#data.rev,
    );
    this.#socket.subscribe([this.topic]);
    this.#timer = setTimeout(() => this.#askNotes(), NOTES);
  }

  // Who was away while the board was changed has a board that nobody is told of any more.
  async #told({ lanes, version }) {
    if (version !== this.#version && this.#hooks.isOther(version)) {
      this.#version = version;
      await this.#hooks.edited();
      this.open(this.#view);
    } else if (lanes) this.#hooks.changed(this.#data.apply([{ kind: "lanes", rev: 0, ...lanes }]));
  }

  // Whether the board itself is gone, its data will say.
  #goWithout() {
    this.#hasTopic = false;
    this.open(this.#view);
  }

  #failed(status, body) {
    if (isGone(status)) this.#hooks.lost();
    else this.#hooks.failed(status, body);
  }

  async #askNotes() {
    const asking = new AbortController();
    this.#asking = asking;
    const lately = { from: "-30s", to: "now" };
    const { status, body } = await get(`/boards/${this.#slug}/data`, lately, asking.signal);
    if (asking.signal.aborted) return;
    if (isDone({ status }) && body) {
      this.#data.note(body);
      this.#hooks.noted();
    } else if (isGone(status)) {
      this.#hooks.lost();
      return;
    }
    this.#timer = setTimeout(() => this.#askNotes(), NOTES);
  }

  #plan() {
    this.#timer = setTimeout(() => this.#ask(), this.interval);
  }

  async #ask() {
    const { step, last } = this.#data;
    const [from] = spanOf(this.#view, this.#data.to);
    const asking = new AbortController();
    this.#asking = asking;
    const { status, body } = await get(
      `/boards/${this.#slug}/data`,
      {
        ...questionOf(this.#view),
        from: Math.max(Math.floor(from), (last ?? from) - 2 * step),
        step,
      },
      asking.signal,
    );
    if (asking.signal.aborted) return;
    if (isDone({ status }) && body) {
      this.#hooks.changed(this.#data.merge(body));
      this.#hooks.heard(this.interval);
    } else this.#failed(status, body);
    if (!isGone(status)) this.#plan();
  }
}

function isGone(status) {
  return status === 403 || status === 404;
}
