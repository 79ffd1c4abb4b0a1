const SHOWN_FOR = 5_000;
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
