import { AWAY, backoff, SOON, STABLE } from "#live/backoff";
import { afterClose } from "#live/close-codes";

/** No frame for this long means that the server is gone; its pings come every 25 s. */
export const SILENCE = 40_000;

/** A connection that gets through says hello within this long. */
const PATIENCE = 5_000;

/** Where one did so before, it is the server that is slow: it has everybody to serve, and is not asked for more. */
const TRUST = 10_000;

/** An answer to who we are that has not come by then is waited for no longer. */
const ASKING = 15_000;

/** A server that answers this soon over plain HTTP is not what kept a connection from saying anything. */
const PROMPT = 2_000;

/**
 * The life of one connection, without a socket, a clock or a timer in it: it is told what happened and when, and
 * answers with what to do: "connect", "close", "ask" (who we are), "blocked" (the server is there, and the way to it by
 * this transport is not), "reload", "sign-in" or null.
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
  #askedAt = 0;
  #isSuspect = false;
  #isTrusted = false;
  #silent = 0;
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
    this.#isTrusted = false;
    return this.#connect(now);
  }

  hello(now) {
    this.phase = "live";
    this.#since = now;
    this.#retry = undefined;
    this.#isTrusted = true;
    this.#silent = 0;
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
    const wasLive = this.#lose(now);
    // What closes with a reason of the server's own got through.
    this.#isSuspect = !wasLive && code < 4000;
    return this.#follow(now, afterClose(code), wasLive);
  }

  /** What `/live/session` answered, 0 for nothing at all. */
  session(now, status) {
    if (this.phase !== "asking") return null;
    if (status === 401) return this.stop(null, "sign-in");
    if (status === 403) return this.stop(afterClose(4403), null);
    const isFirst = !this.#isAway;
    this.#isAway = status === 0 || status >= 500;
    this.#wait(now, this.#isAway && isFirst ? AWAY : undefined);
    return this.#isSuspect && status === 200 && now - this.#askedAt <= PROMPT ? "blocked" : null;
  }

  online(now) {
    // It may be another network.
    this.#isTrusted = false;
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
    this.#due = now + (this.#isTrusted ? TRUST : PATIENCE);
    return "connect";
  }

  #giveUp(now) {
    if (this.phase === "connecting" && this.#isOverdue()) return this.#ask(now);
    this.#lose(now);
    this.#wait(now);
    return "close";
  }

  // Once is no sign where it worked before: all who come back to a server at once would ask it one thing more.
  #isOverdue() {
    this.#silent += 1;
    this.#isSuspect = !this.#isTrusted || this.#silent > 1;
    return this.#isSuspect;
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
    this.#askedAt = now;
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
