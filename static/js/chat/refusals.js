import { REFUSALS } from "#chat/words";
import { gettext } from "#lib/gettext";

const GONE = gettext("That is no longer there, or no longer yours to see.");

/** What to say of a command that was refused: the server's reason where it gives one that people can use. */
export function refusalWords({ code, detail }) {
  if (detail && (code === "invalid" || code === "forbidden")) return detail;
  return code === "not_found" ? GONE : (REFUSALS[code] ?? REFUSALS.other);
}
