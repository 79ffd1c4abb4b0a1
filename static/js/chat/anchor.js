/** How near to the end a reader counts as being at the end, in CSS pixels. */
const NEAR = 100;

export function isAtEnd(view) {
  return view.scrollHeight - view.scrollTop - view.clientHeight <= NEAR;
}

export function toEnd(view) {
  view.scrollTop = view.scrollHeight;
}

/**
 * Remembers which message is at the top of the view, and answers with what puts it back there after a change. Its lower
 * edge counts: the message loses its author's name when earlier ones of the same author come above it.
 */
export function holdPlace(view) {
  const top = view.getBoundingClientRect().top;
  const anchor = [...view.querySelectorAll(".message")].find(
    (row) => row.getBoundingClientRect().bottom > top,
  );
  if (!anchor) return () => {};
  const before = anchor.getBoundingClientRect().bottom;
  return () => {
    const place = anchor.isConnected ? anchor : view.querySelector(`#${anchor.id || "none"}`);
    if (place) view.scrollTop += place.getBoundingClientRect().bottom - before;
  };
}
