/** What the badges show: as the server counted it last, never added up here. */
export class Counts {
  #told;

  constructor(told) {
    this.#told = told;
  }

  get unread() {
    return this.#told.unread;
  }

  get unseen() {
    return this.#told.unseen;
  }

  /** Takes counts over unless they are of an older moment. Answers whether the badges show anything else now. */
  assign(told) {
    const { inbox_rev: inbox, announcements_rev: announcements } = this.#told;
    const isOlder =
      told.inbox_rev < inbox ||
      (told.inbox_rev === inbox && told.announcements_rev < announcements);
    return !isOlder && this.replace(told);
  }

  /** Takes them over whatever they are of: another history may have begun. */
  replace(told) {
    const isOther = told.unread !== this.#told.unread;
    this.#told = told;
    return isOther;
  }

  /** Whether the page holds something, up to these cursors, that was not counted yet. */
  isBehind(cursors) {
    return (
      this.#told.inbox_rev < cursors.inbox || this.#told.announcements_rev < cursors.announcements
    );
  }
}
