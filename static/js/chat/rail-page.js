import "#chat/rail";
import { Me } from "#chat/me";
import { browser } from "#live/browser";
import { keepConnected } from "#live/connection";
import { Topics } from "#live/topics";

/** A page beside the rooms, whose rail came with it: live from here on, as that of a room. */
const rail = document.querySelector("chat-rail");
const { person, epoch } = rail.dataset;
const me = new Me({ rows: [], extra: { heads: [] } });
let isKnown = false;

const topics = new Topics({
  load: browser.state,
  repair: (names) => socket.subscribe(names),
  pause: browser.pause,
  random: Math.random,
});
topics.add("me", {
  reset: (state) => {
    isKnown = true;
    told(() => me.reset(state));
  },
  apply: (rows) => told(() => me.apply(rows)),
  event: (name, data) => name === "heads" && told(() => me.heads(data.heads)),
});
const socket = keepConnected({
  topics,
  io: browser,
  person: Number(person),
  epoch,
  place: document.querySelector("#banner"),
  changed: () => {},
  built: () => {},
});
socket.start();
import("#inbox/bell").then(({ followBell }) => followBell(topics, socket));

// Heads come before the rooms that they are of: until those are here, what came with the page stands.
function told(change) {
  change();
  if (!isKnown) return;
  const focused = rail.querySelector("a:focus")?.getAttribute("href");
  for (const came of rail.querySelectorAll("[data-came]")) came.remove();
  rail.show(me.listed(), null);
  if (focused) rail.querySelector(`a[href="${focused}"]`)?.focus();
}
