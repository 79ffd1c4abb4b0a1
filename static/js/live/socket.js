import { Commands, refusal } from "#live/commands";

/**
 * The one connection of a page, kept alive: it carries out what the link decides, sends commands, and hands the frames of
 * topics to the registry. It goes over a *line* of the transport that was chosen: a WebSocket, or what behaves like one.
 * A line that is eager says hello in answer to a subscription, and asks for that one (`onwant`) whenever it needs it.
 *
 * `hooks`: `phase()` after every change, `hello(data)`, `answered()` after every hello, `reload()`, `signIn()`.
 */
export class LiveSocket {
  #link;
  #choice;
  #topics;
  #commands = new Commands();
  #hooks;
  #io;
  #epoch;
  #line = null;
  #beside = null;
  #isUnanswered = false;
  #timer;

  constructor({ link, choice, topics, epoch, hooks, io }) {
    this.#link = link;
    this.#choice = choice;
    this.#topics = topics;
    this.#epoch = epoch;
    this.#hooks = hooks;
    this.#io = io;
  }

  get isLive() {
    return this.#link.phase === "live";
  }

  get phase() {
    return this.#link.phase;
  }

  get reason() {
    return this.#link.reason;
  }

  /** The transport that is in use, or is being tried. */
  get transport() {
    return this.#choice.kind;
  }

  start() {
    this.#do(this.#link.start(this.#io.now()));
  }

  online() {
    this.#do(this.#link.online(this.#io.now()));
  }

  offline() {
    this.#do(this.#link.offline());
  }

  visible() {
    this.#tick();
    this.#do(this.#link.visible(this.#io.now()));
  }

  stop() {
    this.#do(this.#link.stop(null));
  }

  /** Asks the server to do something; resolves to `{ok}` or `{error}`, also when there is no connection. */
  async command(verb, topic, args) {
    if (!this.isLive) return refusal("disconnected");
    const result = await this.#ask({ do: verb, topic, args });
    // Where the topic could not be subscribed so far, "not found" says no more than that.
    const isForNow = result.error?.code === "not_found" && this.#topics.isMissing(topic);
    return isForNow ? refusal("unavailable") : result;
  }

  /** Says something that needs no answer, and may be lost. */
  tell(verb, topic) {
    if (this.isLive) this.#send({ do: verb, topic });
  }

  /** Follows the named topics from their cursors; before the socket is open, hello does it for all. */
  subscribe(names) {
    if (this.isLive) this.#follow(names);
  }

  unsubscribe(names) {
    if (this.isLive) this.#ask({ do: "unsubscribe", topics: names });
  }

  /** Asks something of a topic that the page need not follow: subscribed for this one question only, where it is not. */
  async visit(verb, topic, args) {
    if (!this.isLive || this.#line.isEager || this.#topics.has(topic))
      return this.command(verb, topic, args);
    const entry = await this.#ask({
      do: "subscribe",
      epoch: this.#epoch,
      topics: { [topic]: null },
    });
    const error = entry.error ?? entry.ok[topic]?.error;
    const result = error ? { error } : await this.command(verb, topic, args);
    if (!this.#topics.has(topic)) this.unsubscribe([topic]);
    return result;
  }

  /**
   * Tries another transport beside the present one, and goes on over it as soon as it says hello, as if nothing had
   * happened; null ends the attempt.
   */
  tryBeside(kind) {
    this.#beside?.line.close();
    this.#beside = null;
    if (kind && this.isLive) this.#beside = { kind, line: this.#open(kind) };
  }

