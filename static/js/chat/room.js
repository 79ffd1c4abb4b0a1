import { TimelineModel } from "#chat/timeline-model";
import { isNewer } from "#live/cursor";

/** One room as this person sees it: what it is called, who is in it, and the messages that are loaded. */
export class Room {
  timeline = new TimelineModel();
  facts = null;
  /** How the person came out of the room, once they are: "left", "removed", or the code of a refusal. */
  closed = null;
  /** Whether the person's own list of rooms has said so too. */
  isOut = false;
  #members = new Map();
  #people = new Map();

  constructor(id, state) {
    this.id = id;
    this.reset(state);
  }

  get name() {
    return this.facts?.name ?? "";
  }

  /** The name as people write it. */
  get title() {
    return this.facts?.private ? this.name : `#${this.name}`;
  }

  get members() {
    return [...this.#members.values()]
      .filter((row) => row.active)
      .map((row) => ({ ...row.person, role: row.role }));
  }

  /** How somebody is called and pictured now. Of those who have left nothing newer is told than what they said. */
  asNow(person) {
    return this.#people.get(person.id) ?? person;
  }

  reset(state) {
    this.#members.clear();
    this.#people.clear();
    this.facts = null;
    this.#applyFacts(state.rows);
    this.timeline.reset({
      rows: messagesOf(state.rows),
      older: state.extra.older,
      newer: state.extra.newer,
    });
  }

  /** The person is no longer in it: nothing of what was said stays here. */
  close(code) {
    this.closed = code;
    this.#members.clear();
    this.#people.clear();
    this.timeline.reset({ rows: [], older: false, newer: false });
  }

  /** Answers with the messages that are new at the end of the room. */
  apply(rows, isFollowing) {
    this.#applyFacts(rows);
    return this.timeline.apply(messagesOf(rows), isFollowing);
  }

  #applyFacts(rows) {
    for (const row of rows) {
      if (row.kind === "room" && isNewer(row, this.facts ?? undefined)) this.facts = row;
      if (row.kind === "member" && isNewer(row, this.#members.get(row.id))) {
        this.#members.set(row.id, row);
        if (row.active) this.#people.set(row.person.id, row.person);
        else this.#people.delete(row.person.id);
      }
    }
  }
}

function messagesOf(rows) {
  return rows.filter((row) => row.kind === "message").sort((one, other) => one.seq - other.seq);
}
