const KEY = "letters";

/**
 * Whether single letters are shortcuts in this browser. Who speaks to their computer, or hits keys by accident, can turn
 * them off.
 */
export function lettersAreOn() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function turnLetters(isOn) {
  try {
    localStorage.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // A browser that keeps nothing has them on.
  }
}
