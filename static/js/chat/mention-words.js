import { gettext, ngettext } from "#lib/gettext";

/** What is said while somebody is mentioned. */
export const WORDS = {
  whom: gettext("Whom to mention"),
  notHere: gettext("not in this room"),
  found: (number) =>
    ngettext(
      "%(number)s suggestion. Arrow keys choose, Enter takes it.",
      "%(number)s suggestions. Arrow keys choose, Enter takes one.",
      number,
    ),
};
