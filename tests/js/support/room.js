/** A room on the server's side, for tests: a stream of messages with revs, and the pages that are read from it. */

export const ALICE = person(1, "alice", "Alice Kim", 3);
export const BOB = person(2, "bob", "Bob Stone", 4);

function person(id, username, name, color) {
  return { id, username, name, color, picture: null, bot: false };
}

export function message(seq, fields = {}) {
  return {
    kind: "message",
    id: 1000 + seq,
    rev: seq,
    seq,
    number: seq,
    client_id: `client-${seq}`,
    author: BOB,
    html: `<p>${seq}</p>`,
    created: "2026-11-22T10:00:00Z",
    edited: null,
    deleted: false,
    ...fields,
  };
}

export function messages(from, to) {
  return Array.from({ length: to - from + 1 }, (_, place) => message(from + place));
}

export class ServerRoom {
  rev = 0;
  #rows = new Map();

  post(fields = {}) {
    this.rev += 1;
    const row = message(this.rev, fields);
    this.#rows.set(row.id, row);
    return row;
  }

  change(id, fields) {
    this.rev += 1;
    const row = { ...this.#rows.get(id), ...fields, rev: this.rev };
    this.#rows.set(id, row);
    return row;
  }

  get rows() {
    return [...this.#rows.values()].sort((one, other) => one.seq - other.seq);
  }

  newest(count) {
    const rows = this.rows.slice(-count);
    return { rows, older: rows.length < this.rows.length, newer: false };
  }

  before(seq, count) {
    const all = this.rows.filter((row) => row.seq < seq);
    return { rows: all.slice(-count), older: all.length > count, newer: true };
  }

  after(seq, count) {
    const all = this.rows.filter((row) => row.seq > seq);
    return { rows: all.slice(0, count), older: true, newer: all.length > count };
  }
}
