/** Buttons that copy a field: `data-copy` names it, `data-done` is what the button says after it. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", () => copy(field, button));
}

async function copy(field, button) {
  field.focus();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https there is no clipboard: the text stands selected, ready for the keyboard.
    return;
  }
  button.focus();
  // Both the button, for those who look at it, and the region that is read out.
  button.querySelector("span").textContent = button.dataset.done;
  button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
}
