import { PLACES } from "#inbox/model";

/** Which part of each view was loaded: fifty at a time, from the newest on. */
export class Pages {
  #model;
  #views = new Map();

  /** `hasOlder`: whether there is more of the inbox than its state, with which the model began. */
  constructor(model, hasOlder) {
    this.#model = model;
    this.#views.set("all", { last: lastOf(model.items("all")), hasOlder });
    if (!hasOlder) this.#views.set("unread", { last: null, hasOlder: false });
  }

  isLoaded(view) {
    return this.#views.has(view);
  }

  hasOlder(view) {
    return this.#views.get(view)?.hasOlder ?? false;
  }

  /** What is asked for to load the next part. */
  query(view) {
    const { last } = this.#views.get(view) ?? {};
    return {
      place: PLACES[view],
      ...(view === "unread" && { unread: "yes" }),
      ...(last && { before: last.seq, id: last.id }),
    };
  }

  /** Takes in what `/inbox/items` answered. */
  take(view, { rows, older }) {
    this.#model.apply(rows);
    this.#views.set(view, { last: rows.at(-1) ?? null, hasOlder: older });
  }
}

function lastOf(items) {
  return items.findLast((item) => item.list === "notifications") ?? null;
}
