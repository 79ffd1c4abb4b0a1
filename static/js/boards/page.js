import { Board } from "#boards/board";
import { Drawing } from "#boards/drawing";
import { Feeding } from "#boards/feeding";
import { Head } from "#boards/head";
import { openMenu } from "#boards/menus";
import { panelEntries } from "#boards/panel-menu";
import { get, isDone } from "#boards/requests";
import { isLive, isSameTime, isWithin, readView, writeView } from "#boards/view";
import { WORDS } from "#boards/words";
import { browser } from "#live/browser";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";

/** The page of a board: what it begins with, what keeps it live, and what moves between its parts. */
const state = read("#state");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let isCalm = calm.matches;
const topics = new Topics({
  load: (topic) => (topic === feeding?.topic ? feeding.state() : browser.state(topic)),
  repair: (names) => socket.subscribe(names),
  pause: browser.pause,
  random: Math.random,
});
const socket = keepConnected({
  topics,
  io: browser,
  person: state.person,
  epoch: state.epoch,
  place: document.querySelector("#banner"),
  changed: () => {},
  built: () => {},
});
let [definition, board, head, feeding, builder] = [state.board];

if (definition) begin();
socket.start();
for (const button of document.querySelectorAll("[data-do=new-board]"))
  button.addEventListener("click", async () => (await import("#boards/new-board")).makeBoard());
import("#inbox/bell").then(({ followBell }) => followBell(topics, socket));

function begin() {
  const data = read("#data");
  board = new Board(document.querySelector("#panels"), {
    data,
    view: readView(location.search),
    drawing: new Drawing(drawingIo()),
    isStaff: state.is_staff,
    live: { topics, socket },
    sources: sourcesOf(state.boards),
    hooks: {
      wanted: go,
      said: say,
      menu: (panel, button) => openMenu(button, panelEntries(panel, { board, definition, go })),
    },
  });
  head = new Head(document.querySelector(".board-head"), board, {
    wanted: go,
    free: async () => (await import("#boards/free-range")).askRange(board, go),
    menu: async (button) => openMenu(button, await entriesOfBoard()),
  });
  feeding = new Feeding({
    slug: definition.slug,
    data: board.data,
    topics,
    socket,
    hooks: {
      changed: (panels) => board.changed(panels),
      replaced: () => {
        tell("");
        head.draw();
        board.dirtyAll();
      },
      noted: () => head.draw(),
      heard: (interval) => {
        tell("");
        head.heard(interval);
      },
      waiting: (isWaiting) => head.wait(isWaiting),
      failed: (status, body) => tell(body?.errors?.[0]?.text ?? failure(status)),
      lost,
      edited: redefine,
      isOther: (version) => !builder && version !== definition.version,
    },
  });
  show();
  head.draw();
  dress();
  // Why there is nothing to follow its data says.
  if (data.refused) feeding.open(board.view);
  else {
    feeding.follow(board.view);
    head.heard(feeding.interval);
  }
  listen();
  if (location.hash === "#build" && definition.may_edit) build();
}

// As text it would stay as long as the page: the numbers of a large board are megabytes.
function read(place) {
  const script = document.querySelector(place);
  script.remove();
  return JSON.parse(script.textContent);
}

function failure(status) {
  return status >= 500 ? WORDS.unable : WORDS.failed;
}

/** The board is gone, or not this person's to see any more: nothing of it stays on the page. Who builds it keeps their work. */
function lost() {
  if (builder) {
    tell(WORDS.refused);
    return;
  }
  feeding.stop();
  tell("");
  board.lay([]);
  head.end();
  document.querySelector("#no-panels").hidden = true;
  document.querySelector("#gone").hidden = false;
  say(WORDS.refused);
}

function listen() {
  // Asked once: each look at it has the browser lay out the page.
  calm.addEventListener("change", ({ matches }) => {
    isCalm = matches;
  });
  addEventListener("popstate", () => open(readView(location.search)));
  document.addEventListener("visibilitychange", () => {
    if (!builder) feeding.visibility(document.hidden);
    if (!document.hidden) board.wake();
  });
  addEventListener("keydown", ({ key }) => key === "Escape" && leave());
  document.querySelector("#leave-kiosk").addEventListener("click", leave);
  document.querySelector("[data-do=build]")?.addEventListener("click", build);
  document.querySelector("[data-do=look-again]").addEventListener("click", () => location.reload());
}

function drawingIo() {
  return {
    now: () => performance.now(),
    frame: (callback) => requestAnimationFrame(callback),
    later: (callback, wait) => setTimeout(callback, wait),
    isHidden: () => document.hidden,
    isCalm: () => isCalm,
  };
}

// Another view has an address of its own, so that the back button leads out of it.
function go(view) {
  history.pushState(null, "", `${location.pathname}${writeView(view)}`);
  open(view);
}

function open(view) {
  const before = board.view;
  const [from, to] = board.span;
  board.look(view);
  head.draw();
  dress();
  if (isSameTime(before, view)) return;
  if (builder) {
    builder.look();
    return;
  }
  // What is paused is there already, as fine as it can be had.
  if (!isLive(view) && isLive(before) && isWithin(view, from, to, before)) feeding.follow(view);
  else feeding.open(view);
}

// The board of a source is called by its slug; those of its labels have a sign more.
function sourcesOf(boards) {
  return boards
    .filter(({ group, slug }) => group === "source" && !/--[0-9a-f]{8}$/.test(slug))
    .map(({ slug, title }) => ({ slug: slug.replace(/^source-/, ""), title }));
}

function show() {
  board.lay(definition.panels);
  document.querySelector("#no-panels").hidden = definition.panels.length > 0;
  for (const place of document.querySelectorAll(".board-title"))
    place.textContent = definition.title;
  head?.draw();
}

/** Somebody has saved the board: it is laid out anew, unless it is being built here. */
async function redefine() {
  if (builder) return;
  const { status, body } = await get(`/boards/${definition.slug}/definition`);
  if (!isDone({ status }) || !body || builder) return;
  definition = body;
  show();
}

async function entriesOfBoard() {
  const { boardEntries } = await import("#boards/board-menu");
  return boardEntries({ board, definition, go, build });
}

async function build() {
  if (builder) return;
  const { Builder } = await import("#boards/builder");
  // What it shows is that of the draft from now on.
  feeding.stop();
  builder = new Builder(board, definition, {
    drew: () => head.heard(feeding.interval),
    left: (now) => {
      builder = null;
      definition = now;
      show();
      feeding.open(board.view);
    },
  });
}

function dress() {
  document.documentElement.classList.toggle("is-kiosk", board.view.kiosk);
  document.querySelector("#leave-kiosk").hidden = !board.view.kiosk;
}

function leave() {
  if (document.querySelector("dialog[open], :popover-open")) return;
  if (board.view.kiosk || board.view.panel) go({ ...board.view, kiosk: false, panel: "" });
}

function say(words) {
  document.querySelector("#announcer").textContent = words;
}

function tell(words) {
  const notice = document.querySelector("#board-notice");
  notice.hidden = words === "";
  if (notice.textContent !== words) notice.textContent = words;
}
