import { fold } from "#lib/fold";

/** So many are offered at once. */
const MOST = 8;

/** Many at once, by the words that the server knows. */
export const CROWDS = ["here", "room"];

// As the server sees it: a mention stands alone, and is no part of a word or an address.
const BEGUN = /(?<![\p{L}\p{N}_.+@/-])@([\p{L}\p{M}\p{N}_.+-]{0,40})$/u;

/** The mention that is being typed where the caret is: `{start, typed}`, or null. */
export function begunMention(text, caret) {
  const found = BEGUN.exec(text.slice(0, caret));
  return found && { start: found.index, typed: found[1] };
}

/**
 * Whom a begun mention may mean, the likeliest first: who is in the room before who is not, those who spoke here lately
 * before the others, the latest first, then whose name begins with it before those with a word in it that does.
 *
 * `members` and `others` are people, `spoke` the numbers of those who said what is loaded, the oldest first. Answers with
 * people, each with `isHere`: whether they are in the room.
 */
export function suggestPeople(typed, { members, others, spoke, person }) {
  const wanted = fold(typed);
  const inside = new Set(members.map(({ id }) => id));
  const outside = others.filter(({ id }) => !inside.has(id));
  return [
    ...ranked(members, wanted, spoke).map((one) => ({ ...one, isHere: true })),
    ...ranked(outside, wanted, spoke).map((one) => ({ ...one, isHere: false })),
  ]
    .filter(({ id }) => id !== person)
    .slice(0, MOST);
}

/** The crowds that a begun mention may mean. */
export function suggestCrowds(typed) {
  return CROWDS.filter((crowd) => crowd.startsWith(fold(typed))).map((crowd) => ({
    username: crowd,
    isHere: true,
    isCrowd: true,
  }));
}

/** Whether nothing is left to complete. */
export function isWhole(typed, { username }) {
  return fold(typed) === fold(username);
}

function ranked(people, wanted, spoke) {
  return people
    .map((one) => ({ one, rank: rankOf(one, wanted), last: spoke.lastIndexOf(one.id) }))
    .filter(({ rank }) => rank < Infinity)
    .sort(
      (one, other) =>
        other.last - one.last ||
        one.rank - other.rank ||
        one.one.name.localeCompare(other.one.name),
    )
    .map(({ one }) => one);
}

function rankOf({ name, username }, wanted) {
  const texts = [fold(username), fold(name)];
  if (texts.some((text) => text.startsWith(wanted))) return 0;
  const words = texts.flatMap((text) => text.split(/[\s._+-]+/));
  return words.some((word) => word.startsWith(wanted)) ? 1 : Infinity;
}
