import { readKept } from "#lib/pushes";
import { renew } from "#push/subscription";

const AN_HOUR = 3_600_000;

/** Says now and then that this browser is still there for a person who has turned pushes on. */
export function keepPush(person, now = Date.now()) {
  const kept = readKept();
  if (kept?.person === person && now - kept.told > AN_HOUR) renew(person);
}
