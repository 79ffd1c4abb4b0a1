const KEY = "theme";

/** Lets a group of radio buttons named "theme" choose the colours, for this browser. */
export function themeSwitch(root = document) {
  for (const radio of root.querySelectorAll("input[name=theme]")) {
    radio.checked = radio.value === (document.documentElement.dataset.theme ?? "auto");
    radio.addEventListener("change", () => choose(radio.value));
  }
}

function choose(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEY, theme);
}
