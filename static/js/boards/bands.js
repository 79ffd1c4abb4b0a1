import { faded, font, palette } from "#boards/paint";
import { words } from "#boards/units";

/** What stands behind and before the lines of a chart: alerts and notes at their time, thresholds at their value. */

/** Alert bands and notes; drawn beneath the lines. */
export function drawNotes(u, annotations) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const { min, max } = u.scales.x;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 8 * ratio, bbox.width, bbox.height + 8 * ratio);
  ctx.clip();
  const xOf = (second) => u.valToPos(Math.max(min, Math.min(max, second)), "x", true);
  for (const { from, to, level } of bandsOf(annotations, min, max)) {
    ctx.fillStyle = faded(colourOf(level), 0.1);
    ctx.fillRect(xOf(from), bbox.top, xOf(to) - xOf(from), bbox.height);
  }
  for (const { at, level } of annotations)
    if (at >= min && at <= max) flag(ctx, xOf(at), bbox, colourOf(level), ratio);
  ctx.restore();
}

/** Stretches of time of each level, as `{from, to, level}`: those that overlap are one, and no darker than one. */
export function bandsOf(annotations, min, max) {
  const bands = [];
  for (const note of annotations.toSorted((one, other) => one.at - other.at)) {
    const [from, to] = [note.at, endOf(note)];
    if (to <= from || to < min || from > max) continue;
    const last = bands.findLast(({ level }) => level === note.level);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else bands.push({ from, to, level: note.level });
  }
  return bands;
}

function endOf({ at, until, kind }) {
  return kind === "alert" && !until ? Infinity : (until ?? at);
}

function colourOf(level) {
  return palette()[level] ?? palette().accent;
}

/** Dashed lines at the thresholds, each with its sign and value; drawn over the lines. */
export function drawThresholds(u, thresholds, unit) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = font(10.5 * ratio);
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  for (const { at, level } of thresholds) {
    if (at < u.scales.y.min || at > u.scales.y.max) continue;
    const y = Math.round(u.valToPos(at, "y", true));
    ctx.strokeStyle = ctx.fillStyle = palette()[level] ?? palette().warning;
    ctx.lineWidth = ratio;
    ctx.setLineDash([5 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.setLineDash([]);
    sign(ctx, `▲ ${words(at, unit)}`, bbox.left + bbox.width, y, ratio);
  }
  ctx.restore();
}

/** The notes that lie at a second, or within a slot around it. */
export function notesAt(annotations, second, step) {
  return annotations.filter((note) => note.at - step <= second && second <= endOf(note) + step);
}

// On a ground of its own, for lines run where it stands.
function sign(ctx, text, right, y, ratio) {
  const width = ctx.measureText(text).width + 8 * ratio;
  const height = 15 * ratio;
  const colour = ctx.fillStyle;
  ctx.fillStyle = faded(palette().surface, 0.85);
  ctx.fillRect(right - width, y - height - ratio, width, height);
  ctx.fillStyle = colour;
  ctx.fillText(text, right - 4 * ratio, y - 3 * ratio);
}

function flag(ctx, x, bbox, colour, ratio) {
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 6 * ratio);
  ctx.lineTo(x + 7 * ratio, bbox.top - 2 * ratio);
  ctx.lineTo(x, bbox.top + 2 * ratio);
  ctx.fill();
}
