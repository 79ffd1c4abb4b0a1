/**
 * Texts in the language of the page. The server puts Django's catalogue of every language but English before the modules;
 * without one the text in the source is the text. `%(name)s` in a text stands for one of `values`.
 */
const catalogue = globalThis.django ?? {
  gettext: (text) => text,
  ngettext: (one, many, number) => (number === 1 ? one : many),
};

export function gettext(text, values) {
  return fill(catalogue.gettext(text), values);
}

/** The form of a text that goes with a number, `%(number)s` in it. */
export function ngettext(one, many, number, values) {
  return fill(catalogue.ngettext(one, many, number), { number, ...values });
}

function fill(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => shown(values[name]));
}

// Figures are grouped as the reader groups them.
function shown(value) {
  return typeof value === "number" ? value.toLocaleString() : value;
}
