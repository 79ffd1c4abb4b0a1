/** Who has not touched the page for this long counts as away, in milliseconds. */
export const AWAY_AFTER = 5 * 60_000;

// The server takes a page for looked at for 12 seconds.
const BEAT = 8_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focus"];

/** Whether somebody sits before the page, told the time. */
export class Idleness {
  isAway = false;
  #touchedAt;

  constructor(now) {
    this.#touchedAt = now;
  }

  /** The page was touched. Answers whether that changed anything. */
  touched(now) {
    this.#touchedAt = now;
    return this.#become(false);
  }

  /** Time has passed. Answers whether that changed anything. */
  passed(now) {
    return this.#become(now - this.#touchedAt >= AWAY_AFTER);
  }

  #become(isAway) {
    const isNew = isAway !== this.isAway;
    this.isAway = isAway;
    return isNew;
  }
}

/**
 * Tells the server when the person goes away from this page and comes back, and again on every new connection. While
 * they sit before it, it says every few seconds what they see: the server sends nothing elsewhere of that.
 */
export function watchIdleness(desk) {
  const clock = desk.io.now;
  const idleness = new Idleness(clock());
  const tell = () => desk.socket.command("presence.set", "people", { away: idleness.isAway });
  const touched = () => idleness.touched(clock()) && tell();
  for (const sign of SIGNS)
    window.addEventListener(sign, touched, { capture: true, passive: true });
  const isThere = () => !idleness.isAway && !document.hidden && document.hasFocus();
  const look = () => isThere() && tellSight(desk);
  setInterval(() => (idleness.passed(clock()) ? tell() : look()), BEAT);
  window.addEventListener("focus", look);
  desk.addEventListener("open", look);
  // A new connection counts as online until it says otherwise.
  desk.addEventListener("people-reset", () => (idleness.isAway ? tell() : look()));
}

function tellSight({ current, topics, socket }) {
  const place = `room:${current.id}`;
  const rev = topics.cursors([place])[place];
  if (rev) socket.command("presence.look", "people", { place, rev });
}
