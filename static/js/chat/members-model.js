import { fold } from "#lib/fold";

/** The members whose name or username has what was typed in it, by name. */
export function matchMembers(members, typed) {
  const wanted = fold(typed.trim().replace(/^@/, ""));
  return members
    .filter((one) => fold(one.name).includes(wanted) || fold(one.username).includes(wanted))
    .sort((one, other) => one.name.localeCompare(other.name));
}
