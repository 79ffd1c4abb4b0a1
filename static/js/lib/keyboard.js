/** True while an input method is putting a character together: its Enter chooses, it does not send. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** On a phone or a tablet Enter begins a new line, as their keyboards have no other way to. */
export function isTouch() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/** True where letters are text and not commands. */
export function isWriting(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
