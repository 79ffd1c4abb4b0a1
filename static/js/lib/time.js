/** Times as people read them, in the zone of the person who reads. */

const DAY = 86_400_000;
// The zone the person chose for their account; without one, the browser's.
const timeZone = globalThis.document?.documentElement.dataset.zone;
const format = (options, locale) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
const clock = format({ hour: "numeric", minute: "2-digit" });
const full = format({ dateStyle: "full", timeStyle: "short" });
const thisYear = format({ weekday: "long", day: "numeric", month: "long" });
const otherYear = format({ day: "numeric", month: "long", year: "numeric" });
const calendar = format({ year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");

export function clockTime(iso) {
  return clock.format(new Date(iso));
}

export function fullTime(iso) {
  return full.format(new Date(iso));
}

/** The calendar day, for comparing: "2026-11-22". */
export function dayOf(time) {
  return calendar.format(new Date(time));
}

/** What the clock shows in another zone; a browser that does not know the zone says what it shows here. */
export function clockIn(zone, now) {
  try {
    return new Intl.DateTimeFormat(undefined, {
      timeZone: zone,
      hour: "numeric",
      minute: "2-digit",
      weekday: "short",
    }).format(now);
  } catch {
    return clock.format(now);
  }
}

/** A day with its year. */
export function longDay(iso) {
  return otherYear.format(new Date(iso));
}

/** The day as a heading, `now` in milliseconds since the epoch. */
export function dayName(iso, now, words) {
  const day = dayOf(iso);
  if (day === dayOf(now)) return words.today;
  if (day === dayOf(now - DAY)) return words.yesterday;
  const isThisYear = day.slice(0, 4) === dayOf(now).slice(0, 4);
  return (isThisYear ? thisYear : otherYear).format(new Date(iso));
}
