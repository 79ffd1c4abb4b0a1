import { isNewer } from "#live/cursor";

/** What a person is in, and how far each room has come: the model of topic "me" and of the rail. */
export class Me {
  #memberships = new Map();
  #heads = new Map();

  constructor(state) {
    this.reset(state);
  }

  reset(state) {
    this.#memberships.clear();
    this.apply(state.rows);
    this.heads(state.extra.heads);
  }

  apply(rows) {
    for (const row of rows) {
      if (row.kind === "membership" && isNewer(row, this.#memberships.get(row.room)))
        this.#memberships.set(row.room, row);
    }
  }

  /** Heads are volatile and may be overtaken: a number never goes back. */
  heads(heads) {
    for (const head of heads) {
      if (head.rev >= (this.#heads.get(head.room)?.rev ?? 0)) this.#heads.set(head.room, head);
    }
  }

  membership(roomId) {
    const row = this.#memberships.get(roomId);
    return row?.active ? row : null;
  }

  /** Where the reader had come to in a room, if anything is unread behind it, else null. */
  readSeq(roomId) {
    const row = this.membership(roomId);
    return row && this.#room(row).unread > 0 ? row.read_seq : null;
  }

  /** The rooms of the rail, by name: `{id, name, private, role, unread}`. */
  get rooms() {
    const active = [...this.#memberships.values()].filter((row) => row.active);
    return active
      .map((row) => this.#room(row))
      .sort((one, other) => one.name.localeCompare(other.name));
  }

  get unread() {
    return this.rooms.reduce((sum, room) => sum + room.unread, 0);
  }

  #room(row) {
    const head = this.#heads.get(row.room);
    return {
      id: row.room,
      name: head?.name ?? row.name,
      private: head?.private ?? row.private,
      role: row.role,
      unread: Math.max(0, (head?.number ?? 0) - row.read_number),
    };
  }
}
