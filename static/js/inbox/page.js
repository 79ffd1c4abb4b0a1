import { Acting } from "#inbox/acting";
import { Actions } from "#inbox/actions";
import { showBadge } from "#inbox/badge";
import { Following } from "#inbox/following";
import { inboxKeys } from "#inbox/keys";
import { List } from "#inbox/list";
import { Inbox, PLACES } from "#inbox/model";
import { Notice } from "#inbox/notice";
import { Pages } from "#inbox/pages";
import { browser } from "#live/browser";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";

/** The page of the inbox: what it begins with, what keeps it live, and what moves between its parts. */
const state = JSON.parse(document.querySelector("#state").textContent);
const model = new Inbox();
for (const { rows } of [state.inbox, state.announcements]) model.apply(rows);

const topics = new Topics({
  load: browser.state,
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
const following = new Following({
  topics,
  socket,
  counts: state.inbox.extra.counts,
  revs: { inbox: state.inbox.rev, announcements: state.announcements.rev },
});
const notice = new Notice(document.querySelector("#notice"));
const acting = new Acting({ following, socket, notice });
const pages = new Pages(model, state.inbox.extra.older);
const actions = new Actions({
  socket,
  say: (words) => notice.say(words),
  done: (item) => acting.opened(item),
  draw: () => list.draw(),
});
const list = new List(document.querySelector("#inbox"), { model, acting, pages, actions });

following.model = model;
following.addEventListener("rows", () => {
  list.draw();
  following.seen();
});
following.addEventListener("counts", () => showBadge(following.unread));
inboxKeys(list, acting);
for (const link of views()) link.addEventListener("click", (event) => turn(event, link));
window.addEventListener("popstate", () => open(wanted()));
socket.start();
open(wanted());
showBadge(following.unread);
following.seen();
offer();

async function offer() {
  const { offerPush } = await import("#push/offer");
  offerPush(document.querySelector(".push-offer"), state.person);
}

function views() {
  return document.querySelectorAll(".settings-nav [data-view]");
}

function wanted() {
  const view = new URLSearchParams(location.search).get("view");
  return view in PLACES ? view : "all";
}

function turn(event, link) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  open(link.dataset.view);
}

function open(view) {
  for (const link of views()) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  list.open(view);
}
