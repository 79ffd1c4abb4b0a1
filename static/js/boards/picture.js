import { newest } from "#boards/levels";
import { drawShape, shapeOf } from "#boards/marks";
import { font, laneColour, palette } from "#boards/paint";
import { words } from "#boards/units";
import { fullMoment } from "#boards/when";

const EDGE = 16;
const HEAD = 52;
const FOOT = 34;
const GAP = 18;

/** Saves what a panel shows as a picture: its title and time, what is drawn, and what the lanes are. */
export function savePicture(panel, boardTitle) {
  const picture = draw(panel, boardTitle);
  picture.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${panel.spec.title.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

function draw(panel, boardTitle) {
  const { canvas, spec, span, lanes } = panel;
  const ratio = devicePixelRatio;
  const width = Math.max(420, canvas.width / ratio);
  const height = canvas.height / ratio;
  const picture = document.createElement("canvas");
  picture.width = (width + 2 * EDGE) * ratio;
  picture.height = (HEAD + height + FOOT) * ratio;
  const context = picture.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = palette().surface;
  context.fillRect(0, 0, picture.width, picture.height);
  context.fillStyle = palette().text;
  context.font = `600 ${font(14)}`;
  context.fillText(spec.title, EDGE, 24);
  context.fillStyle = palette().quiet;
  context.font = font(11.5);
  context.fillText(`${boardTitle} · ${fullMoment(span[0])} – ${fullMoment(span[1])}`, EDGE, 42);
  context.drawImage(canvas, EDGE, HEAD, canvas.width / ratio, height);
  if (spec.kind !== "heatmap") legend(context, panel, lanes, HEAD + height + 20, width);
  return picture;
}

function legend(context, panel, lanes, y, width) {
  let x = EDGE;
  for (const [number, lane] of lanes.entries()) {
    if (panel.isHidden(lane)) continue;
    const text = `${lane.label} ${words(newest(lane.values), panel.spec.unit)}`;
    const long = context.measureText(text).width + GAP;
    if (x + long > width + EDGE) return;
    drawShape(context, shapeOf(number), x + 4, y - 4, 3.4, laneColour(number));
    context.fillStyle = palette().quiet;
    context.fillText(text, x + 13, y);
    x += long + GAP;
  }
}
