const SHOWN_FOR = 5_000;
const BATCH = 1_000;
let timer;

/** Says something in passing, at the foot of the page; it stays while the pointer is on it. */
export function toast(words) {
  const place = document.querySelector("#toast");
  place.textContent = words;
  place.classList.add("is-shown");
  clearTimeout(timer);
  timer = setTimeout(() => hide(place), SHOWN_FOR);
}

function hide(place) {
  if (place.matches(":hover")) timer = setTimeout(() => hide(place), 1_000);
  else place.classList.remove("is-shown");
}

/** Says something to those who listen to the page and see it otherwise. */
export function announce(words) {
  document.querySelector("#announcer").textContent = words;
}

/** Speaks what came in during the last second as one sentence, through the one polite region of the page. */
export class Announcer {
  #region;
  #sentence;
  #waiting = [];
  #timer = null;

  constructor(region, sentence) {
    this.#region = region;
    this.#sentence = sentence;
  }

  add(things) {
    if (things.length === 0) return;
    this.#waiting.push(...things);
    this.#timer ??= setTimeout(() => this.#speak(), BATCH);
  }

  #speak() {
    this.#timer = null;
    this.#region.textContent = this.#sentence(this.#waiting);
    this.#waiting = [];
  }
}
