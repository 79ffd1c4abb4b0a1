const ROOM = /^\/rooms\/(\d+)\/(?:@(\d+))?$/;

/** The room and the message an address names, or null. */
export function parseAddress(path) {
  const match = ROOM.exec(path);
  return match && { id: Number(match[1]), at: match[2] ? Number(match[2]) : null };
}

export function addressOf(id, at) {
  return `/rooms/${id}/${at ? `@${at}` : ""}`;
}

/** Opens rooms in place: by their links, and by the browser's back and forward. */
export function followAddresses(open) {
  document.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place) return;
    event.preventDefault();
    open(place.id, { at: place.at });
  });
  window.addEventListener("popstate", () => {
    const place = parseAddress(location.pathname);
    if (place) open(place.id, { at: place.at, push: false });
  });
}

// A link that a person wants elsewhere (another tab, a download) is the browser's.
function placeOf(event) {
  const link = event.target.closest?.("a[href]");
  const isPlain =
    !event.defaultPrevented &&
    event.button === 0 &&
    !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || link.target || link.origin !== location.origin) return null;
  return parseAddress(link.pathname);
}
