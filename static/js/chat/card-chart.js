/** Where the lines of a small chart run: pure. */

const WIDTH = 240;
const HEIGHT = 48;
const EDGE = 2;

/** `{ width, height, paths, limit }`: a path for each stretch without a gap, and how high the limit lies, if there is one. */
export function chartLines({ values, limit = null }) {
  const known = values.filter((value) => value !== null);
  const seen = limit === null ? known : [...known, limit];
  const least = Math.min(...seen);
  const span = Math.max(...seen) - least || 1;
  const y = (value) => round(HEIGHT - EDGE - ((value - least) / span) * (HEIGHT - 2 * EDGE));
  const x = (place) => round((place * WIDTH) / Math.max(values.length - 1, 1));
  return {
    width: WIDTH,
    height: HEIGHT,
    paths: stretches(values).map((places) => line(places.map((at) => [x(at), y(values[at])]))),
    limit: limit === null ? null : y(limit),
  };
}

function stretches(values) {
  const found = [];
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    if (at > 0 && values[at - 1] !== null) found.at(-1).push(at);
    else found.push([at]);
  }
  return found;
}

// A single value is a dot: a line without length, of which the ends are round.
function line(points) {
  const [first, ...others] = points.map((point) => point.join(" "));
  return `M${first}L${others.length > 0 ? others.join("L") : first}`;
}

function round(number) {
  return Math.round(number * 10) / 10;
}
