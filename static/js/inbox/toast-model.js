/** So many stand on the page at once. */
const MOST = 3;

/** Whether a row is of something that has just happened, that nobody has read and that did not come muted. */
export function isFresh(row) {
  return (
    row.kind === "notification" &&
    row.place === "inbox" &&
    row.seq === row.rev &&
    row.unread_rev === row.rev &&
    !row.quiet
  );
}

/** The notifications that are shown in passing: the newest three, until they are read, anywhere, or put away. */
export class Toasts {
  #rows = new Map();

  /** The oldest first. */
  get shown() {
    return [...this.#rows.values()];
  }

  /** Takes rows of the inbox in; `isWanted(row)` says of a fresh one whether it is to be shown. */
  apply(rows, isWanted) {
    for (const row of rows) {
      if (row.kind === "inbox") this.#readUntil(row.read_until);
      if (row.kind === "notification") this.#take(row, isWanted);
    }
  }

  dismiss(id) {
    this.#rows.delete(id);
  }

  #take(row, isWanted) {
    const isFreshHere = isFresh(row) && isWanted(row);
    if (!isFreshHere && row.place === "inbox" && row.unread_rev > 0) return;
    this.#rows.delete(row.id);
    if (!isFreshHere) return;
    this.#rows.set(row.id, row);
    for (const id of [...this.#rows.keys()].slice(0, -MOST)) this.#rows.delete(id);
  }

  #readUntil(rev) {
    for (const row of this.shown) if (row.unread_rev <= rev) this.#rows.delete(row.id);
  }
}
