import { gettext } from "#lib/gettext";

/** What cards say of themselves; the rest is the program's. */
export const WORDS = {
  today: gettext("Today"),
  yesterday: gettext("Yesterday"),
  refused: {
    403: gettext("You may not do that."),
    404: gettext("That is not there any more."),
    409: gettext("That is over by now."),
    other: gettext("That did not work. Try again."),
  },
};
