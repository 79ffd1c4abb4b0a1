/** The profile shows what is chosen at once, and knows in which zone the device is. */
const form = document.querySelector("#profile");
const avatar = form.querySelector(".picture-field .avatar");

form.addEventListener("change", ({ target }) => {
  if (target.name === "theme") showTheme(target.value);
  if (target.name === "avatar_color") showColor(target.value);
  if (target.name === "picture") showPicture(target.files[0]);
});
form.addEventListener("submit", () => {
  // What was chosen for this device gives way to what is now chosen for all of them.
  localStorage.removeItem("theme");
});
offerZone(Intl.DateTimeFormat().resolvedOptions().timeZone);

function showTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function showColor(color) {
  avatar.className = avatar.className.replace(/palette-\d+/, `palette-${color}`);
}

function showPicture(file) {
  if (!file?.type.startsWith("image/")) return;
  const image = document.createElement("img");
  image.alt = "";
  image.src = URL.createObjectURL(file);
  avatar.replaceChildren(image);
}

function offerZone(zone) {
  const list = form.elements.time_zone;
  const offer = document.querySelector("#own-zone");
  if (list.value === zone || ![...list.options].some(({ value }) => value === zone)) return;
  offer.querySelector("b").textContent = zone;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    list.value = zone;
    offer.hidden = true;
    list.focus();
  });
}
