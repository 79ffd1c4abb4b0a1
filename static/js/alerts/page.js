import { Renewing } from "#alerts/renewing";
import { become } from "#lib/become";
import { browser } from "#live/browser";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";

/** A page of alerts: whenever something has become of one, it is loaded anew and takes over what is different. */
const SELDOM = 60_000;
const state = JSON.parse(document.querySelector("#state").textContent);
const place = document.querySelector("#alerts");
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
const renewing = new Renewing({
  load,
  later: (callback, wait) => setTimeout(callback, wait),
  isHidden: () => document.hidden,
});

topics.add("alerts", { reset: () => renewing.ask(), apply: () => renewing.ask() }, state.rev);
socket.start();
// Of what nobody looks at any more nothing is told.
setInterval(() => renewing.ask(), SELDOM);
document.addEventListener("visibilitychange", () => document.hidden || renewing.seen());
import("#inbox/bell").then(({ followBell }) => followBell(topics, socket));

/** Answers whether the page is as it should be now. */
async function load() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    // Signed out, or not to be seen any more: the browser says it better.
    if (answer.redirected || answer.status === 404) location.reload();
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    become(place, page.querySelector("#alerts"));
    return true;
  } catch {
    return false;
  }
}
