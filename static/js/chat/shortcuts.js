import { tinykeys } from "tinykeys";
import { gettext } from "#lib/gettext";
import { isComposing, isWriting } from "#lib/keyboard";
import { lettersAreOn } from "#lib/letters";

/** Every shortcut, for the keyboard itself and for the dialog that explains them. `keys` as tinykeys writes them. */
export const SHORTCUTS = [
  {
    group: gettext("Anywhere"),
    do: "switch",
    keys: ["$mod+k"],
    shown: ["Mod", "K"],
    words: gettext("Jump to a room"),
  },
  {
    group: gettext("Anywhere"),
    do: "previous",
    keys: ["Alt+ArrowUp"],
    shown: ["Alt", "↑"],
    words: gettext("Previous room"),
  },
  {
    group: gettext("Anywhere"),
    do: "next",
    keys: ["Alt+ArrowDown"],
    shown: ["Alt", "↓"],
    words: gettext("Next room"),
  },
  {
    group: gettext("Anywhere"),
    do: "previousUnread",
    keys: ["Alt+Shift+ArrowUp"],
    shown: ["Alt", "Shift", "↑"],
    words: gettext("Previous unread room"),
  },
  {
    group: gettext("Anywhere"),
    do: "nextUnread",
    keys: ["Alt+Shift+ArrowDown"],
    shown: ["Alt", "Shift", "↓"],
    words: gettext("Next unread room"),
  },
  {
    group: gettext("Anywhere"),
    do: "pane",
    keys: ["F6"],
    shown: ["F6"],
    words: gettext("Next part of the page"),
  },
  {
    group: gettext("Anywhere"),
    do: "paneBack",
    keys: ["Shift+F6"],
    shown: ["Shift", "F6"],
    words: gettext("Previous part of the page"),
  },
  {
    group: gettext("Anywhere"),
    do: "read",
    keys: ["Escape"],
    shown: ["Esc"],
    words: gettext("Mark the room as read"),
  },
  {
    group: gettext("Anywhere"),
    do: "readAll",
    keys: ["Shift+Escape"],
    shown: ["Shift", "Esc"],
    words: gettext("Mark all rooms as read"),
  },
  {
    group: gettext("Anywhere"),
    do: "moveUp",
    keys: ["$mod+Shift+ArrowUp"],
    shown: ["Mod", "Shift", "↑"],
    words: gettext("Move the room up"),
  },
  {
    group: gettext("Anywhere"),
    do: "moveDown",
    keys: ["$mod+Shift+ArrowDown"],
    shown: ["Mod", "Shift", "↓"],
    words: gettext("Move the room down"),
  },
  {
    group: gettext("With no field focused"),
    do: "help",
    keys: ["?", "Shift+?"],
    shown: ["?"],
    words: gettext("Show this list"),
    isLetter: true,
  },
  {
    group: gettext("With no field focused"),
    do: "down",
    keys: ["j"],
    shown: ["J"],
    words: gettext("Next message"),
    isLetter: true,
  },
  {
    group: gettext("With no field focused"),
    do: "up",
    keys: ["k"],
    shown: ["K"],
    words: gettext("Previous message"),
    isLetter: true,
  },
  {
    group: gettext("With no field focused"),
    do: "edit",
    keys: ["e"],
    shown: ["E"],
    words: gettext("Edit the message"),
    isLetter: true,
  },
  { group: gettext("In the composer"), shown: ["Enter"], words: gettext("Send") },
  { group: gettext("In the composer"), shown: ["Shift", "Enter"], words: gettext("New line") },
  {
    group: gettext("In the composer"),
    shown: ["↑"],
    words: gettext("Edit your last message, when empty"),
  },
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
  if (isLetter && (isWriting(event.target) || !lettersAreOn())) return;
  if (action(event) !== false) event.preventDefault();
}
