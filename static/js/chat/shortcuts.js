import { tinykeys } from "tinykeys";
import { isComposing, isWriting } from "#lib/keyboard";
import { lettersAreOn } from "#lib/letters";

/** Every shortcut, `keys` as tinykeys writes them. What they are called is in `#chat/shortcut-words`. */
const SHORTCUTS = [
  { do: "switch", keys: ["$mod+k"] },
  { do: "previous", keys: ["Alt+ArrowUp"] },
  { do: "next", keys: ["Alt+ArrowDown"] },
  { do: "previousUnread", keys: ["Alt+Shift+ArrowUp"] },
  { do: "nextUnread", keys: ["Alt+Shift+ArrowDown"] },
  { do: "pane", keys: ["F6"] },
  { do: "paneBack", keys: ["Shift+F6"] },
  { do: "read", keys: ["Escape"] },
  { do: "readAll", keys: ["Shift+Escape"] },
  { do: "moveUp", keys: ["$mod+Shift+ArrowUp"] },
  { do: "moveDown", keys: ["$mod+Shift+ArrowDown"] },
  { do: "help", keys: ["?", "Shift+?"], isLetter: true },
  { do: "down", keys: ["j"], isLetter: true },
  { do: "up", keys: ["k"], isLetter: true },
  { do: "edit", keys: ["e"], isLetter: true },
];

/** Binds the shortcuts to `actions`, by name. An action that answers false leaves the key to the browser. */
export function bindKeys(actions) {
  const bindings = SHORTCUTS.flatMap((shortcut) =>
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
  if (isLetter && (isWriting(event.target) || !lettersAreOn())) return;
  if (action(event) !== false) event.preventDefault();
}
