/** Lets a text area grow with its text; the style sheet says how far. */
export function autosize(area) {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
}
