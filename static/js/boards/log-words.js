import { gettext, ngettext } from "#lib/gettext";

/** What the log says about itself. */
export const WORDS = {
  levels: {
    debug: gettext("Debug and above"),
    info: gettext("Info and above"),
    warning: gettext("Warnings and above"),
    error: gettext("Errors and above"),
    critical: gettext("Critical only"),
  },
  level: gettext("Level"),
  source: gettext("Source"),
  allSources: gettext("All sources"),
  app: gettext("Signalbox itself"),
  search: gettext("Filter the lines"),
  regex: gettext("Regular expression"),
  follow: gettext("Follow"),
  pause: gettext("Pause"),
  newLines: (number) => ngettext("%(number)s new line", "%(number)s new lines", number),
  following: (rate) => gettext("following · %(rate)s lines/s", { rate }),
  paused: gettext("paused"),
  download: gettext("Download"),
  older: gettext("Loading older lines…"),
  nothing: gettext("No line is like that."),
  none: gettext("Nothing has been logged yet."),
  notShared: gettext("No log is shown to you."),
  failed: gettext("The log could not be read. Try again."),
  tryAgain: gettext("Try again"),
  log: gettext("Log, newest line last"),
  context: gettext("What stood around this line"),
  close: gettext("Close"),
  lineMenu: gettext("Lines around it"),
};
