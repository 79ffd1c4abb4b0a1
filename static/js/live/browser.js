import { LateLine } from "#live/late-line";

/** An answer that has not come by then will not come. */
const PATIENCE = 10_000;

const SUBPROTOCOL = "signalbox.v1";

/** What the live connection needs of the browser: a line, the clocks and the addresses beside the line. */
export const browser = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  connect: () => new WebSocket(socketAddress(), SUBPROTOCOL),
  /** A line of one transport. What those need that are no WebSocket is loaded when one is wanted. */
  open: (kind, person) =>
    kind === "websocket"
      ? browser.connect()
      : new LateLine(
          import("#live/fallback").then(
            ({ open }) =>
              () =>
                open(kind, person),
          ),
        ),
  session: async () => statusOf(await read("/live/session")),
  state: async (topic) => stateOf(await read(`/live/state?topic=${encodeURIComponent(topic)}`)),
  history: async (room, query) =>
    stateOf(await read(`/rooms/${room}/messages?${new URLSearchParams(query)}`)),
};

// What the server says in words is in the language of the page, which need not be the browser's first one.
function socketAddress() {
  const { lang } = document.documentElement;
  return `${location.origin.replace(/^http/, "ws")}/ws/?language=${lang}`;
}

// A hotel's sign-in page says 200 to everything.
function statusOf({ status, body }) {
  return status === 200 && !body?.person ? 0 : status;
}

/** The status and the JSON of an address; status 0 when there was no answer. */
async function read(address) {
  try {
    const response = await fetch(address, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  }
}

function stateOf({ status, body }) {
  if (status === 200 && body) return { state: body };
  return { error: body?.error ?? { code: "unavailable", detail: "" } };
}
