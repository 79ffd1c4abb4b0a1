/** The colours of the style sheet, for what is drawn on a canvas. */

const NAMES = {
  text: "--text",
  quiet: "--text-quiet",
  line: "--line",
  surface: "--surface",
  accent: "--accent",
  ok: "--ok",
  warning: "--warn",
  critical: "--bad",
};
const LANES = 8;
let known = null;

/** `{text, quiet, line, …, lanes: […]}` as the theme has them now. */
export function palette() {
  known ??= read();
  return known;
}

/** The colour of one lane. Past the eighth they begin again: what tells lanes apart is not the colour alone. */
export function laneColour(number) {
  return palette().lanes[number % LANES];
}

/** A colour that lets through what is behind it. */
export function faded(colour, share) {
  const [red, green, blue] = colour.match(/[\d.]+/g);
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
}

/** The font of what is written on a canvas. */
export function font(size = 11.5) {
  return `${size}px ${palette().family}`;
}

/** Calls back when light becomes dark, or the other way round. */
export function onTheme(callback) {
  const change = () => {
    known = null;
    callback();
  };
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", change);
  const options = { attributes: true, attributeFilter: ["data-theme"] };
  new MutationObserver(change).observe(document.documentElement, options);
}

// Only a real element knows what `light-dark()` comes to.
function read() {
  const probe = document.createElement("i");
  document.body.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return asRgb(getComputedStyle(probe).color);
  };
  const colours = Object.fromEntries(
    Object.entries(NAMES).map(([key, name]) => [key, colour(name)]),
  );
  colours.family = getComputedStyle(document.body).fontFamily;
  colours.lanes = Array.from({ length: LANES }, (_, number) => colour(`--lane-${number + 1}`));
  probe.remove();
  return colours;
}

function asRgb(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  const hex = context.fillStyle;
  if (!hex.startsWith("#")) return hex;
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${red}, ${green}, ${blue})`;
}
