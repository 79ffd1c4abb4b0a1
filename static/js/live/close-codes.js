import { AWAY } from "#live/backoff";
import { WORDS } from "#live/words";

/**
 * What to do after each close code. `act`: "again" come back (within `wait` milliseconds where one is given, unless the
 * server said another time in its goodbye),
 * "ask" who we are before coming back, "reload" the page once, "stop" until a person acts.
 */
export const CLOSE_CODES = {
  1000: { act: "again" },
  1001: { act: "again" },
  1005: { act: "again" },
  1006: { act: "again" },
  1009: { act: "again", tooLarge: true },
  1011: { act: "again" },
  4000: { act: "again", wait: AWAY },
  4001: { act: "again", wait: [2_000, 2_000] },
  4002: { act: "again", wait: [0, 0] },
  4003: { act: "again", wait: [5_000, 30_000] },
  4400: { act: "reload", words: WORDS.outdated, offer: "reload" },
  4401: { act: "ask" },
  4403: { act: "stop", words: WORDS.deactivated },
  4429: { act: "stop", words: WORDS.refused, offer: "reconnect" },
};

const UNKNOWN = { act: "again" };
const UNKNOWN_FINAL = { act: "stop", words: WORDS.ended, offer: "reload" };

/** The rule for `code`; a code of a newer server is read by its family, 40xx come back and 44xx do not. */
export function afterClose(code) {
  return CLOSE_CODES[code] ?? (code >= 4400 && code < 4500 ? UNKNOWN_FINAL : UNKNOWN);
}
