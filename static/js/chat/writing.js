import { Drafts } from "#chat/drafts";
import { WORDS } from "#chat/words";
import { isTouch } from "#lib/keyboard";
import { watchParting } from "#lib/parting";

// Many may be meant: the server says how many.
const CROWD = /@(?:here|room)/i;

/** Carries what is written to where it goes: drafts, typing, the outbox. */
export class Writing {
  #page;
  #drafts;

  constructor(page) {
    this.#page = page;
    this.#drafts = new Drafts(page.desk.identity);
  }

  begin() {
    const { desk, composer, changing } = this.#page;
    watchParting();
    this.#drafts.adopt();
    const on = (target, type, listener) =>
      target.addEventListener(type, ({ detail }) => listener(detail));
    composer.addEventListener("composer-send", (event) => this.#wish(event));
    on(composer, "composer-input", ({ text }) => this.#input(text));
    on(composer, "composer-edit-last", () => changing.editLast());
    on(desk, "open", ({ at, focus }) => this.#address({ focus: focus && !at }));
    on(desk, "rows", ({ room }) => room === desk.current && this.#allow());
    on(desk, "reset", ({ room }) => room === desk.current && this.#allow());
    on(desk, "closed", ({ room }) => room === desk.current && this.#allow());
    this.#address({ focus: !this.#page.state.at });
  }

  // While it is asked how many are mentioned, and whether they are meant, the text stays where it was written.
  async #wish(event) {
    const { text } = event.detail;
    const { desk, composer } = this.#page;
    if (!desk.isLive || !CROWD.test(text)) return this.#send(text);
    event.preventDefault();
    const room = desk.current;
    const { mayNotify } = await import("#chat/crowd");
    const answer = await mayNotify(desk, text);
    if (!answer || desk.current !== room || composer.text !== text) return;
    composer.text = "";
    this.#send(text, answer);
  }

  // The draft goes after the post is kept: a browser that dies in between has the one or the other.
  async #send(text, more) {
    const { desk, posting, reading } = this.#page;
    const { id } = desk.current;
    this.#drafts.sending(id);
    await posting.send(text, more);
    this.#drafts.sent(id);
    reading.latest();
  }

  #input(text) {
    const { desk, typing } = this.#page;
    this.#drafts.write(desk.current.id, text);
    if (text.trim() && typing.shouldSay()) desk.socket.tell("typing", `room:${desk.current.id}`);
  }

  // The draft comes a moment later than the room: what was typed in between is not overwritten.
  async #address({ focus }) {
    const { desk, composer, typing } = this.#page;
    const room = desk.current;
    const kept = this.#drafts.read(room.id);
    composer.text = "";
    composer.address(room.title);
    typing.show(room.id);
    this.#allow();
    if (focus && !isTouch()) composer.focusText();
    const draft = await kept;
    if (room === desk.current && composer.text === "") composer.text = draft;
  }

  #allow() {
    const { desk, composer } = this.#page;
    const { closed, facts } = desk.current;
    if (closed) composer.close(WORDS.gone);
    else composer.close(facts?.archived ? WORDS.archived : "");
  }
}
