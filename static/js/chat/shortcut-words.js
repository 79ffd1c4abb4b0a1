import { gettext } from "#lib/gettext";

/** Every shortcut as the dialog that explains them tells it: the same that `#chat/shortcuts` binds. */
export const SHORTCUTS = [
  { group: gettext("Anywhere"), shown: ["Mod", "K"], words: gettext("Jump to a room") },
  { group: gettext("Anywhere"), shown: ["Alt", "↑"], words: gettext("Previous room") },
  { group: gettext("Anywhere"), shown: ["Alt", "↓"], words: gettext("Next room") },
  {
    group: gettext("Anywhere"),
    shown: ["Alt", "Shift", "↑"],
    words: gettext("Previous unread room"),
  },
  { group: gettext("Anywhere"), shown: ["Alt", "Shift", "↓"], words: gettext("Next unread room") },
  { group: gettext("Anywhere"), shown: ["F6"], words: gettext("Next part of the page") },
  {
    group: gettext("Anywhere"),
    shown: ["Shift", "F6"],
    words: gettext("Previous part of the page"),
  },
  { group: gettext("Anywhere"), shown: ["Esc"], words: gettext("Mark the room as read") },
  { group: gettext("Anywhere"), shown: ["Shift", "Esc"], words: gettext("Mark all rooms as read") },
  { group: gettext("Anywhere"), shown: ["Mod", "Shift", "↑"], words: gettext("Move the room up") },
  {
    group: gettext("Anywhere"),
    shown: ["Mod", "Shift", "↓"],
    words: gettext("Move the room down"),
  },
  { group: gettext("With no field focused"), shown: ["?"], words: gettext("Show this list") },
  { group: gettext("With no field focused"), shown: ["J"], words: gettext("Next message") },
  { group: gettext("With no field focused"), shown: ["K"], words: gettext("Previous message") },
  { group: gettext("With no field focused"), shown: ["E"], words: gettext("Edit the message") },
  { group: gettext("In the composer"), shown: ["Enter"], words: gettext("Send") },
  { group: gettext("In the composer"), shown: ["Shift", "Enter"], words: gettext("New line") },
  {
    group: gettext("In the composer"),
    shown: ["↑"],
    words: gettext("Edit your last message, when empty"),
  },
];
