import { tinykeys } from "tinykeys";
import { SHORTCUTS } from "#chat/shortcuts";
import { isComposing, isWriting } from "#lib/keyboard";

/** Binds the shortcuts to `actions`, by name. An action that answers false leaves the key to the browser. */
export function bindKeys(actions) {
  const bindings = SHORTCUTS.filter((shortcut) => shortcut.do).flatMap((shortcut) =>
    shortcut.keys.map((keys) => [keys, (event) => run(event, shortcut, actions[shortcut.do])]),
  );
  tinykeys(window, Object.fromEntries(bindings));
}

function run(event, { isLetter }, action) {
  if (
    event.defaultPrevented ||
    isComposing(event) ||
    document.querySelector("dialog[open], [popover]:popover-open")
  )
    return;
  if (isLetter && isWriting(event.target)) return;
  if (action(event) !== false) event.preventDefault();
}
