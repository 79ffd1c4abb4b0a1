/** Numbers as people read them: each unit with the prefix that leaves one to four digits. */

const TIMES = [
  [1e-9, "ns"],
  [1e-6, "µs"],
  [1e-3, "ms"],
  [1, "s"],
  [60, "min"],
  [3_600, "h"],
  [86_400, "d"],
];
const BYTES = [
  [1, "B"],
  [1e3, "kB"],
  [1e6, "MB"],
  [1e9, "GB"],
  [1e12, "TB"],
];
const COUNTS = [
  [1, ""],
  [1e3, "k"],
  [1e6, "M"],
  [1e9, "G"],
  [1e12, "T"],
];
/** Counts below it are written out. */
const WRITTEN_OUT = 1e6;

/** `{number, unit}` of a value, both as texts: "11.8" and "ms". */
export function parts(value, unit) {
  if (value === null || value === undefined) return { number: "–", unit: "" };
  const { factor, symbol } = scaleFor(Math.abs(value), unit);
  return { number: rounded(value / factor, symbol === "%" ? 1 : 3), unit: symbol };
}

/** The same as one text: "11.8 ms", "31%", "12,408". */
export function words(value, unit) {
  return joined(parts(value, unit));
}

/** Formats the ticks of an axis, all with the prefix of the largest. */
export function tickWords(ticks, unit) {
  const top = Math.max(...ticks.map(Math.abs), 0);
  const { factor, symbol } = scaleFor(top, unit, 10_000);
  const digits = digitsOf(ticks.map((tick) => tick / factor));
  return ticks.map((tick) =>
    tick === 0 ? "0" : joined({ number: fixed(digits).format(tick / factor), unit: symbol }),
  );
}

// As few as say each of them as it is: a quarter is 0.25, and neither 0.2 nor 0.3.
function digitsOf(values) {
  const most = Math.max(...values.map(Math.abs), 1e-9);
  const isSaid = (digits) =>
    values.every((value) => Math.abs(value - Number(value.toFixed(digits))) < most * 1e-6);
  return [0, 1, 2, 3, 4, 5].find(isSaid) ?? 6;
}

// Times, bytes and names stand apart from their number; signs, prefixes and rates do not.
function joined({ number, unit }) {
  if (unit === "" || number === "–") return number;
  return /^(%|[kMGT]?(\/.*)?)$/.test(unit) ? `${number}${unit}` : `${number} ${unit}`;
}

function scaleFor(size, unit, writtenOut = WRITTEN_OUT) {
  if (unit === "s") return scaled(size, TIMES);
  if (unit === "B") return scaled(size, BYTES);
  if (unit === "B/s") return withRate(scaled(size, BYTES));
  if (unit === "%") return { factor: 1, symbol: "%" };
  // Seconds of work in a second: a share of one core.
  if (unit === "s/s") return { factor: 0.01, symbol: "%" };
  const { factor, symbol } = size < writtenOut ? { factor: 1, symbol: "" } : scaled(size, COUNTS);
  if (unit === "/s") return { factor, symbol: `${symbol}/s` };
  return { factor, symbol: [symbol, unit].filter(Boolean).join(" ") };
}

function scaled(size, steps) {
  const neutral = steps.find(([factor]) => factor === 1);
  if (size === 0) return { factor: 1, symbol: neutral[1] };
  const [factor, symbol] = steps.findLast(([least]) => size >= least * 0.9995) ?? steps[0];
  return { factor, symbol };
}

function withRate({ factor, symbol }) {
  return { factor, symbol: `${symbol}/s` };
}

function rounded(value, limit) {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return fixed(0).format(value);
  const most = size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return upTo(Math.min(most, limit)).format(value);
}

const fixedFormats = [];
const shortFormats = [];

function fixed(digits) {
  fixedFormats[digits] ??= new Intl.NumberFormat(undefined, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return fixedFormats[digits];
}

function upTo(digits) {
  shortFormats[digits] ??= new Intl.NumberFormat(undefined, { maximumFractionDigits: digits });
  return shortFormats[digits];
}
