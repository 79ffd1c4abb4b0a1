import { named, wayBack } from "#inbox/model";
import { WORDS } from "#inbox/words";

/** Does things with items, says so, and offers the way back. What is drawn is what the server says then. */
export class Acting {
  #following;
  #socket;
  #notice;

  constructor({ following, socket, notice }) {
    this.#following = following;
    this.#socket = socket;
    this.#notice = notice;
  }

  /** Does one thing with some items; `more` are further arguments. */
  async act(verb, items, more = {}) {
    if (items.length === 0) return;
    const back = wayBack(verb, items);
    if (await this.#send(verb, items, more))
      this.#notice.say(WORDS.done[verb](items.length), () => this.#goBack(back));
  }

  /** Counts all as read that the page knows of, which may be more than it has loaded. */
  async readAll(known) {
    const unread = known.filter((item) => item.isUnread);
    const { error } = await this.#following.command("inbox.read_all", this.#following.until);
    if (error) return this.#refused(error);
    this.#notice.say(WORDS.done.read(unread.length), () => this.#goBack([["unread", unread]]));
  }

  /** Has nothing of a room reach the person until tomorrow, but in the inbox. */
  async mute({ room, where }) {
    if (room === null) return;
    const mute = (span) => this.#socket.visit("room.mute", "me", { room, span });
    const { error } = await mute("tomorrow");
    if (error) return this.#refused(error);
    this.#notice.say(WORDS.muted(where), async () => !(await mute(null)).error);
  }

  /** Counts one as read that is about to be opened. */
  opened(item) {
    return item.isUnread ? this.#following.command("inbox.read", named([item])[0]) : null;
  }

  undo() {
    this.#notice.undo();
  }

  async #goBack(steps) {
    for (const [verb, items, more] of steps) {
      if (!(await this.#send(verb, items, more))) return false;
    }
    return true;
  }

  async #send(verb, items, more = {}) {
    // Announcements cannot be snoozed.
    const parts = named(items).map(({ notifications, announcements }) =>
      verb === "snooze" ? { notifications } : { notifications, announcements },
    );
    for (const part of parts) {
      const { error } = await this.#following.command(`inbox.${verb}`, { ...part, ...more });
      if (error) return this.#refused(error);
    }
    return true;
  }

  #refused({ code, detail }) {
    this.#notice.say(code === "invalid" && detail ? detail : WORDS.failed);
    return false;
  }
}
