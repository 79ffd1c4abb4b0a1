import { gettext } from "#lib/gettext";

/** What the dialogs about notifications say. */
export const WORDS = {
  close: gettext("Close"),
  notifications: gettext("Notifications"),
  of: (room) => gettext("Notifications of %(room)s", { room }),
  tellMe: gettext("Tell me of"),
  levels: {
    all: { name: gettext("All messages"), about: gettext("Whatever is said here.") },
    mentions: {
      name: gettext("Mentions"),
      about: gettext("Where I am meant: my name, my keywords, an answer to me."),
    },
    nothing: { name: gettext("Nothing"), about: gettext("I read it when I come by.") },
  },
  mute: gettext("Mute this room"),
  muteText: gettext("For a while nothing of it reaches you but in your inbox."),
  mutedUntil: (time) => gettext("Muted until %(time)s.", { time }),
  spans: {
    hour: gettext("For an hour"),
    tomorrow: gettext("Until tomorrow"),
    week: gettext("For a week"),
  },
  unmute: gettext("End it now"),
  saved: gettext("Saved"),
  everywhere: gettext("Settings for all rooms"),

  why: gettext("Why was I (not) notified?"),
  asking: gettext("Asking the server…"),
  decided: (time) => gettext("Decided on %(time)s.", { time }),
  notDecided: gettext(
    "Nothing was decided when it was written, or that is too long ago. With the settings of now it would be:",
  ),
  aboutOthers: gettext("Ask about somebody else"),
};
