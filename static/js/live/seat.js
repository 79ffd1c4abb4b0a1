import { Leader } from "#live/leader";

/** A leader that lives answers a knock sooner than this. One that does not sleeps, or hangs. */
const KNOCK = 2_000;

/**
 * One tab's place at a stream that all tabs of a browser share: to the line above it is the stream. Whichever tab holds
 * the lock `name` leads, and all speak over the channel `name`; when the leader goes the browser gives the lock to the
 * next one, which has everybody say again what they want. Each tab holds a lock of its own too: by its end the leader
 * notices that a tab is gone.
 *
 * `locks` are the browser's, `channel(name)` opens a BroadcastChannel, `stream()` makes the stream of a leader.
 */
export class Seat {
  onframe = () => {};
  onclose = () => {};
  onwant = () => {};
  #name;
  #id = crypto.randomUUID();
  #locks;
  #channel;
  #open;
  #joined = null;
  #leave = new AbortController();
  #queue = new AbortController();
  #knock;

  constructor(name, { locks, channel, stream }) {
    this.#name = name;
    this.#locks = locks;
    this.#open = { channel, stream };
    this.#channel = channel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  begin() {
    this.#live();
    this.#contend({ signal: this.#queue.signal });
  }

  send(frame) {
    this.#say(frame);
  }

  close() {
    if (this.#leave.signal.aborted) return;
    clearTimeout(this.#knock);
    this.#leave.abort();
    this.#queue.abort();
    this.#channel.close();
  }

  #say(frame) {
    this.#channel.postMessage({ to: "leader", from: this.#id, frame });
  }

  #hear({ to, leads, frame, code }) {
    if (to !== this.#id && to !== "all") return;
    if (leads) this.#join(leads);
    else if (frame) this.onframe(frame);
    else this.#end(code);
  }

  // One that answers a knock has told everybody already, or will.
  #join(leader) {
    clearTimeout(this.#knock);
    if (leader === this.#joined) return;
    this.#joined = leader;
    this.onwant();
  }

  #end(code) {
    this.close();
    this.onclose(code);
  }

  // Only a tab whose own lock is held may be noticed: else it would count as gone.
  async #live() {
    const { signal } = this.#leave;
    await this.#locks
      .request(`${this.#name}:${this.#id}`, { signal }, async () => {
        if (signal.aborted) return;
        this.#say(null);
        this.#knock = setTimeout(() => this.#depose(), KNOCK);
        await aborted(signal);
      })
      .catch(() => {});
  }

  // The page that leads is frozen, or a loop keeps it from answering: the lock is taken from it.
  #depose() {
    this.#queue.abort();
    this.#queue = new AbortController();
    this.#contend({ steal: true });
  }

  async #contend(options) {
    let leader = null;
    const lead = () => {
      if (this.#leave.signal.aborted) return;
      leader = this.#makeLeader();
      return Promise.race([aborted(this.#leave.signal), leader.begin()]);
    };
    const code = await this.#locks.request(this.#name, options, lead).catch(() => null);
    leader?.close();
    if (this.#leave.signal.aborted || !leader) return;
    if (code) this.#end(code);
    // Deposed, it waits for its turn like any other tab.
    else this.#contend({ signal: this.#queue.signal });
  }

  #makeLeader() {
    return new Leader({
      name: this.#name,
      locks: this.#locks,
      channel: this.#open.channel(this.#name),
      stream: this.#open.stream(),
    });
  }
}

function aborted(signal) {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null)));
}