  async #follow(names, line = this.#line) {
    if (names.length === 0) return;
    this.#topics.subscribing(names);
    const topics = this.#topics.cursors(names);
    const result = await this.#ask({ do: "subscribe", epoch: this.#epoch, topics }, line);
    if (result.ok) this.#topics.answered(result.ok);
    else this.#again(names, result.error);
  }

  #again(names, error) {
    if (error.code === "disconnected") return;
    if (!this.isLive) {
      this.#isUnanswered = true;
      return;
    }
    this.#topics.answered(Object.fromEntries(names.map((name) => [name, { error }])));
  }

  #ask(frame, line = this.#line) {
    const { id, result } = this.#commands.begin(this.#io.now());
    this.#send({ id, ...frame }, line);
    this.#schedule();
    return result;
  }

  #send(frame, line = this.#line) {
    line.send(JSON.stringify(frame));
  }

  #connect() {
    this.#drop();
    this.#isUnanswered = false;
    this.#line = this.#open(this.#choice.kind);
  }

  #open(kind) {
    const line = this.#io.open(kind);
    line.onmessage = ({ data }) => this.#hear(line, JSON.parse(data));
    line.onclose = ({ code }) => this.#closed(line, code);
    line.onwant = () => this.#follow(Object.keys(this.#topics.cursors()), line);
    return line;
  }

  #hear(line, frame) {
    if (line === this.#beside?.line && frame.event === "hello") this.#take(this.#beside);
    if (line === this.#line) this.#received(frame);
    // Whose place another one has taken still answers what it was asked.
    else if ("re" in frame) this.#commands.answer(frame);
  }

  #take({ kind, line }) {
    this.#beside = null;
    this.#choice.kind = kind;
    this.#line.close();
    this.#line = line;
  }

  #received(frame) {
    this.#link.heard(this.#io.now());
    if ("re" in frame) this.#commands.answer(frame);
    else if ("topic" in frame) this.#topics.receive(frame);
    else if (frame.event === "hello") this.#hello(frame.data);
    else if (frame.event === "goodbye") this.#link.goodbye(frame.data.retry);
    else if (frame.event === undefined) this.#send({});
    this.#schedule();
  }

  #hello(data) {
    if (this.#hooks.hello(data) === false) return;
    const isOther = data.epoch !== this.#epoch;
    if (isOther) this.#topics.forget();
    this.#epoch = data.epoch;
    this.#link.hello(this.#io.now());
    this.#choice.answered();
    if (isOther || this.#isUnanswered || !this.#line.isEager)
      this.subscribe(Object.keys(this.#topics.cursors()));
    this.#isUnanswered = false;
    this.#hooks.phase();
    this.#hooks.answered();
  }

  #closed(line, code) {
    if (line === this.#beside?.line) this.#beside = null;
    if (line !== this.#line) return;
    this.#line = null;
    this.#commands.lose(code === 1009 ? "too_large" : "disconnected");
    this.#do(this.#link.closed(this.#io.now(), code));
  }

  #do(effect) {
    if (effect === "connect") this.#connect();
    else if (effect === "close") this.#drop();
    else if (effect === "ask") this.#whoAmI();
    else if (effect === "blocked") this.#blocked();
    else if (effect === "reload") this.#hooks.reload();
    else if (effect === "sign-in") this.#hooks.signIn();
    this.#schedule();
    this.#hooks.phase();
  }

  // A dead network can hold a close event back for minutes: the line is forgotten before it is closed.
  #drop() {
    const line = this.#line;
    this.#line = null;
    this.#commands.lose();
    line?.close();
    this.tryBeside(null);
  }

  // Another transport is not kept waiting for what befell the last one.
  #blocked() {
    if (this.#choice.blocked(this.#io.wallClock())) this.start();
  }

  async #whoAmI() {
    this.#drop();
    const status = await this.#io.session();
    this.#do(this.#link.session(this.#io.now(), status));
  }

  #schedule() {
    clearTimeout(this.#timer);
    const due = Math.min(this.#link.due, this.#commands.due);
    if (due < Infinity)
      this.#timer = setTimeout(() => this.#tick(), Math.max(0, due - this.#io.now()));
  }

  #tick() {
    const now = this.#io.now();
    this.#commands.expire(now, this.#link.heardAt);
    this.#do(this.#link.tick(now));
  }
}
