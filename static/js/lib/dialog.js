import { html, render } from "lit-html";

/** Shows `content` in a modal dialog until it closes; the browser gives the focus back to where it was. */
export function openDialog(content, { label, className = "" }) {
  const before = document.activeElement;
  const dialog = document.createElement("dialog");
  dialog.className = `dialog ${className}`;
  dialog.setAttribute("aria-label", label);
  render(content, dialog);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
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
