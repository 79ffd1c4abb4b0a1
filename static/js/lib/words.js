import { gettext, ngettext } from "#lib/gettext";

/** What the parts say that belong to every page, in one place. */
export const WORDS = {
  signOutTitle: gettext("Sign out and discard unsent messages?"),
  signOutText: (number) =>
    ngettext(
      "%(number)s unsent message is kept in this browser. Signing out deletes it.",
      "%(number)s unsent messages are kept in this browser. Signing out deletes them.",
      number,
    ),
  signOut: gettext("Discard and sign out"),
  staySignedIn: gettext("Stay signed in"),
};
