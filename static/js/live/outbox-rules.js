/** What becomes of a post, told what the server answered to it. */

const PERMANENT = [
  "invalid",
  "forbidden",
  "not_found",
  "too_large",
  "conflict",
  "bad_request",
  "unknown",
];

/** A fault of the server's own may pass; one that stays must not hold up the posts behind it for ever. */
const TRIES_AT_FAULTS = 4;
const BASE = 500;
const LONGEST = 30_000;

/**
 * `{act: "sent"}`, `{act: "fail", code, detail}`, `{act: "wait", ms}`, or `{act: "stop"}` until there is a connection.
 * `tries` counts the attempts at this post so far, this one included.
 */
export function judgeResult(result, tries, random) {
  if (result.ok) return { act: "sent" };
  const { code, detail, retry_after: seconds } = result.error;
  if (code === "disconnected") return { act: "stop" };
  if (PERMANENT.includes(code) || (code === "internal" && tries >= TRIES_AT_FAULTS))
    return { act: "fail", code, detail };
  return { act: "wait", ms: seconds === undefined ? patience(tries, random) : seconds * 1_000 };
}

function patience(tries, random) {
  return random() * Math.min(LONGEST, BASE * 2 ** tries);
}
