/** Times on boards: in the zone of the person, as exact as what is shown. */

const timeZone = globalThis.document?.documentElement.dataset.zone;
const format = (options) => new Intl.DateTimeFormat(undefined, { timeZone, ...options });
const minute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const clock = format(minute);
const exact = format({ ...minute, second: "2-digit" });
const millisecond = format({ ...minute, second: "2-digit", fractionalSecondDigits: 3 });
const day = format({ day: "numeric", month: "short" });
const month = format({ month: "short", year: "2-digit" });
const whole = format({ dateStyle: "medium", timeStyle: "medium" });
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone,
  ...minute,
  second: "2-digit",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** Labels of the ticks of a time axis, `apart` seconds from each other. */
export function tickTimes(seconds, apart) {
  const chosen = apart >= 28 * 86_400 ? month : apart >= 86_400 ? day : apart >= 60 ? clock : exact;
  return seconds.map((second) => {
    const isMidnight = apart < 86_400 && clock.format(second * 1_000) === "00:00";
    return (isMidnight && second % 60 === 0 ? day : chosen).format(second * 1_000);
  });
}

/** A moment within a span of so many seconds. */
export function momentWords(second, span) {
  if (span <= 6 * 3_600) return exact.format(second * 1_000);
  return `${day.format(second * 1_000)}, ${clock.format(second * 1_000)}`;
}

/** To the millisecond, as a log has it. */
export function exactTime(second) {
  return millisecond.format(second * 1_000);
}

export function fullMoment(second) {
  return whole.format(second * 1_000);
}

/** What `<input type="datetime-local">` holds at a moment. */
export function wallOf(second) {
  const read = Object.fromEntries(
    parts.formatToParts(second * 1_000).map(({ type, value }) => [type, value]),
  );
  return `${read.year}-${read.month}-${read.day}T${read.hour}:${read.minute}:${read.second}`;
}

/** The moment at which the wall clock of the person shows this, or null. */
export function momentOf(wall) {
  const naive = Date.parse(`${wall}Z`) / 1_000;
  if (!Number.isFinite(naive)) return null;
  let moment = naive;
  // Twice, for the offset may be another one at the first guess.
  for (let round = 0; round < 2; round++)
    moment += naive - Date.parse(`${wallOf(moment)}Z`) / 1_000;
  return moment;
}
