/** Loads what draws cards when the first one is seen. They are in the HTML of messages, so that the browser makes each one itself from then on. */
export function drawCards() {
  const look = async () => {
    if (!document.querySelector("message-card")) return;
    document.removeEventListener("timeline-moved", look);
    await import("#chat/message-card");
  };
  document.addEventListener("timeline-moved", look);
  look();
}
