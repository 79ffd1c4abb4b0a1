const CALM = 400;

/** Moves the person's read marker when they have really seen the end of the open room: visible, focused, at the end. */
export class ReadMarker {
  #desk;
  #timeline;
  #timer;
  #told = new Map();

  constructor(desk, timeline) {
    this.#desk = desk;
    this.#timeline = timeline;
  }

  /** Something may have been read. */
  consider() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#isReading() && this.mark(), CALM);
  }

  /** Everything in the open room counts as read. */
  mark() {
    const room = this.#desk.current;
    const seq = room?.timeline.last?.seq ?? 0;
    if (seq <= this.#known(room.id)) return;
    this.#told.set(room.id, seq);
    this.#tell(room.id, seq);
  }

  async #tell(roomId, seq) {
    const result = await this.#desk.command("room.read", { seq }, roomId);
    if (result.error) this.#told.delete(roomId);
  }

  #known(roomId) {
    const membership = this.#desk.me.membership(roomId);
    return Math.max(membership?.read_seq ?? Infinity, this.#told.get(roomId) ?? 0);
  }

  #isReading() {
    return (
      document.visibilityState === "visible" && document.hasFocus() && this.#timeline.isFollowing
    );
  }
}
