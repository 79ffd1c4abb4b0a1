import { gettext } from "#lib/gettext";

/** What the live connection says to people, in one place. */
export const WORDS = {
  reconnecting: gettext("Reconnecting…"),
  offline: gettext("Offline. Messages will be sent later."),
  back: gettext("Back online"),
  deactivated: gettext(
    "Your account has been deactivated. Ask an administrator if that is a mistake.",
  ),
  refused: gettext("This page was disconnected because it asked for too much."),
  outdated: gettext("This page and the server no longer understand each other."),
  ended: gettext("The server ended this connection."),
  reload: gettext("Reload"),
  reconnect: gettext("Connect again"),
};
