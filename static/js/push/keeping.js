import { readKept } from "#lib/pushes";
import { renew } from "#push/subscription";

const AN_HOUR = 3_600_000;

/** What an open page does for the pushes of its browser, where its person has turned them on. */
export function keepPush(person, following, now = Date.now()) {
  const kept = readKept();
  if (kept?.person !== person) return;
  following.addEventListener("counts", () => following.unread === 0 && clearScreen());
  if (now - kept.told > AN_HOUR) renew(person);
}

// Nothing is left to read: the page knows it before any push can say so, and needs none.
async function clearScreen() {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}
