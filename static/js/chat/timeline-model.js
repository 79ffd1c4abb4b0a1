import { isNewer } from "#live/cursor";

/** As many messages as a page draws without becoming slow. */
export const LIMIT = 320;

/** Rows that arrived for places which are not loaded; enough for what comes in while a page of history is on its way. */
const GHOSTS = 500;

/**
 * The messages of one room that are loaded: one unbroken window of the stream, in the order of seq, and the posts that
 * are on their way. The newest revision of a row wins, by whichever way it came.
 */
export class TimelineModel {
  hasOlder = false;
  hasNewer = false;
  #rows = [];
  #byId = new Map();
  #ghosts = new Map();
  #lost = -Infinity;
  #seen = -Infinity;
  #pending = [];
  #limit;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  get rows() {
    return this.#rows;
  }

  /** What is not there yet, shown behind the newest message and nowhere else. */
  get pending() {
    return this.hasNewer ? [] : this.#pending;
  }

  get first() {
    return this.#rows[0];
  }

  get last() {
    return this.#rows.at(-1);
  }

  find(id) {
    return this.#byId.get(id);
  }

  /** The truth from the server, after which nothing known before counts. */
  reset(page) {
    this.#rows = [];
    this.#ghosts.clear();
    this.#lost = -Infinity;
    this.#seen = -Infinity;
    this.load(page);
  }

  /** Another window of the same stream takes the place of this one. */
  load({ rows, older, newer }) {
    for (const row of this.#rows) this.#keepGhost(row);
    this.#rows = [];
    this.#byId.clear();
    this.#insertAll(rows);
    this.hasOlder = older;
    this.hasNewer = newer;
    this.#meetTail();
  }

  /** A page that was asked for as what lies before `seq`; of no use if the window has moved on since. */
  addOlder({ rows, older }, seq) {
    if (this.first?.seq !== seq) return;
    this.#insertAll(rows);
    this.hasOlder = older;
    this.#trimNewest();
  }

  addNewer({ rows, newer }, seq) {
    if (this.last?.seq !== seq) return;
    this.#insertAll(rows);
    this.hasNewer = newer;
    this.#meetTail();
    this.#trimOldest();
  }

  /**
   * Rows that changed or came. While the reader follows the end the window moves with it; else it is not moved away
   * from under what is being read. Answers with the messages that are new at the end of the room.
   */
  apply(rows, isFollowing = true) {
    const end = this.#seen;
    for (const row of rows) this.#apply(row, isFollowing);
    if (isFollowing) this.#trimOldest();
    return rows.filter((row) => row.seq > end);
  }

  setPending(posts) {
    this.#pending = posts.filter((post) => !this.#rows.some((row) => isEcho(row, post)));
  }

  #apply(row, isFollowing) {
    this.#seen = Math.max(this.#seen, row.seq);
    this.#settlePending(row);
    const held = this.#byId.get(row.id);
    if (held) this.#replace(held, row);
    else if (this.#isInside(row)) this.#insert(row);
    else if (this.#isNext(row)) this.#append(row, isFollowing);
    else this.#keepGhost(row);
  }

  #isInside({ seq }) {
    return this.#rows.length > 0 && seq > this.first.seq && seq < this.last.seq;
  }

  #isNext({ seq }) {
    return !this.hasNewer && (this.#rows.length === 0 || seq > this.last.seq);
  }

  #append(row, isFollowing) {
    if (isFollowing || this.#rows.length < this.#limit) return this.#insert(row);
    this.hasNewer = true;
    this.#keepGhost(row);
  }

  #insertAll(rows) {
    for (const row of rows) {
      const held = this.#byId.get(row.id);
      const ghost = this.#ghosts.get(row.id);
      this.#ghosts.delete(row.id);
      const newest = ghost && isNewer(ghost, row) ? ghost : row;
      if (held) this.#replace(held, newest);
      else this.#insert(newest);
    }
  }

  #insert(row) {
    this.#seen = Math.max(this.#seen, row.seq);
    let place = this.#rows.length;
    while (place > 0 && this.#rows[place - 1].seq > row.seq) place -= 1;
    this.#rows.splice(place, 0, row);
    this.#byId.set(row.id, row);
    this.#settlePending(row);
  }

  #replace(held, row) {
    if (!isNewer(row, held)) return;
    this.#rows[this.#rows.indexOf(held)] = row;
    this.#byId.set(row.id, row);
  }

  #keepGhost(row) {
    if (!isNewer(row, this.#ghosts.get(row.id))) return;
    this.#ghosts.delete(row.id);
    this.#ghosts.set(row.id, row);
    if (this.#ghosts.size > GHOSTS) this.#loseGhost();
  }

  #loseGhost() {
    const [id, row] = this.#ghosts.entries().next().value;
    this.#ghosts.delete(id);
    this.#lost = Math.max(this.#lost, row.seq);
  }

  // A page of history that ends at the newest message was true when it was read; what came since waits as ghosts. If
  // one of those was lost the end is not known after all.
  #meetTail() {
    const end = this.last?.seq ?? -Infinity;
    if (this.#lost > end) this.hasNewer = true;
    this.#lost = -Infinity;
    if (this.hasNewer) return;
    this.#insertAll([...this.#ghosts.values()].filter((row) => row.seq > end));
  }

  #trimOldest() {
    const surplus = this.#rows.length - this.#limit;
    if (surplus > 0) this.#forget(this.#rows.splice(0, surplus));
    if (surplus > 0) this.hasOlder = true;
  }

  #trimNewest() {
    if (this.#rows.length <= this.#limit) return;
    this.#forget(this.#rows.splice(this.#limit));
    this.hasNewer = true;
  }

  // A page on its way may have been read before the last change of what leaves here.
  #forget(rows) {
    for (const row of rows) {
      this.#byId.delete(row.id);
      this.#keepGhost(row);
    }
  }

  #settlePending(row) {
    if (this.#pending.length > 0)
      this.#pending = this.#pending.filter((post) => !isEcho(row, post));
  }
}

function isEcho(row, post) {
  return row.client_id === post.client_id;
}
