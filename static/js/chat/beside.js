// What a page with a room loads once it is ready: nobody waits for it. It is one file, because each costs its headers.
export { followBell } from "#inbox/bell";

// Loads what draws cards when the first one is seen: they are in the HTML of messages, and the browser makes each from then on.
async function look() {
  if (!document.querySelector("message-card")) return;
  document.removeEventListener("timeline-moved", look);
  await import("#chat/message-card");
}

document.addEventListener("timeline-moved", look);
look();
