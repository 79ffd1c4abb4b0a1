/** What the chat says to people, in one place. */

/** "1 message", "2 messages", with figures grouped as the reader groups them. */
export function counted(number, one, many) {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

export const WORDS = {
  today: "Today",
  yesterday: "Yesterday",
  unread: "New",
  unreadLabel: "New messages start here",
  edited: "edited",
  deleted: "This message was deleted.",
  sending: "sending…",
  waiting: "will be sent when you are back online",
  retry: "Retry",
  discard: "Delete",
  bot: "bot",
  copyLink: "Copy link",
  edit: "Edit",
  delete: "Delete",
  actions: "Message actions",
  copied: "Link copied",
  save: "Save",
  cancel: "Cancel",
  editLabel: "Edit message",
  editHint: "Enter saves, Escape cancels",
  latest: "Jump to latest",
  loading: "Loading messages…",
  beginning: (room) => `This is the beginning of ${room}.`,
  emptyTitle: (room) => `Welcome to ${room}`,
  emptyText: "Nothing has been said here yet. Write the first message below.",
  log: (room) => `Messages in ${room}`,
  compose: (room) => `Message ${room}`,
  members: (number) => counted(number, "member", "members"),
  newMessages: (number) => counted(number, "new message", "new messages"),
  newMessageFrom: (name) => `New message from ${name}`,
  unreadCount: (number) => `${number.toLocaleString()} unread`,
  caughtUp: "Too much was missed to show it all: these are the newest messages.",
  tooLong: (over) =>
    `${counted(over, "character", "characters")} too long. Shorten it, or send it in parts.`,
  left: (number) => `${number.toLocaleString()} left`,
  typing: {
    one: (name) => `${name} is typing…`,
    two: (first, second) => `${first} and ${second} are typing…`,
    many: "Several people are typing…",
  },
  close: "Close",
  roles: { owner: "owner", moderator: "moderator", member: "" },
  deleteTitle: "Delete this message?",
  deleteText: "It disappears for everybody, and cannot be brought back.",
  keep: "Keep it",
  leaveTitle: (room) => `Leave ${room}?`,
  leaveText:
    "You stop getting its messages. You can join a public room again at any time; a private one only by invitation.",
  leave: "Leave room",
  stay: "Stay",
  switcher: "Jump to a room",
  switcherHint: "Type the name of a room",
  help: "Keyboard shortcuts",
  noRooms: "You are in no room yet.",
  archived: "This room is archived: it can be read, and nothing can be added.",
  gone: "You are no longer in this room.",
  roomMissing: "That room does not exist, or you are not in it.",
  roomUnreachable: "That room could not be loaded. It opens once you are back online.",
  messageMissing: "That message could not be found. These are the newest ones.",
  lastIsGone: "There is no message of yours here to edit.",
  nothingFound: "No room has that name.",
};

/** Why a post was refused, and what to do next. */
export const FAILURES = {
  invalid: "The server did not accept this message. Change it and send it again.",
  forbidden: "You may not write in this room.",
  not_found: "You are no longer in this room.",
  too_large: "This message is too long. Shorten it, or send it in parts.",
  timeout: "The server did not answer. If it has this message, a retry does not send it twice.",
  conflict: "This message was already sent to another room.",
  restored:
    "Written before the server was restored from a backup. Look whether it arrived before you retry.",
  other: "This message could not be sent. Retry, or copy its text and delete it.",
};

/** Why a change of a message did not happen. */
export const REFUSALS = {
  disconnected: "You are offline. Try again once you are back.",
  timeout: "The server did not answer. Try again.",
  too_fast: "That was too fast. Try again in a moment.",
  not_found: "That message is gone.",
  forbidden: "You may not do that.",
  too_large: "That is too long.",
  other: "That did not work. Try again.",
};
