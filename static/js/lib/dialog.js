import { html, render } from "lit-html";

/** Shows `content` in a modal dialog until it closes; the browser gives the focus back to where it was. */
export function openDialog(content, { label, className = "" }) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = `dialog ${className}`;
  dialog.setAttribute("aria-label", label);
  render(content, dialog);
  document.body.append(dialog);
  closeFromOutside(dialog);
  dialog.addEventListener("close", () => leave(dialog, before));
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be taken back; resolves to whether the person agreed. */
export function confirm({ title, text, agree, decline }) {
  return new Promise((resolve) => {
    const dialog = openDialog(question({ title, text, agree, decline }), {
      label: title,
      className: "is-question",
    });
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "agree"));
  });
}

// A press that begins in a field and ends beside the dialog marks text, and closes nothing.
function closeFromOutside(dialog) {
  let isPressed = false;
  dialog.addEventListener("pointerdown", (event) => {
    isPressed = isOutside(dialog, event);
  });
  dialog.addEventListener("click", (event) => {
    if (isPressed && isOutside(dialog, event)) dialog.close();
  });
}

function isOutside(dialog, { target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const isInside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  return target === dialog && !isInside;
}

function question({ title, text, agree, decline }) {
  return html`<form method="dialog" class="dialog-body">
    <h2>${title}</h2>
    <p>${text}</p>
    <div class="dialog-actions">
      <button class="button" value="" autofocus>${decline}</button>
      <button class="button danger" value="agree">${agree}</button>
    </div>
  </form>`;
}

function leave(dialog, before) {
  dialog.remove();
  if (before?.isConnected) before.focus({ preventScroll: true });
}
