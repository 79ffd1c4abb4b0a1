/** An answer that has not come by then will not come. */
const PATIENCE = 10_000;

/** What the live connection needs of the browser: the socket, the clock and the two addresses beside the socket. */
export const browser = {
  now: () => performance.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  connect: (subprotocol) => new WebSocket(socketAddress(), subprotocol),
  session: async () => (await read("/live/session")).status,
  state: async (topic) => stateOf(await read(`/live/state?topic=${encodeURIComponent(topic)}`)),
  history: async (room, query) =>
    stateOf(await read(`/rooms/${room}/messages?${new URLSearchParams(query)}`)),
};

// What the server says in words is in the language of the page, which need not be the browser's first one.
function socketAddress() {
  const { lang } = document.documentElement;
  return `${location.origin.replace(/^http/, "ws")}/ws/?language=${lang}`;
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
