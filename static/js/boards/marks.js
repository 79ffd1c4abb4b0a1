import { palette } from "#boards/paint";

/** Shapes that tell lanes apart where their colours do not: on the lines, and in the legend. */
const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "ring", "bar", "wedge"];
const APART = 90;
const SIZE = 3.2;

export function shapeOf(number) {
  return SHAPES[number % SHAPES.length];
}

/** Draws the shape of a lane about every ninety pixels of its line, each lane at other places. */
export function markLane(u, series, number, colour) {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const values = u.data[series];
  const last = u.valToIdx(u.scales.x.max);
  const apart = APART * ratio;
  const right = bbox.left + bbox.width;
  let next = bbox.left + (apart / 2) * (1 + (number % 5) / 3);
  while (next < right) {
    // Looked up for each shape: going through all values would take as long as drawing them.
    let at = u.posToIdx(next, true);
    while (at <= last && (values[at] ?? null) === null) at += 1;
    if (at > last) return;
    const x = u.valToPos(u.data[0][at], "x", true);
    if (x > right) return;
    drawShape(ctx, shapeOf(number), x, u.valToPos(values[at], "y", true), SIZE * ratio, colour);
    next = Math.max(x, next) + apart;
  }
}

/** One shape around a point of a canvas. */
export function drawShape(context, shape, x, y, size, colour) {
  context.save();
  context.translate(x, y);
  context.fillStyle = colour;
  context.strokeStyle = palette().surface;
  context.lineWidth = size / 3;
  context.beginPath();
  PATHS[shape](context, size);
  if (shape === "cross" || shape === "ring") {
    context.strokeStyle = colour;
    context.lineWidth = size / 1.8;
    context.stroke();
  } else {
    context.stroke();
    context.fill();
  }
  context.restore();
}

const PATHS = {
  circle: (context, size) => context.arc(0, 0, size, 0, 2 * Math.PI),
  ring: (context, size) => context.arc(0, 0, size, 0, 2 * Math.PI),
  square: (context, size) => context.rect(-size, -size, 2 * size, 2 * size),
  bar: (context, size) => context.rect(-size / 2, -size * 1.4, size, size * 2.8),
  diamond: (context, size) => polygon(context, size * 1.35, [0, -1, 1, 0, 0, 1, -1, 0]),
  triangle: (context, size) => polygon(context, size * 1.3, [0, -1, 1, 0.8, -1, 0.8]),
  wedge: (context, size) => polygon(context, size * 1.3, [0, 1, 1, -0.8, -1, -0.8]),
  cross: (context, size) => {
    context.moveTo(-size, -size);
    context.lineTo(size, size);
    context.moveTo(size, -size);
    context.lineTo(-size, size);
  },
};

function polygon(context, size, points) {
  context.moveTo(points[0] * size, points[1] * size);
  for (let at = 2; at < points.length; at += 2)
    context.lineTo(points[at] * size, points[at + 1] * size);
  context.closePath();
}
