import { gettext } from "#lib/gettext";
import { post } from "#live/requests";

const PATIENCE = 20;
const WORDS = {
  sending: gettext("On its way …"),
  arrived: gettext(
    "It has arrived. If you do not see it, look whether your system shows notifications of this browser now.",
  ),
  taken: gettext(
    "The push service has taken it, and it has not arrived here yet. It may be held back by the network or by a system that saves power.",
  ),
  unsent: gettext(
    "Nobody has sent it yet. Whoever runs this place should look whether its jobs are done (manage.py jobs).",
  ),
  gone: gettext("The push service does not know this browser any more. Turn it off and on again."),
  failed: gettext("That did not work. Is there a connection?"),
};

/** Sends a test the whole way, and tells step by step what comes of it: `say` is called with words. */
export async function sendTest(device, say) {
  say(WORDS.sending);
  const arrival = heard("test");
  const { status, body } = await post(`${addressOf(device)}test/`, {});
  if (status !== 202) return say(body?.error?.detail || WORDS.failed);
  for (let second = 0; second < PATIENCE; second += 1) {
    if (await Promise.race([arrival, pause(1_000)])) return say(WORDS.arrived);
    const result = await read(addressOf(device));
    if (result && !result.there) return say(WORDS.gone);
    if (result?.error)
      return say(gettext("The push service refuses it: %(reason)s", { reason: result.error }));
  }
  const result = await read(addressOf(device));
  return say(result?.told ? WORDS.taken : WORDS.unsent);
}

function addressOf(device) {
  return `/settings/notifications/push/${device}/`;
}

function heard(tag) {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("message", function listen({ data }) {
      if (data?.pushed !== tag) return;
      navigator.serviceWorker.removeEventListener("message", listen);
      resolve(true);
    });
  });
}

async function read(address) {
  try {
    return await (await fetch(address, { cache: "no-store" })).json();
  } catch {
    return null;
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}
