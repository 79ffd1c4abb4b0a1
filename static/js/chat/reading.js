import { addressOf } from "#chat/address";
import { RoomHeader, showTitle } from "#chat/room-header";
import { WORDS } from "#chat/words";
import { Announcer, toast } from "#lib/notices";

/** Carries what happens in the rooms to what is on the screen: timeline, header, rail, title, announcements. */
export class Reading {
  #page;
  #build;
  #rail = document.querySelector("chat-rail");
  #header = new RoomHeader(document.querySelector(".room-head"));
  #announcer = new Announcer(document.querySelector("#announcer"), announcement);

  constructor(page) {
    this.#page = page;
    this.#build = page.state.build;
  }

  begin() {
    const { desk, timeline, marker } = this.#page;
    const on = (type, listener) => desk.addEventListener(type, ({ detail }) => listener(detail));
    on("open", (detail) => this.#open(detail));
    on("rows", (detail) => this.#rows(detail));
    on("reset", ({ room }) => this.#reset(room));
    on("me", () => this.#me());
    on("people", () => this.#header.show(desk));
    on("closed", ({ room }) => this.#closed(room));
    on("typing", (detail) => this.#typing(detail));
    on("refused", ({ error }) => toast(REFUSED[error.code] ?? WORDS.roomUnreachable));
    timeline.addEventListener("timeline-moved", () => marker.consider());
    timeline.addEventListener("timeline-latest", () => this.latest());
    for (const type of ["focus", "visibilitychange"])
      window.addEventListener(type, () => marker.consider(), true);
    desk.isFollowing = () => timeline.isFollowing;
    this.#facts(desk.current);
  }

  /** Shows the newest messages, loading them first if need be. */
  async latest() {
    if (await this.#page.desk.latest()) this.#page.timeline.follow();
    else toast(WORDS.roomUnreachable);
  }

  connection(phase) {
    this.#page.here?.show();
    this.#page.timeline.setOffline(phase === "offline");
    if (phase !== "live") return;
    this.#page.posting.flush();
    this.#page.history.check();
    this.#page.marker.consider();
  }

  /** Which build of the pages the server has now. */
  built(build) {
    this.#build = build;
  }

  // The pages of another build may not fit the scripts that run here: then opening a room is a new page.
  #open({ room, at, push }) {
    const { desk, timeline, state, posting, history, drawer } = this.#page;
    if (this.#build !== state.build) return location.assign(addressOf(room.id, at));
    if (push) window.history.pushState(null, "", addressOf(room.id, at));
    timeline.show(room, { person: desk.person, readSeq: desk.me.readSeq(room.id), at });
    this.#facts(room);
    this.#me();
    posting.show();
    history.check();
    drawer.toggle(false);
  }

  #rows({ room, fresh }) {
    const { desk, timeline, marker, typing } = this.#page;
    for (const message of fresh) typing.sent(room.id, message.author.id);
    if (room !== desk.current) return;
    const others = fresh.filter((message) => message.author.id !== desk.person.id);
    timeline.addUnseen(others.length);
    this.#announcer.add(others);
    this.#facts(room);
    marker.consider();
  }

  #typing({ room, person, name }) {
    const { desk, typing } = this.#page;
    if (person !== desk.person.id) typing.heard(room.id, { person, name });
  }

  #reset(room) {
    const { desk, timeline, posting } = this.#page;
    if (room !== desk.current) return;
    timeline.show(room, { person: desk.person, readSeq: desk.me.readSeq(room.id) });
    posting.show();
    this.#facts(room);
    toast(WORDS.caughtUp);
  }

  #facts(room) {
    const { desk, state } = this.#page;
    this.#header.show(desk);
    showTitle(room, desk.me, state.site);
  }

  #me() {
    const { desk, state } = this.#page;
    this.#rail.show(desk.me.listed(desk.current.id), desk.current.id);
    this.#header.show(desk);
    showTitle(desk.current, desk.me, state.site);
    this.#comeBack();
  }

  // The room in which the person was no longer is the only one that is not left standing as it was.
  #closed(room) {
    const { desk, timeline } = this.#page;
    if (room !== desk.current) return;
    timeline.leave(desk.me.listed().find(({ id }) => id !== room.id));
    this.#me();
  }

  // Somebody has brought the person back into the room that they still look at. What was said of them before they were
  // out does not count.
  #comeBack() {
    const { desk } = this.#page;
    const { current } = desk;
    if (!current.closed) return;
    if (!desk.me.membership(current.id)) current.isOut = true;
    else if (current.isOut) desk.open(current.id, { push: false, focus: false });
  }
}

const REFUSED = {
  not_found: WORDS.roomMissing,
  forbidden: WORDS.roomMissing,
  no_message: WORDS.messageMissing,
};

// A single message is worth a name, more of them a number.
function announcement(messages) {
  return messages.length === 1
    ? WORDS.newMessageFrom(messages[0].author.name)
    : WORDS.newMessages(messages.length);
}
