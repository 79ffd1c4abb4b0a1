import { gettext, ngettext } from "#lib/gettext";

/** What the table of sockets says. */
export const WORDS = {
  columns: {
    person: gettext("Person"),
    address: gettext("Address"),
    transport: gettext("Transport"),
    worker: gettext("Worker"),
    since: gettext("Age"),
    in: gettext("In"),
    out: gettext("Out"),
    lag: gettext("Lag"),
    topics: gettext("Topics"),
  },
  nobody: gettext("nobody"),
  search: gettext("Find a person, an address or a worker"),
  number: (number) => ngettext("%(number)s socket", "%(number)s sockets", number),
  first: (number) => gettext("The first %(number)s are shown.", { number }),
  loading: gettext("Loading…"),
  failed: gettext("The server could not be reached. Try again."),
  close: gettext("Close"),
  closeOf: (name) => gettext("Close the socket of %(name)s", { name }),
  closeTitle: (name) => gettext("Close this socket of %(name)s?", { name }),
  closeText: gettext(
    "Their page comes back by itself, with a new one. That it was closed is kept.",
  ),
  closed: (name) => gettext("The socket of %(name)s is closed", { name }),
  keep: gettext("Keep it"),
};
