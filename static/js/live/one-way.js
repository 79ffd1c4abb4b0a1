import { Posts } from "#live/posts";

/**
 * A line without a WebSocket that behaves like one: what topics tell comes by a stream, this tab's own or one that it
 * shares with others, and commands go by POST.
 */
export class OneWayLine {
  isEager = true;
  onmessage = () => {};
  onclose = () => {};
  onwant = () => {};
  #stream;
  #posts;
  #epoch;
  #isOpen = true;

  constructor(stream, post) {
    this.#stream = stream;
    this.#posts = new Posts(post, {
      answered: (frame) => this.#tell(frame),
      signedOut: () => this.#end(4401),
    });
    stream.onframe = (frame) => this.#tell(frame);
    stream.onclose = (code) => this.#end(code);
    stream.onwant = () => this.onwant();
  }

  begin() {
    if (this.#stream.begin) this.#stream.begin();
    else this.onwant();
  }

  send(text) {
    const frame = JSON.parse(text);
    if (STREAM.has(frame.do)) {
      this.#epoch = frame.epoch ?? this.#epoch;
      this.#stream.send(frame);
    } else if (frame.do) this.#posts.send({ ...frame, epoch: this.#epoch });
  }

  /** What was posted already is still answered. */
  close() {
    this.#isOpen = false;
    this.#stream.close();
  }

  #tell(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  #end(code) {
    if (!this.#isOpen) return;
    this.close();
    this.onclose({ code });
  }
}

/** What the description of a stream says: the rest are commands. */
const STREAM = new Set(["subscribe", "unsubscribe", "presence.set"]);
