import { gettext, ngettext } from "#lib/gettext";

/** What is said while somebody is mentioned. */
export const WORDS = {
  whom: gettext("Whom to mention"),
  notHere: gettext("not in this room"),
  here: gettext("Everybody who is present"),
  room: gettext("Everybody in this room"),
  notify: {
    title: (number) => ngettext("Notify %(number)s person?", "Notify %(number)s people?", number),
    text: gettext(
      "Each of them is told that you mentioned them. What you wrote stays here until you decide.",
    ),
    agree: gettext("Send"),
    decline: gettext("Do not send"),
  },
  absent: (names, number) =>
    ngettext(
      "%(names)s is not in this room and was not notified.",
      "%(names)s are not in this room and were not notified.",
      number,
      { names },
    ),
  bringIn: gettext("Add to the room"),
  broughtIn: (number) =>
    ngettext(
      "%(number)s person added and notified",
      "%(number)s people added and notified",
      number,
    ),
  invite: gettext("Invite"),
  invited: (number) => ngettext("%(number)s person invited", "%(number)s people invited", number),
  dismiss: gettext("Dismiss"),
  found: (number) =>
    ngettext(
      "%(number)s suggestion. Arrow keys choose, Enter takes it.",
      "%(number)s suggestions. Arrow keys choose, Enter takes one.",
      number,
    ),
};
