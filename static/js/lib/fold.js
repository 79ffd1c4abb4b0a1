/** A text as one looks for it: "Café" is found by "cafe". */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
