/**
 * The tab that leads: it has the one stream, wants for it whatever any tab wants, and passes on what the stream tells. Tabs
 * say `{from, frame}`, a null frame to ask whether somebody leads; they are told `{to, …}`, one of them or all.
 */
export class Leader {
  #id = crypto.randomUUID();
  #name;
  #locks;
  #channel;
  #stream;
  #tabs = new Map();
  #asked = new Map();
  #last = 0;
  #end = new AbortController();

  constructor({ name, locks, channel, stream }) {
    this.#name = name;
    this.#locks = locks;
    this.#channel = channel;
    this.#stream = stream;
  }

  /** Leads until the stream ends, and resolves to the code of its end. */
  begin() {
    return new Promise((resolve) => {
      this.#channel.onmessage = ({ data }) => data.to === "leader" && this.#hear(data);
      this.#stream.onframe = (frame) => this.#tell(frame);
      this.#stream.onclose = (code) => {
        this.#say("all", { code });
        resolve(code);
      };
      this.#say("all", { leads: this.#id });
    });
  }

  close() {
    this.#end.abort();
    this.#stream.close();
    this.#channel.close();
  }

  #say(to, what) {
    if (!this.#end.signal.aborted) this.#channel.postMessage({ to, ...what });
  }

  #hear({ from, frame }) {
    if (!this.#tabs.has(from)) this.#admit(from);
    if (frame === null) this.#say(from, { leads: this.#id });
    else if (frame.do === "subscribe") this.#subscribe(from, frame);
    else if (frame.do === "unsubscribe") this.#unsubscribe(from, frame);
    else this.#present(from, frame);
  }

  async #admit(tab) {
    this.#tabs.set(tab, { topics: new Set(), isAway: false });
    const { signal } = this.#end;
    try {
      await this.#locks.request(`${this.#name}:${tab}`, { signal }, () => this.#forget(tab));
    } catch {
      // Nobody leads here any more.
    }
  }

  #forget(tab) {
    const { topics } = this.#tabs.get(tab);
    this.#tabs.delete(tab);
    this.#drop(topics);
    this.#presence();
  }

  #subscribe(from, { id, ...frame }) {
    const { topics } = this.#tabs.get(from);
    for (const topic of Object.keys(frame.topics)) topics.add(topic);
    this.#last += 1;
    this.#asked.set(this.#last, { from, id });
    this.#stream.send({ id: this.#last, ...frame });
  }

  #unsubscribe(from, { id, topics }) {
    for (const topic of topics) this.#tabs.get(from).topics.delete(topic);
    this.#drop(topics);
    this.#say(from, { frame: { re: id, ok: {} } });
  }

  #present(from, { id, args }) {
    this.#tabs.get(from).isAway = args.away;
    this.#presence();
    this.#say(from, { frame: { re: id, ok: null } });
  }

  // What another tab wants too goes on.
  #drop(topics) {
    const wanted = [...this.#tabs.values()];
    const unwanted = [...topics].filter((topic) => !wanted.some((tab) => tab.topics.has(topic)));
    if (unwanted.length > 0) this.#stream.send({ do: "unsubscribe", topics: unwanted });
  }

  // Somebody is away when they are away from all of their tabs.
  #presence() {
    const tabs = [...this.#tabs.values()];
    const away = tabs.length > 0 && tabs.every((tab) => tab.isAway);
    this.#stream.send({ do: "presence.set", args: { away } });
  }

  #tell(frame) {
    if (!("re" in frame)) return this.#say("all", { frame });
    const asked = this.#asked.get(frame.re);
    this.#asked.delete(frame.re);
    if (asked) this.#say(asked.from, { frame: { ...frame, re: asked.id } });
  }
}
