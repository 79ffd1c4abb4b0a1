import { People } from "#chat/people";
import { Room } from "#chat/room";

/**
 * Rooms whose topic stays subscribed after the reader left them, so that coming back is instant; a socket may hold eight,
 * and a stream that all tabs of a browser share fifty topics.
 */
const KEPT_OPEN = { websocket: 6, events: 2, polling: 2 };

/**
 * What is on the person's desk: their rooms, the one that is open, those kept warm behind it, and who is here. Emits
 * "me", "people", "people-reset", "open", "rows", "reset", "typing", "closed" and "refused", each with a detail.
 */
export class Desk extends EventTarget {
  #warm = new Map();
  #wish = 0;
  people = new People();

  constructor({ person, epoch, me, topics, io }) {
    super();
    this.identity = { person: person.id, epoch };
    this.person = person;
    this.me = me;
    this.current = null;
    this.topics = topics;
    this.io = io;
    /** Whether the reader is at the end of the open room: the view knows. */
    this.isFollowing = () => true;
    /** Set once there is a socket. */
    this.socket = null;
  }

  /** The page's own topics and first room, from what came with the page. */
  begin({ me, room }, first) {
    this.topics.add("me", this.#meHandler(), me.rev);
    this.topics.add("people", this.#peopleHandler());
    this.#hold(first, room.rev);
    this.current = first;
  }

  /** Opens a room in place, at the message `at` if given; a later wish overtakes an earlier one. */
  async open(id, { at = null, push = true, focus = true } = {}) {
    this.#wish += 1;
    const wish = this.#wish;
    const { room, error } = await this.#find(id);
    if (wish !== this.#wish) return;
    if (!room) return this.#emit("refused", { id, error });
    if (at && !(await this.#reach(room, at)))
      this.#emit("refused", { id, error: { code: "no_message" } });
    if (wish !== this.#wish) return;
    this.current = room;
    this.#touch(room);
    this.#emit("open", { room, at, push, focus });
  }

  /** The newest messages of the open room take the place of those that are loaded. */
  async latest() {
    const room = this.current;
    if (!room.timeline.hasNewer) return true;
    const { state } = await this.io.state(`room:${room.id}`);
    if (!state) return false;
    room.apply(state.rows.filter((row) => row.kind !== "message"));
    room.timeline.load({
      rows: state.rows.filter((row) => row.kind === "message"),
      ...state.extra,
    });
    return true;
  }

  command(verb, args, roomId = this.current.id) {
    return this.socket.command(verb, `room:${roomId}`, args);
  }

  /** Somebody of the open room, or who said something there. */
  personOf(id) {
    const { members, timeline } = this.current;
    return (
      members.find((one) => one.id === id) ??
      timeline.rows.find((row) => row.author.id === id)?.author
    );
  }

  /** The same of the person's own topic. */
  own(verb, args) {
    return this.socket.command(verb, "me", args);
  }

  /** The person has moved their rooms about. */
  rearranged() {
    this.#emit("me", null);
  }

  /** Whether what is known here is what is so now. */
  get isLive() {
    return this.socket?.isLive ?? false;
  }

  /** What the person may do in the open room: of a plain member nothing, of the installation's admins everything. */
  get role() {
    if (this.person.staff) return "owner";
    return this.me.membership(this.current.id)?.role ?? "member";
  }

  /** The same for a room that need not be open. */
  visit(verb, args, roomId) {
    return this.socket.visit(verb, `room:${roomId}`, args);
  }

  async #find(id) {
    if (this.#warm.has(id)) return { room: this.#warm.get(id) };
    const { state, error } = await this.io.state(`room:${id}`);
    if (!state) return { error };
    const room = this.#warm.get(id) ?? new Room(id, state);
    this.#hold(room, state.rev);
    return { room };
  }

  async #reach(room, seq) {
    if (room.timeline.rows.some((row) => row.seq === seq)) return true;
    const { state } = await this.io.history(room.id, { around: seq });
    if (!state?.rows.some((row) => row.seq === seq)) return false;
    room.timeline.load(state);
    return true;
  }

  #hold(room, rev) {
    const topic = `room:${room.id}`;
    this.#warm.set(room.id, room);
    if (this.topics.has(topic)) return;
    this.topics.add(topic, this.#roomHandler(room), rev);
    this.socket?.subscribe([topic]);
  }

  #touch(room) {
    this.#warm.delete(room.id);
    this.#warm.set(room.id, room);
    const most = KEPT_OPEN[this.socket.transport];
    for (const id of [...this.#warm.keys()].slice(0, -most)) this.#release(id);
  }

  #release(id) {
    this.#warm.delete(id);
    this.topics.remove(`room:${id}`);
    this.socket?.unsubscribe([`room:${id}`]);
  }

  #meHandler() {
    return {
      reset: (state) => this.#told(() => this.me.reset(state)),
      apply: (rows) => this.#told(() => this.me.apply(rows)),
      event: (name, data) => name === "heads" && this.#told(() => this.me.heads(data.heads)),
    };
  }

  #peopleHandler() {
    return {
      state: (state) => {
        this.people.reset(state);
        this.#emit("people", null);
        this.#emit("people-reset", null);
      },
      change: (change) => {
        this.people.apply(change);
        this.#emit("people", null);
      },
    };
  }

  #told(change) {
    change();
    this.#emit("me", null);
  }

  #roomHandler(room) {
    const isFollowing = () => room !== this.current || this.isFollowing();
    return {
      reset: (state) => {
        room.reset(state);
        this.#emit("reset", { room });
      },
      apply: (rows) => this.#emit("rows", { room, fresh: room.apply(rows, isFollowing()) }),
      event: (name, data) => this.#event(room, name, data),
      gone: (code) => this.#close(room, code),
    };
  }

  #event(room, name, data) {
    if (name === "typing") this.#emit("typing", { room, person: data.person, name: data.name });
    if (name === "left") this.#close(room, data.code);
  }

  #close(room, code) {
    this.#warm.delete(room.id);
    this.topics.remove(`room:${room.id}`);
    room.close(code);
    this.#emit("closed", { room, code });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
