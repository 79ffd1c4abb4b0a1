/** The first letters of the first and the last word, by what a reader sees as a letter. */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map(firstLetter).join("").toLocaleUpperCase();
}

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function firstLetter(word) {
  return letters.segment(word)[Symbol.iterator]().next().value?.segment ?? "";
}
