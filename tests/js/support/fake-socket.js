/** A WebSocket and the page's clock, for tests: what is sent is kept, what the server says is said by hand. */
export class FakeSocket {
  sent = [];
  isClosed = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosed = true;
  }

  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  hello(fields = {}) {
    this.say({ event: "hello", data: { person: 1, epoch: "now", build: "b", ...fields } });
  }

  /** Answers the newest command of this name. */
  answer(verb, answer) {
    const { id } = this.sent.findLast((frame) => frame.do === verb);
    this.say({ re: id, ...answer });
  }
}

export function fakeBrowser() {
  const sockets = [];
  const io = {
    now: () => 0,
    wallClock: () => 0,
    pause: async () => {},
    session: async () => 200,
    open: (kind) => {
      sockets.push(Object.assign(new FakeSocket(), { kind }));
      return sockets.at(-1);
    },
  };
  return { io, sockets };
}

/** Lets everything that waits for nothing but its turn come to an end. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
