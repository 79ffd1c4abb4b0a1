import { toastsAreOn, turnToasts } from "#lib/toast-choice";

/** The box among the preferences that is this browser's alone, and kept when it is ticked. */
const box = document.querySelector("#toasts");
box.checked = toastsAreOn();
box.addEventListener("change", () => turnToasts(box.checked));
