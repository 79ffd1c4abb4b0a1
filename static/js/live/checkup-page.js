import { html, render } from "lit-html";
import { icon, when } from "#lib/parts";
import { browser } from "#live/browser";
import { checkUp, median, obstacles } from "#live/checkup";
import { listen } from "#live/checkup-ways";
import { ADVICE, WORDS } from "#live/checkup-words";
import { recall } from "#live/choice";

/** The connection page: what lies between this browser and the server, and what to ask of whom. */
const UNKNOWN = { words: WORDS.checking, isGood: null };
const place = document.querySelector("#checkup");
const button = document.querySelector("#check-again");
const pageBuild = place.dataset.build;
const addresses = {
  host: location.host,
  socket: `${location.origin.replace(/^http/, "ws")}/ws/`,
};

button.addEventListener("click", examine);
for (const type of ["online", "offline"]) window.addEventListener(type, examine);
examine();

async function examine() {
  if (button.disabled) return;
  button.disabled = true;
  draw({ network: null, http: null, socket: null, events: null, polling: null }, false);
  const report = await checkUp(
    {
      ...browser,
      isOnline: () => navigator.onLine,
      listen,
    },
    (soFar) => draw(soFar, false),
  );
  draw(report, true);
  button.disabled = false;
}

function draw(report, isDone) {
  render(template(report, isDone), place);
}

function template(report, isDone) {
  const found = obstacles(report, pageBuild);
  const topics = report.socket?.topics ?? [];
  return html`<p class="visually-hidden" role="status">${isDone ? WORDS.done : WORDS.checking}</p>
    ${when(isDone, () => verdict(found))}
    <ol class="hops">${hops(report).map(hop)}</ol>
    ${when(topics.length > 0, () => table(topics))}`;
}

function verdict(found) {
  if (found.length === 0) return html`<p class="note is-good">${icon("check")} ${WORDS.fine}</p>`;
  return found.map(
    (name) => html`<p class="note is-bad">${icon("x")} ${ADVICE[name](addresses)}</p>`,
  );
}

function hop({ title, words, isGood }) {
  const mark = { true: "check", false: "x" }[isGood] ?? "ellipsis";
  const spoken = { true: WORDS.good, false: WORDS.bad }[isGood] ?? WORDS.open;
  return html`<li class="hop" data-good=${String(isGood)}>
    <span class="hop-mark">${icon(mark)}</span>
    <span class="visually-hidden">${spoken}: </span>
    <b>${title}</b> <span class="quiet">${words}</span>
  </li>`;
}

function hops({ network, http, socket, events, polling }) {
  return [
    { title: WORDS.network, ...networkHop(network) },
    { title: WORDS.http, ...httpHop(http) },
    { title: WORDS.socket, ...socketHop(socket) },
    { title: WORDS.events, ...listeningHop(events) },
    { title: WORDS.polling, ...listeningHop(polling) },
    ...(polling?.outcome ? [{ title: WORDS.transport, ...transportHop() }] : []),
    ...(socket?.pings ? details(socket) : []),
  ];
}

function networkHop(network) {
  if (!network) return UNKNOWN;
  const { isOnline } = network;
  return { words: isOnline ? WORDS.online : WORDS.offline, isGood: isOnline };
}

function httpHop(http) {
  if (!http) return UNKNOWN;
  const { status, ms } = http;
  if (status === 200) return { words: WORDS.httpOk(rounded(ms)), isGood: true };
  return {
    words: status === 0 ? WORDS.httpNone : WORDS.httpStatus(String(status), rounded(ms)),
    isGood: false,
  };
}

function socketHop(socket) {
  if (!socket) return UNKNOWN;
  if (socket.skipped) return { words: WORDS.socketSkipped, isGood: null };
  if (socket.ms !== undefined) return { words: WORDS.socketOk(rounded(socket.ms)), isGood: true };
  return { words: socket.opened ? WORDS.socketSilent : WORDS.socketRefused, isGood: false };
}

function listeningHop(found) {
  if (!found) return UNKNOWN;
  if (found.skipped) return { words: WORDS.listeningSkipped, isGood: null };
  if (found.outcome === "heard")
    return { words: WORDS.listeningOk(rounded(found.ms)), isGood: true };
  return { words: WORDS.listening[found.outcome], isGood: false };
}

// What the chat pages of this browser have found out, which is what they begin with.
function transportHop() {
  const kind = recall()?.kind ?? "websocket";
  return { words: WORDS.transportIs[kind], isGood: kind === "websocket" ? true : null };
}

function details({ pings, build, offset }) {
  const isWhole = pings.length === 5;
  const seconds = Math.round(Math.abs(offset) / 1000);
  return [
    {
      title: WORDS.trip,
      words: isWhole
        ? WORDS.tripOk(rounded(median(pings)), pings.map(rounded).join(", "))
        : WORDS.tripCut(pings.length),
      isGood: isWhole,
    },
    {
      title: WORDS.build,
      words: build === pageBuild ? WORDS.buildSame(build) : WORDS.buildOther(pageBuild, build),
      isGood: build === pageBuild,
    },
    { title: WORDS.clock, words: WORDS.clockOff(seconds), isGood: seconds < 60 },
  ];
}

function table(topics) {
  return html`<table class="revs">
    <caption>${WORDS.revs}</caption>
    <thead><tr><th scope="col">${WORDS.topic}</th><th scope="col">${WORDS.about}</th><th scope="col">rev</th></tr></thead>
    <tbody>
      ${topics.map(
        ({ topic, name, rev }) => html`<tr>
          <td><code>${topic}</code></td>
          <td><bdi>${name ?? WORDS.own}</bdi></td>
          <td>${rev}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function rounded(ms) {
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}
