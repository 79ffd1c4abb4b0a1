/**
 * The service worker: shows what is pushed, and opens what is clicked. It keeps no page and answers no request.
 * What it says was said by the server, in the language of its person.
 */
const INBOX = "/inbox/";
/** Pages that may be led elsewhere by a click. What somebody fills in on others stays. */
const LEADABLE = /^\/(?:rooms\/\d|inbox\/|$)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("push", (event) => event.waitUntil(receive(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const url = notification.data?.actions?.[action];
  event.waitUntil(url ? act(url) : open(notification.data?.url));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

// What cannot be read is shown as well: a push that shows nothing costs the permission.
function read(data) {
  try {
    return data.json();
  } catch {
    return { title: self.location.hostname, tag: "unreadable", url: INBOX };
  }
}

async function receive(payload) {
  const came = Date.now();
  showBadge(payload.unread);
  // Nothing is unread any more: what was told in sum goes as well.
  if (payload.close) await withdraw(payload.unread === 0 ? {} : { tag: payload.tag }, came);
  else await show(payload);
  const pages = await windows();
  for (const page of pages) page.postMessage({ pushed: payload.tag });
}

function show({ title, body = "", tag, url, urgent = false, actions = [] }) {
  return self.registration.showNotification(title, {
    body,
    tag,
    renotify: true,
    requireInteraction: urgent,
    icon: "/static/push/icon-192.png",
    badge: "/static/push/badge-96.png",
    data: {
      url,
      shown: Date.now(),
      actions: Object.fromEntries(actions.map((one) => [one.action, one.url])),
    },
    actions: actions.map(({ action, title: label }) => ({ action, title: label })),
  });
}

// A phone that was off gets all at once: what comes while this asks is newer, and stays.
async function withdraw(which, came) {
  const there = await self.registration.getNotifications(which);
  for (const one of there) if (!(one.data?.shown >= came)) one.close();
}

function showBadge(unread) {
  if (unread === undefined || !navigator.setAppBadge) return;
  // Browsers that have it for installed pages alone refuse it elsewhere.
  (unread ? navigator.setAppBadge(unread) : navigator.clearAppBadge()).catch(() => {});
}

async function open(path) {
  const { href } = within(path);
  const pages = await windows();
  const page =
    pages.find(({ url }) => url === href) ??
    pages.find(({ url }) => LEADABLE.test(new URL(url).pathname));
  if (!page) return self.clients.openWindow(href);
  // Some browsers let a page be led by who controls it alone.
  await page.focus().catch(() => {});
  if (page.url !== href) await page.navigate(href).catch(() => self.clients.openWindow(href));
}

/** An address of this installation: what leads elsewhere leads to the inbox, which says so. */
function within(path) {
  const url = new URL(path || INBOX, self.location.origin);
  return url.origin === self.location.origin ? url : new URL(INBOX, self.location.origin);
}

async function act(path) {
  const { pathname, search } = within(path);
  const answer = await post(pathname + search, {});
  if (!answer?.ok) await open(INBOX);
}

async function renew({ oldSubscription, newSubscription }) {
  const { pushManager } = self.registration;
  const subscription = newSubscription ?? (await pushManager.subscribe(oldSubscription.options));
  const answer = await post("/settings/notifications/push/", subscription);
  // Nobody is signed in here any more.
  if (answer?.status === 401) await subscription.unsubscribe();
}

async function post(path, body) {
  const session = await fetch("/live/session", { cache: "no-store" });
  if (!session.ok) return session;
  const { csrf } = await session.json();
  return fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify(body),
  });
}

function windows() {
  return self.clients.matchAll({ type: "window", includeUncontrolled: true });
}
