import { AWAY, backoff, SOON, STABLE } from "#live/backoff";
import { afterClose } from "#live/close-codes";

/** No frame for this long means that the server is gone; its pings come every 25 s. */
export const SILENCE = 40_000;

/** A handshake that has not said hello by then is given up. */
const HANDSHAKE = 10_000;

/** Nor is the answer to who we are waited for any longer. */
const ASKING = 15_000;

/**
 * The life of one connection, without a socket, a clock or a timer in it: it is told what happened and when, and
 * answers with what to do: "connect", "close", "ask" (who we are), "reload", "sign-in" or null.
 *
 * Phases: waiting, connecting, asking, live, offline, stopped.
 */
export class Link {
  phase = "waiting";
  /** Why it stopped: `{words, offer}` for the person, while the phase is "stopped". */
  reason = null;
  /** When the last frame came. */
  heardAt = 0;
  #random;
  #failures = 0;
  #isAway = false;
  #since = 0;
  #due = Infinity;
  #retry;

  constructor(random) {
    this.#random = random;
  }

  start(now) {
    this.reason = null;
    return this.#connect(now);
  }

  hello(now) {
    this.phase = "live";
    this.#since = now;
    this.#retry = undefined;
    this.heard(now);
  }

  heard(now) {
    this.heardAt = now;
    if (this.phase === "live") this.#due = now + SILENCE;
  }

  /** The server said in advance when to come back: seconds, from and to. */
  goodbye(retry) {
    this.#retry = retry?.map((seconds) => seconds * 1_000);
  }

  closed(now, code) {
    if (this.phase === "offline" || this.phase === "stopped") return null;
    return this.#follow(now, afterClose(code), this.#lose(now));
  }

  /** What `/live/session` answered, 0 for nothing at all. */
  session(now, status) {
    if (this.phase !== "asking") return null;
    if (status === 401) return this.stop(null, "sign-in");
    if (status === 403) return this.stop(afterClose(4403), null);
    const isFirst = !this.#isAway;
    this.#isAway = status === 0 || status >= 500;
    this.#wait(now, this.#isAway && isFirst ? AWAY : undefined);
    return null;
  }

  online(now) {
    if (this.phase === "offline") this.#wait(now, SOON);
    return null;
  }

  offline() {
    if (this.phase === "stopped") return null;
    this.phase = "offline";
    this.#due = Infinity;
    return "close";
  }

  visible(now) {
    if (this.phase === "waiting")
      this.#due = Math.min(this.#due, now + backoff(0, this.#random, SOON));
    return null;
  }

  stop(reason, effect = "close") {
    this.phase = "stopped";
    this.reason = reason;
    this.#due = Infinity;
    return effect;
  }

  /** When `tick` wants to be called again. */
  get due() {
    return this.#due;
  }

  tick(now) {
    if (now < this.#due) return null;
    if (this.phase === "waiting") return this.#connect(now);
    return this.#giveUp(now);
  }

  #connect(now) {
    this.phase = "connecting";
    this.#due = now + HANDSHAKE;
    return "connect";
  }

  #giveUp(now) {
    this.#lose(now);
    this.#wait(now);
    return "close";
  }

  // Whether a connection was lost, and not only the attempt at one.
  #lose(now) {
    const wasLive = this.phase === "live";
    if (wasLive) this.#isAway = false;
    if (wasLive && now - this.#since >= STABLE) this.#failures = 0;
    return wasLive;
  }

  #follow(now, rule, wasLive) {
    if (rule.act === "stop") return this.stop(rule, null);
    if (rule.act === "reload") return this.stop(rule, "reload");
    if (rule.act === "ask" || !wasLive) return this.#ask(now);
    this.#wait(now, this.#retry ?? rule.wait);
    return null;
  }

  // A browser does not tell a page with which status its handshake was refused: the session endpoint does.
  #ask(now) {
    this.phase = "asking";
    this.#due = now + ASKING;
    return "ask";
  }

  #wait(now, range) {
    this.phase = "waiting";
    this.#due = now + backoff(this.#failures, this.#random, range);
    this.#failures += 1;
    this.#retry = undefined;
  }
}
