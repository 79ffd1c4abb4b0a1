import { Commands, refusal } from "#live/commands";

const SUBPROTOCOL = "signalbox.v1";

/**
 * One WebSocket for the whole page, kept alive: it carries out what the link decides, sends commands, and hands the
 * frames of topics to the registry. `hooks`: `phase()` after every change, `hello(data)`, `reload()`, `signIn()`.
 */
export class LiveSocket {
  #link;
  #topics;
  #commands = new Commands();
  #hooks;
  #io;
  #epoch;
  #socket = null;
  #timer;

  constructor({ link, topics, epoch, hooks, io }) {
    this.#link = link;
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
  async subscribe(names) {
    if (!this.isLive) return;
    this.#topics.subscribing(names);
    const topics = this.#topics.cursors(names);
    const result = await this.#ask({ do: "subscribe", epoch: this.#epoch, topics });
    if (result.ok) this.#topics.answered(result.ok);
    else this.#again(names, result.error);
  }

  unsubscribe(names) {
    if (this.isLive) this.#ask({ do: "unsubscribe", topics: names });
  }

  /** Asks something of a topic that the page need not follow: subscribed for this one question only, where it is not. */
  async visit(verb, topic, args) {
    if (!this.isLive || this.#topics.has(topic)) return this.command(verb, topic, args);
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

  #again(names, error) {
    if (error.code === "disconnected") return;
    this.#topics.answered(Object.fromEntries(names.map((name) => [name, { error }])));
  }

  #ask(frame) {
    const { id, result } = this.#commands.begin(this.#io.now());
    this.#send({ id, ...frame });
    this.#schedule();
    return result;
  }

  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  #open() {
    this.#drop();
    const socket = this.#io.connect(SUBPROTOCOL);
    this.#socket = socket;
    socket.onmessage = ({ data }) => socket === this.#socket && this.#received(JSON.parse(data));
    socket.onclose = (close) => this.#closed(socket, close.code);
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
    if (data.epoch !== this.#epoch) this.#topics.forget();
    this.#epoch = data.epoch;
    this.#link.hello(this.#io.now());
    this.subscribe(Object.keys(this.#topics.cursors()));
    this.#hooks.phase();
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#commands.lose(code === 1009 ? "too_large" : "disconnected");
    this.#do(this.#link.closed(this.#io.now(), code));
  }

  #do(effect) {
    if (effect === "connect") this.#open();
    else if (effect === "close") this.#drop();
    else if (effect === "ask") this.#whoAmI();
    else if (effect === "reload") this.#hooks.reload();
    else if (effect === "sign-in") this.#hooks.signIn();
    this.#schedule();
    this.#hooks.phase();
  }

  // A dead network can hold a close event back for minutes: the socket is forgotten before it is closed.
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#commands.lose();
    socket?.close();
  }

  async #whoAmI() {
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
