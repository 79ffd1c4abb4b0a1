/** Where a frame stands to what is held already: "apply" it, "ignore" it, or there is a "hole" before it. */

/** Changes of a stream: every row whose rev lies in (from, rev]. */
export function judgeChanges(cursor, { from, rev }) {
  if (from > cursor) return "hole";
  return rev < cursor ? "ignore" : "apply";
}

/** A snapshot's difference leads from one version to the next and to no other. */
export function judgeVersion(cursor, version) {
  if (cursor !== null && version <= cursor) return "ignore";
  return cursor !== null && version === cursor + 1 ? "apply" : "hole";
}

/** Whether `row` is news beside the version `held` of it, if any. */
export function isNewer(row, held) {
  return held === undefined || row.rev > held.rev;
}
