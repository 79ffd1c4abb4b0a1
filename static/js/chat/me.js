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

  /**
   * Every room the person is in, as the rail orders them: favourites first, then by the place they were given, then by
   * name: `{id, name, private, archived, role, favourite, unread}`.
   */
  get rooms() {
    const active = [...this.#memberships.values()].filter((row) => row.active);
    return active.map((row) => this.#room(row)).sort(byPlace);
  }

  /** The rooms that stand in the rail: an archived one only while it is open. */
  listed(openId) {
    return this.rooms.filter((room) => !room.archived || room.id === openId);
  }

  get unread() {
    return this.listed().reduce((sum, room) => sum + room.unread, 0);
  }

  /** Lets the rooms stand in this order until the server says how they stand. Answers with what takes it back. */
  arrange(order) {
    const before = new Map(this.#memberships);
    for (const [place, id] of order.entries()) {
      const row = this.#memberships.get(id);
      if (row) this.#memberships.set(id, { ...row, position: place + 1 });
    }
    return () => {
      for (const id of order) {
        const [was, now] = [before.get(id), this.#memberships.get(id)];
        if (was?.rev === now?.rev && was) this.#memberships.set(id, was);
      }
    };
  }

  #room(row) {
    const head = this.#heads.get(row.room);
    return {
      id: row.room,
      name: head?.name ?? row.name,
      private: head?.private ?? row.private,
      archived: head?.archived ?? false,
      role: row.role,
      favourite: row.favourite ?? false,
      notify: row.notify,
      mutedUntil: row.muted_until,
      position: row.position ?? Infinity,
      unread: Math.max(0, (head?.number ?? 0) - row.read_number),
    };
  }
}

function byPlace(one, other) {
  if (one.favourite !== other.favourite) return one.favourite ? -1 : 1;
  if (one.position !== other.position) return one.position - other.position;
  return one.name.localeCompare(other.name);
}
