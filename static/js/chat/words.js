import { gettext, ngettext } from "#lib/gettext";

/** What the chat says to people from the first moment on. What its dialogs say is in `#chat/room-words`. */
export const WORDS = {
  today: gettext("Today"),
  yesterday: gettext("Yesterday"),
  unread: gettext("New"),
  unreadLabel: gettext("New messages start here"),
  edited: gettext("edited"),
  deleted: gettext("This message was deleted."),
  sending: gettext("sending…"),
  waiting: gettext("will be sent when you are back online"),
  retry: gettext("Retry"),
  discard: gettext("Delete"),
  bot: gettext("bot"),
  viaApi: gettext("Sent by a program"),
  copyLink: gettext("Copy link"),
  why: gettext("Why was I (not) notified?"),
  edit: gettext("Edit"),
  delete: gettext("Delete"),
  actions: gettext("Message actions"),
  profileOf: (name) => gettext("Profile of %(name)s", { name }),
  copied: gettext("Link copied"),
  save: gettext("Save"),
  cancel: gettext("Cancel"),
  editLabel: gettext("Edit message"),
  editHint: gettext("Enter saves, Escape cancels"),
  latest: gettext("Jump to latest"),
  loading: gettext("Loading messages…"),
  beginning: (room) => gettext("This is the beginning of %(room)s.", { room }),
  emptyTitle: (room) => gettext("Welcome to %(room)s", { room }),
  emptyText: gettext("Nothing has been said here yet. Write the first message below."),
  log: (room) => gettext("Messages in %(room)s", { room }),
  compose: (room) => gettext("Message %(room)s", { room }),
  members: (number) => ngettext("%(number)s member", "%(number)s members", number),
  here: (number) => ngettext("%(number)s here", "%(number)s here", number),
  newMessages: (number) => ngettext("%(number)s new message", "%(number)s new messages", number),
  newMessageFrom: (name) => gettext("New message from %(name)s", { name }),
  unreadCount: (number) => ngettext("%(number)s unread", "%(number)s unread", number),
  caughtUp: gettext("Too much was missed to show it all: these are the newest messages."),
  tooLong: (over) =>
    ngettext(
      "%(number)s character too long. Shorten it, or send it in parts.",
      "%(number)s characters too long. Shorten it, or send it in parts.",
      over,
    ),
  left: (number) => ngettext("%(number)s left", "%(number)s left", number),
  typing: {
    one: (name) => gettext("%(name)s is typing…", { name }),
    two: (first, second) => gettext("%(first)s and %(second)s are typing…", { first, second }),
    many: gettext("Several people are typing…"),
  },
  close: gettext("Close"),
  favourites: gettext("Favourites"),
  rooms: gettext("Rooms"),
  noRooms: gettext("You are in no room yet."),
  status: {
    online: gettext("online"),
    away: gettext("away"),
    offline: gettext("offline"),
  },
  ownMenu: (name) => gettext("%(name)s: account menu", { name }),
  hereNow: gettext("Here now"),
  you: gettext("you"),
  andMore: (number) => ngettext("and %(number)s more", "and %(number)s more", number),
  archived: gettext("This room is archived: it can be read, and nothing can be added."),
  gone: gettext("You are no longer in this room."),
  roomMissing: gettext("That room does not exist, or you are not in it."),
  roomUnreachable: gettext("That room could not be loaded. It opens once you are back online."),
  messageMissing: gettext("That message could not be found. These are the newest ones."),
  lastIsGone: gettext("There is no message of yours here to edit."),
};

/** The room from which a person has gone: what stands in its place, by how they went. */
export const GONE = {
  title: {
    removed: (room) => gettext("You were removed from %(room)s", { room }),
    left: (room) => gettext("You left %(room)s", { room }),
    other: (room) => gettext("You are no longer in %(room)s", { room }),
  },
  text: gettext("Nothing of it reaches you any more. What you had begun to write is kept."),
  open: (room) => gettext("Go to %(room)s", { room }),
  browse: gettext("Browse rooms"),
};

/** Why a post was refused, and what to do next. */
export const FAILURES = {
  invalid: gettext("The server did not accept this message. Change it and send it again."),
  forbidden: gettext("You may not write in this room."),
  not_found: gettext("You are no longer in this room."),
  too_large: gettext("This message is too long. Shorten it, or send it in parts."),
  timeout: gettext(
    "The server did not answer. If it has this message, a retry does not send it twice.",
  ),
  unconfirmed: gettext("This would notify more than 20 people. Retry if they are meant."),
  conflict: gettext("This message was already sent to another room."),
  restored: gettext(
    "Written before the server was restored from a backup. Look whether it arrived before you retry.",
  ),
  other: gettext("This message could not be sent. Retry, or copy its text and delete it."),
};

/** Why something did not happen. */
export const REFUSALS = {
  disconnected: gettext("You are offline. Try again once you are back."),
  timeout: gettext("The server did not answer. Try again."),
  too_fast: gettext("That was too fast. Try again in a moment."),
  not_found: gettext("That message is gone."),
  forbidden: gettext("You may not do that."),
  too_large: gettext("That is too long."),
  other: gettext("That did not work. Try again."),
};
