import { poll, post } from "#live/requests";
import { EventsSource, PollingSource } from "#live/sources";

/** As long as a chat page waits before it goes another way. */
const PATIENCE = 5_000;

/** What a transport without a WebSocket comes to between this browser and the server: "heard", "silent" or "refused". */
export async function listen(kind) {
  const { status, body } = await post("/live/streams", { topics: { me: null } });
  return status === 200 && body ? firstWord(kind, body) : "refused";
}

function firstWord(kind, description) {
  return new Promise((resolve) => {
    const end = (outcome) => {
      clearTimeout(timer);
      source.close();
      resolve(outcome);
    };
    const hooks = { frame: () => end("heard"), lost: () => end("refused") };
    const timer = setTimeout(() => end("silent"), PATIENCE);
    const source =
      kind === "events"
        ? new EventsSource(description, hooks)
        : new PollingSource(description, hooks, poll);
  });
}
