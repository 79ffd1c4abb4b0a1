/** The longest message, in characters as the server counts them. */
export const LONGEST = 10_000;

/** From here on the composer says how many are left. */
const NEARLY = 9_500;

/** Characters as people and the server count them, not the halves that a string is made of. */
export function lengthOf(text) {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** The text without halves of characters, which no server can read. */
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** How a text stands to the limit: `{left, over}`; `left` is null while there is no need to speak of it. */
export function room(text) {
  const length = text.length < NEARLY ? text.length : lengthOf(text);
  return { left: length < NEARLY ? null : LONGEST - length, over: Math.max(0, length - LONGEST) };
}
