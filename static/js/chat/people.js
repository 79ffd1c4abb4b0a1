/** Who is here, of the people one shares a room with: the model of topic "people". */
export class People {
  #here = new Map();

  /** All of it: `{"42": "online", "7": "away"}`. */
  reset(state) {
    this.#here.clear();
    this.apply(state);
  }

  /** A difference of the same form, in which null is who has gone. */
  apply(change) {
    for (const [person, status] of Object.entries(change)) {
      if (status === null) this.#here.delete(Number(person));
      else this.#here.set(Number(person), status);
    }
  }

  /** "online", "away" or "offline". */
  statusOf(person) {
    return this.#here.get(person) ?? "offline";
  }

  /** Those of `members` who are here, online ones first, then by name, each with a `status`. */
  among(members) {
    return members
      .map((one) => ({ ...one, status: this.statusOf(one.id) }))
      .filter(({ status }) => status !== "offline")
      .sort(
        (one, other) =>
          Number(one.status === "away") - Number(other.status === "away") ||
          one.name.localeCompare(other.name),
      );
  }
}
