/** Loads the style sheet of what the bell shows into a page that came without it, once. */
export function loadStyles(bell) {
  if (document.querySelector(`link[href="${bell.dataset.styles}"]`)) return;
  const styles = document.createElement("link");
  styles.rel = "stylesheet";
  styles.href = bell.dataset.styles;
  document.head.append(styles);
}
