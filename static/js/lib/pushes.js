const KEPT = "push";

/** The subscription of this browser, or null. */
export async function subscription() {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  return registration ? registration.pushManager.getSubscription() : null;
}

/** Whose pushes this browser shows, and when the server was told so last. */
export function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

export function keep(person) {
  localStorage.setItem(KEPT, JSON.stringify({ person, told: Date.now() }));
}

/** Ends pushes in this browser, and takes away what they have shown. */
export async function stop() {
  localStorage.removeItem(KEPT);
  await (await subscription())?.unsubscribe();
  const registration = await navigator.serviceWorker?.getRegistration("/");
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}
