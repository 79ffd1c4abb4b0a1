import { tinykeys } from "tinykeys";
import { isComposing, isWriting } from "#lib/keyboard";

/** Every shortcut, for the keyboard itself and for the dialog that explains them. `keys` as tinykeys writes them. */
export const SHORTCUTS = [
  {
    group: "Anywhere",
    do: "switch",
    keys: ["$mod+k"],
    shown: ["Mod", "K"],
    words: "Jump to a room",
  },
  {
    group: "Anywhere",
    do: "previous",
    keys: ["Alt+ArrowUp"],
    shown: ["Alt", "↑"],
    words: "Previous room",
  },
  {
    group: "Anywhere",
    do: "next",
    keys: ["Alt+ArrowDown"],
    shown: ["Alt", "↓"],
    words: "Next room",
  },
  {
    group: "Anywhere",
    do: "previousUnread",
    keys: ["Alt+Shift+ArrowUp"],
    shown: ["Alt", "Shift", "↑"],
    words: "Previous unread room",
  },
  {
    group: "Anywhere",
    do: "nextUnread",
    keys: ["Alt+Shift+ArrowDown"],
    shown: ["Alt", "Shift", "↓"],
    words: "Next unread room",
  },
  { group: "Anywhere", do: "pane", keys: ["F6"], shown: ["F6"], words: "Next part of the page" },
  {
    group: "Anywhere",
    do: "paneBack",
    keys: ["Shift+F6"],
    shown: ["Shift", "F6"],
    words: "Previous part of the page",
  },
  {
    group: "Anywhere",
    do: "read",
    keys: ["Escape"],
    shown: ["Esc"],
    words: "Mark the room as read",
  },
  {
    group: "With no field focused",
    do: "help",
    keys: ["?", "Shift+?"],
    shown: ["?"],
    words: "Show this list",
    isLetter: true,
  },
  {
    group: "With no field focused",
    do: "down",
    keys: ["j"],
    shown: ["J"],
    words: "Next message",
    isLetter: true,
  },
  {
    group: "With no field focused",
    do: "up",
    keys: ["k"],
    shown: ["K"],
    words: "Previous message",
    isLetter: true,
  },
  {
    group: "With no field focused",
    do: "edit",
    keys: ["e"],
    shown: ["E"],
    words: "Edit the message",
    isLetter: true,
  },
  { group: "In the composer", shown: ["Enter"], words: "Send" },
  { group: "In the composer", shown: ["Shift", "Enter"], words: "New line" },
  { group: "In the composer", shown: ["↑"], words: "Edit your last message, when empty" },
];

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
