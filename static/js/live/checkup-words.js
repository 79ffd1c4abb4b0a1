import { gettext, ngettext } from "#lib/gettext";

/** What the connection page says. */
export const WORDS = {
  checking: gettext("Checking…"),
  fine: gettext("Nothing is in the way."),
  done: gettext("The check is done."),
  network: gettext("This device"),
  online: gettext("has a network"),
  offline: gettext("says that it is offline"),
  http: gettext("Server over HTTP"),
  httpOk: (ms) => gettext("answers, signed in, after %(ms)s ms", { ms }),
  httpStatus: (status, ms) => gettext("answers %(status)s after %(ms)s ms", { status, ms }),
  httpNone: gettext("does not answer"),
  socket: gettext("WebSocket"),
  socketOk: (ms) => gettext("opens, and the server says hello after %(ms)s ms", { ms }),
  socketSilent: gettext("opens, but nothing comes through"),
  socketRefused: gettext("cannot be opened"),
  socketSkipped: gettext("not tried: it is opened for people who are signed in"),
  events: gettext("Server-Sent Events"),
  polling: gettext("Long polling"),
  listeningOk: (ms) => gettext("gets through, the first word after %(ms)s ms", { ms }),
  listening: {
    silent: gettext("begins, but nothing comes through"),
    refused: gettext("is refused"),
  },
  listeningSkipped: gettext("not tried: it is for people who are signed in"),
  trip: gettext("Round trip"),
  tripOk: (middle, all) => gettext("%(middle)s ms in the middle of %(all)s", { middle, all }),
  tripCut: (number) =>
    ngettext("%(number)s of 5 answers came", "%(number)s of 5 answers came", number),
  transport: gettext("The chat uses"),
  transportIs: {
    websocket: gettext("one WebSocket for each page"),
    events: gettext(
      "Server-Sent Events, shared by the browser’s tabs, until a WebSocket gets through",
    ),
    polling: gettext(
      "long polling, shared by the browser’s tabs, until something better gets through",
    ),
  },
  build: gettext("Build"),
  buildSame: (build) => gettext("%(build)s, here and on the server", { build }),
  buildOther: (page, server) =>
    gettext("this page %(page)s, the server %(server)s", { page, server }),
  clock: gettext("Clock"),
  clockOff: (seconds) =>
    ngettext(
      "%(number)s second away from the server’s",
      "%(number)s seconds away from the server’s",
      seconds,
    ),
  revs: gettext("How far what you follow has come"),
  topic: gettext("Topic"),
  about: gettext("What it is"),
  own: gettext("your own list of rooms"),
  good: gettext("good"),
  bad: gettext("in the way"),
  open: gettext("not known"),
};

/** What each obstacle is, and what to ask of whom. `host` and `socket` are addresses. */
export const ADVICE = {
  offline: () =>
    gettext("This device has no network. What you write on an open chat page is sent later."),
  unreachable: ({ host }) =>
    gettext(
      "%(host)s does not answer. The server is down, or a firewall, VPN or proxy is in between. Ask the person who runs this Signalbox whether it runs, and the network’s administrator whether %(host)s may be reached.",
      { host },
    ),
  "signed-out": () =>
    gettext("Nobody is signed in in this browser. Sign in, and the rest can be checked."),
  deactivated: () =>
    gettext("Your account has been deactivated. Ask an administrator if that is a mistake."),
  broken: ({ host }) =>
    gettext(
      "%(host)s answers with an error. Show this page to the person who runs this Signalbox.",
      { host },
    ),
  "websocket-refused": ({ socket }) =>
    gettext(
      "The WebSocket is blocked between this browser and the server; the chat goes another way. Ask the administrator of the network or of the proxy to let %(socket)s through: HTTP/1.1 with the headers “Upgrade” and “Connection” passed on.",
      { socket },
    ),
  "websocket-silent": ({ socket }) =>
    gettext(
      "The WebSocket opens, but something holds back what goes through it; the chat goes another way. Ask the administrator of the network or of the proxy not to buffer or inspect %(socket)s.",
      { socket },
    ),
  "websocket-cut": ({ socket }) =>
    gettext(
      "The WebSocket was cut while it was in use. Ask the administrator of the network or of the proxy to keep %(socket)s open for at least 60 seconds without traffic.",
      { socket },
    ),
  "events-refused": ({ host }) =>
    gettext(
      "Server-Sent Events are refused, which pages use where a WebSocket does not get through. Ask the administrator of the proxy to let %(host)s/live/ through.",
      { host },
    ),
  "events-silent": ({ host }) =>
    gettext(
      "Server-Sent Events are held back, which pages use where a WebSocket does not get through. Ask the administrator of the proxy neither to buffer nor to compress answers of the type text/event-stream from %(host)s/live/events/.",
      { host },
    ),
  "polling-refused": ({ host }) =>
    gettext(
      "Even long polling is refused. Ask the administrator of the proxy to let requests to %(host)s/live/ through, POST among them.",
      { host },
    ),
  "polling-silent": ({ host }) =>
    gettext(
      "Even long polling gets no answer. Ask the administrator of the proxy to wait at least 60 seconds for answers from %(host)s/live/poll/.",
      { host },
    ),
  slow: () =>
    gettext(
      "Answers take more than a second. Everything works, only later; another network may help.",
    ),
  clock: () =>
    gettext(
      "The clock of this device is wrong by more than a minute: times of messages mislead. Set it.",
    ),
  "old-page": () => gettext("The server has newer pages than this one. Reload it."),
};
