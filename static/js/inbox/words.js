import { gettext, ngettext } from "#lib/gettext";

/** What the bell and the inbox say. */
export const WORDS = {
  inbox: gettext("Inbox"),
  unread: gettext("unread"),
  today: gettext("Today"),
  yesterday: gettext("Yesterday"),
  settings: gettext("Notification settings"),
  openInbox: gettext("Open the inbox"),
  readAll: gettext("Mark all as read"),
  close: gettext("Close"),
  loading: gettext("Loading…"),
  failed: gettext("The server could not be reached. Try again."),
  everythingElse: gettext("For everybody, and about you"),
  older: gettext("Show older ones"),
  select: (text) => gettext("Select: %(text)s", { text }),
  selectAll: gettext("Select all"),
  selected: (number) => ngettext("%(number)s selected", "%(number)s selected", number),
  snoozedUntil: (time) => gettext("until %(time)s", { time }),
  replyIn: (room) => gettext("Reply in %(room)s", { room }),
  replied: (room) => gettext("Sent to %(room)s", { room }),
  send: gettext("Send"),
  acted: gettext("Done"),
  spent: gettext("That is no longer possible."),
  dismiss: gettext("Dismiss"),
  undo: gettext("Undo"),
  undone: gettext("Undone"),
  acts: {
    read: gettext("Mark as read"),
    unread: gettext("Mark as unread"),
    archive: gettext("Archive"),
    snooze: gettext("Snooze"),
    delete: gettext("Delete"),
    restore: gettext("Move to the inbox"),
  },
  done: {
    read: (number) => ngettext("%(number)s marked as read", "%(number)s marked as read", number),
    unread: (number) =>
      ngettext("%(number)s marked as unread", "%(number)s marked as unread", number),
    archive: (number) => ngettext("%(number)s archived", "%(number)s archived", number),
    snooze: (number) => ngettext("%(number)s snoozed", "%(number)s snoozed", number),
    delete: (number) => ngettext("%(number)s deleted", "%(number)s deleted", number),
    restore: (number) =>
      ngettext("%(number)s moved to the inbox", "%(number)s moved to the inbox", number),
  },
  muted: (room) => gettext("%(room)s is muted until tomorrow", { room }),
  snoozeUntil: gettext("Snooze until"),
  later: {
    hour: gettext("In an hour"),
    evening: gettext("This evening"),
    morning: gettext("Tomorrow morning"),
    week: gettext("Next week"),
  },
  ownTime: gettext("Or at"),
  empty: {
    all: {
      title: gettext("Nothing here"),
      text: gettext("What concerns you comes here: when somebody mentions you, for example."),
    },
    unread: {
      title: gettext("All is read"),
      text: gettext("What comes in next stands here until you have read it."),
    },
    snoozed: {
      title: gettext("Nothing is snoozed"),
      text: gettext(
        "What you snooze waits here and comes back to the inbox when its time has come.",
      ),
    },
    archive: {
      title: gettext("Nothing is archived"),
      text: gettext("What you are done with can be archived: it is found here."),
    },
  },
  keys: gettext(
    "J and K move, Enter opens, R replies, E archives, U marks as unread or read, M mutes the room, # deletes, Z undoes.",
  ),
};
