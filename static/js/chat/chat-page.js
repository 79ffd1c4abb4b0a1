import "#chat/composer";
import "#chat/message-actions";
import { followAddresses } from "#chat/address";
import { Changing } from "#chat/changing";
import { Desk } from "#chat/desk";
import { Here } from "#chat/here";
import { History } from "#chat/history";
import { watchIdleness } from "#chat/idleness";
import { arrangeLater, pageKeys, pageMenus } from "#chat/page-controls";
import { Posting } from "#chat/posting";
import { ReadMarker } from "#chat/read-marker";
import { Reading } from "#chat/reading";
import { TypingLine } from "#chat/typing";
import { Writing } from "#chat/writing";
import { Drawer } from "#lib/drawer";
import { browser } from "#live/browser";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";

/** Makes the page live: its parts, what they tell each other, and the connection. */
export function begin(state, me, room) {
  const page = makeParts(state, me, room);
  page.reading.begin();
  page.writing.begin();
  pageKeys(page);
  pageMenus(page);
  serveMessages(page);
  mentionLater(page);
  pointOutLater(page);
  followAddresses((id, options) => page.desk.open(id, options));
  connect(page);
  page.here = new Here(page.desk);
  watchIdleness(page.desk);
  page.posting.begin();
  page.history.watch();
  arrangeLater(page.desk);
  ring(page.desk);
  document.documentElement.dataset.ready = "yes";
}

async function ring({ topics, socket }) {
  (await import("#chat/beside")).followBell(topics, socket);
}

// Whom to mention is offered from the first @ on: what that needs is loaded with it.
function mentionLater({ composer, desk }) {
  const offer = async ({ detail }) => {
    if (!desk.isLive || !detail.text.includes("@")) return;
    composer.removeEventListener("composer-input", offer);
    (await import("#chat/mention-list")).offerMentions(composer, desk);
  };
  composer.addEventListener("composer-input", offer);
}

// Who was mentioned and is not in the room is pointed out to who has just said it.
function pointOutLater({ desk, timeline }) {
  desk.addEventListener("rows", async ({ detail: { fresh } }) => {
    const own = fresh.filter(
      ({ author, html }) => author.id === desk.person.id && html.includes("data-person"),
    );
    if (own.length > 0) (await import("#chat/absent")).pointOut(desk, timeline, own);
  });
}

function makeParts(state, me, room) {
  const desk = makeDesk(state, me, room);
  const timeline = document.querySelector("chat-timeline");
  const composer = document.querySelector("chat-composer");
  const page = { state, desk, timeline, composer, here: null };
  page.typing = new TypingLine(document.querySelector(".typing"));
  page.drawer = new Drawer(document.querySelector(".shell"));
  page.posting = new Posting(desk, timeline);
  page.history = new History(timeline, browser);
  page.marker = new ReadMarker(desk, timeline);
  page.changing = new Changing(desk, timeline);
  page.reading = new Reading(page);
  page.writing = new Writing(page);
  return page;
}

function makeDesk(state, me, room) {
  const { person, epoch } = state;
  const repair = (topics) => desk.socket.subscribe(topics);
  const topics = new Topics({
    load: browser.state,
    repair,
    pause: browser.pause,
    random: Math.random,
  });
  const desk = new Desk({ person, epoch, me, topics, io: browser });
  desk.begin(state, room);
  return desk;
}

function connect({ state, desk, reading }) {
  desk.socket = keepConnected({
    topics: desk.topics,
    io: browser,
    person: state.person.id,
    epoch: state.epoch,
    place: document.querySelector("#banner"),
    changed: (phase) => reading.connection(phase),
    built: (build) => reading.built(build),
  });
  desk.socket.start();
}

function serveMessages({ desk, timeline, changing, posting }) {
  const on = (type, listener) =>
    timeline.addEventListener(type, ({ detail, target }) => listener(detail, target));
  on("message-copy", ({ message }) => changing.copy(message));
  on("message-why", async ({ message }) => (await import("#chat/why")).openWhy(desk, message));
  on("message-edit", ({ message }) => changing.edit(message));
  on("message-delete", ({ message }) => changing.delete(message));
  on("editor-save", ({ message, text }) => changing.save(message, text));
  on("editor-cancel", ({ message }) => changing.cancel(message));
  on("click", (_, target) => pendingAction(posting, target.closest("[data-do]")));
  document.createElement("message-actions").serve(timeline, changing.isOwn);
}

function pendingAction(posting, button) {
  const clientId = button?.closest("[data-client-id]")?.dataset.clientId;
  if (!clientId) return;
  if (button.dataset.do === "retry") posting.retry(clientId);
  else posting.remove(clientId);
}
