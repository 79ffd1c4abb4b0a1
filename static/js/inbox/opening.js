import { browser } from "#live/browser";

const PATIENCE = 1_000;

/**
 * Follows the link of something that lies in the inbox, once the server has heard that it was read. A room opens in
 * place where the page can do that: it takes the click after this. Answers whether the click was a plain one.
 */
export function openItem(event, { url, isUnread, list, id }, following) {
  const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const isInPlace = document.querySelector("chat-timeline") && url.startsWith("/rooms/");
  const isLeaving = isPlain && !isInPlace;
  if (isLeaving) event.preventDefault();
  const told = isUnread && following.command("inbox.read", { [list]: [id] });
  if (isLeaving)
    Promise.race([told, browser.pause(PATIENCE)]).then(() => location.assign(url || "/inbox/"));
  return isPlain;
}
