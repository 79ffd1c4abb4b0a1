import { addressOf } from "#chat/address";
import { wellFormed } from "#chat/text";
import { REFUSALS, WORDS } from "#chat/words";
import { toast } from "#lib/notices";

/** Changing and deleting one's own messages, and copying links to anybody's. */
export class Changing {
  #desk;
  #timeline;

  constructor(desk, timeline) {
    this.#desk = desk;
    this.#timeline = timeline;
  }

  isOwn = (message) => message.author.id === this.#desk.person.id && !message.deleted;

  /** Turns the message into a form, with its text as it was written. */
  async edit(message) {
    const result = await this.#desk.command("message.source", { message: message.id });
    if (result.error) return refuse(result.error);
    await import("#chat/message-editor");
    this.#timeline.edit({ id: message.id, text: result.ok.text });
  }

  /** The person's last message that is loaded. */
  editLast() {
    const last = this.#timeline.room.timeline.rows.findLast(this.isOwn);
    if (last) return this.edit(last);
    toast(WORDS.lastIsGone);
  }

  async save(message, text) {
    const args = { message: message.id, text: wellFormed(text) };
    const result = await this.#desk.command("message.edit", args);
    if (result.error) return refuse(result.error);
    this.cancel(message);
  }

  cancel(message) {
    this.#timeline.edit(null);
    document.querySelector(`#message-${message.seq}`)?.focus({ preventScroll: true });
  }

  async delete(message) {
    const { confirm } = await import("#lib/dialog");
    const { DELETING } = await import("#chat/room-words");
    if (!(await confirm(DELETING))) return;
    const result = await this.#desk.command("message.delete", { message: message.id });
    if (result.error) return refuse(result.error);
    document.querySelector(`#message-${message.seq}`)?.focus({ preventScroll: true });
  }

  /** Copies the link to a message, or to the room. */
  async copy(message) {
    const { copyText } = await import("#chat/copying");
    const address = new URL(addressOf(this.#desk.current.id, message?.seq), location.origin).href;
    toast((await copyText(address)) ? WORDS.copied : address);
  }
}

function refuse({ code }) {
  toast(REFUSALS[code] ?? REFUSALS.other);
}
