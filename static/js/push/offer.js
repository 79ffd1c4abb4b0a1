import { standing } from "#push/subscription";

const DISMISSED = "push-offer";

/** Offers in the inbox, quietly and until it is told not to, what the settings explain. It asks for nothing. */
export async function offerPush(place, person) {
  const isNew = window.Notification?.permission === "default";
  if (!isNew || localStorage.getItem(DISMISSED) || (await standing(person)) !== "off") return;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => {
    localStorage.setItem(DISMISSED, "yes");
    place.hidden = true;
  });
}
