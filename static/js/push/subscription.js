import { keep, readKept, subscription } from "#lib/pushes";
import { post } from "#live/requests";

const ADDRESS = "/settings/notifications/push/";

/** How it stands with pushes in this browser: what it can do, what it was told, and whether it is on for `person`. */
export async function standing(person) {
  if (!window.isSecureContext) return "insecure";
  if (!("PushManager" in window && "serviceWorker" in navigator && "Notification" in window))
    return isApplesPage() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  if (Notification.permission !== "granted" || readKept()?.person !== person) return "off";
  return (await subscription()) ? "on" : "off";
}

/** Turns it on, which asks for permission: called from a press alone. Returns how it stands, and what was said against it. */
export async function turnOn(person, key) {
  if ((await Notification.requestPermission()) !== "granted")
    return { state: await standing(person) };
  const registration = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const made = await subscribe(registration.pushManager, key);
  const { status, body } = await post(ADDRESS, made);
  if (status !== 201) return { state: "off", refusal: body?.error?.detail ?? "" };
  keep(person);
  return { state: "on", device: body.id };
}

/** Says anew that this browser is there: its session may be another one, and the server may have forgotten it. */
export async function renew(person) {
  if ((await standing(person)) !== "on") return null;
  const { status, body } = await post(ADDRESS, await subscription());
  if (status === 201) keep(person);
  return body?.id ?? null;
}

// A browser has one subscription, for one key: the server may have another one by now.
async function subscribe(manager, key) {
  const there = await manager.getSubscription();
  if (there && !isFor(there, key)) await there.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function isFor(there, key) {
  const bytes = new Uint8Array(there.options?.applicationServerKey ?? []);
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === key;
}

// An iPad says that it is a Mac, which has no fingers.
function isApplesPage() {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
