const KEY = "toasts";

/** Whether this browser shows in passing what comes into the inbox. */
export function toastsAreOn() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function turnToasts(isOn) {
  try {
    localStorage.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // A browser that keeps nothing has them on.
  }
}
