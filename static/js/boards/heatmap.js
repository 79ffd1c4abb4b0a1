import { faded, font, palette } from "#boards/paint";
import { words } from "#boards/units";
import { tickTimes } from "#boards/when";

const LEFT = 62;
const FOOT = 24;
const HEAD = 6;
const RIGHT = 8;

/** How often what was measured: slots of time from left to right, sizes from small to large upwards. */
export class Heatmap {
  #panel;
  #canvas = document.createElement("canvas");
  #small = document.createElement("canvas");

  constructor(place, panel) {
    this.#panel = panel;
    place.classList.add("heatmap");
    place.append(this.#canvas);
    this.#canvas.addEventListener("mousemove", (event) => {
      panel.row = this.#rowAt(event);
      panel.point(this.#secondAt(event));
    });
    this.#canvas.addEventListener("mouseleave", () => {
      panel.row = null;
      panel.point(null);
    });
    this.#drag();
  }

  draw() {
    // Its size is told soon.
    if (!this.#panel.size) return;
    const context = this.#fit();
    const { width, height } = this.#inner;
    context.clearRect(0, 0, width + LEFT + RIGHT, height + HEAD + FOOT);
    const lanes = ordered(this.#panel.lanes);
    this.#cells(context, lanes);
    this.#axes(context, lanes);
    this.#cursorLine(context);
  }

  point() {
    this.draw();
  }

  recolour() {
    this.draw();
  }

  get canvas() {
    return this.#canvas;
  }

  destroy() {
    this.#canvas.remove();
  }

  // One point a cell, put there as a picture, then drawn large: thousands of rectangles would take a frame.
  #cells(context, lanes) {
    const { seconds, span, step } = this.#panel;
    if (lanes.length === 0 || seconds.length === 0) return;
    const most = lanes.reduce(
      (top, { values }) => values.reduce((high, value) => Math.max(high, value ?? 0), top),
      0,
    );
    this.#small.width = seconds.length;
    this.#small.height = lanes.length;
    this.#panel.most = most;
    const picture = new ImageData(seconds.length, lanes.length);
    const [red, green, blue] = palette().accent.match(/\d+/g).map(Number);
    for (const [row, { values }] of lanes.entries()) {
      for (let at = 0; at < seconds.length; at++) {
        const count = values[at] ?? 0;
        if (count <= 0) continue;
        const place = 4 * ((lanes.length - 1 - row) * seconds.length + at);
        picture.data[place] = red;
        picture.data[place + 1] = green;
        picture.data[place + 2] = blue;
        picture.data[place + 3] = 40 + 215 * Math.sqrt(count / most);
      }
    }
    this.#small.getContext("2d").putImageData(picture, 0, 0);
    const { width, height } = this.#inner;
    const scale = width / (span[1] - span[0]);
    context.save();
    context.beginPath();
    context.rect(LEFT, HEAD, width, height);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(
      this.#small,
      LEFT + (seconds[0] - span[0]) * scale,
      HEAD,
      seconds.length * step * scale,
      height,
    );
    context.restore();
  }

  #axes(context, lanes) {
    const { width, height } = this.#inner;
    const { spec, span } = this.#panel;
    context.font = font();
    context.fillStyle = palette().quiet;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const rows = Math.max(1, Math.ceil((lanes.length * 20) / height));
    for (let row = 0; row < lanes.length; row += rows) {
      const y = HEAD + height - ((row + 0.5) / lanes.length) * height;
      context.fillText(words(lanes[row].bound, spec.unit), LEFT - 8, y);
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const { ticks, apart } = ticksOf(span, Math.max(2, Math.floor(width / 75)));
    for (const [at, label] of tickTimes(ticks, apart).entries())
      context.fillText(label, this.#xOf(ticks[at]), HEAD + height + 6);
    context.strokeStyle = palette().line;
    context.strokeRect(LEFT - 0.5, HEAD - 0.5, width + 1, height + 1);
  }

  #cursorLine(context) {
    const { cursor, seconds } = this.#panel;
    if (cursor === null) return;
    const x = this.#xOf(seconds[cursor]);
    context.strokeStyle = faded(palette().text, 0.6);
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(x, HEAD);
    context.lineTo(x, HEAD + this.#inner.height);
    context.stroke();
    context.setLineDash([]);
  }

  get #inner() {
    const { width, height } = this.#panel.size;
    return {
      width: Math.max(40, Math.floor(width) - LEFT - RIGHT),
      height: Math.max(30, Math.floor(height) - HEAD - FOOT),
    };
  }

  #fit() {
    const { width, height } = this.#inner;
    const ratio = devicePixelRatio;
    const [wide, high] = [width + LEFT + RIGHT, height + HEAD + FOOT];
    if (this.#canvas.width !== Math.round(wide * ratio)) {
      this.#canvas.width = Math.round(wide * ratio);
      this.#canvas.style.width = `${wide}px`;
    }
    if (this.#canvas.height !== Math.round(high * ratio)) {
      this.#canvas.height = Math.round(high * ratio);
      this.#canvas.style.height = `${high}px`;
    }
    const context = this.#canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  #xOf(second) {
    const [from, to] = this.#panel.span;
    return LEFT + ((second - from) / (to - from)) * this.#inner.width;
  }

  #secondAt({ offsetX }) {
    const [from, to] = this.#panel.span;
    return from + ((offsetX - LEFT) / this.#inner.width) * (to - from);
  }

  #rowAt({ offsetY }) {
    const lanes = ordered(this.#panel.lanes);
    const { height } = this.#inner;
    return lanes[Math.floor(((HEAD + height - offsetY) / height) * lanes.length)] ?? null;
  }

  #drag() {
    let began = null;
    this.#canvas.addEventListener("mousedown", (event) => {
      began = event;
    });
    this.#canvas.addEventListener("mouseup", (event) => {
      if (began && Math.abs(event.offsetX - began.offsetX) > 6) {
        const ends = [this.#secondAt(began), this.#secondAt(event)].toSorted((a, b) => a - b);
        this.#panel.zoom(...ends);
      }
      began = null;
    });
    this.#canvas.addEventListener("dblclick", () => this.#panel.unzoom());
  }
}

function ordered(lanes) {
  return lanes
    .filter(({ bound }) => Number.isFinite(bound))
    .toSorted((one, other) => one.bound - other.bound);
}

const APARTS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
  604_800, 2_592_000,
];

function ticksOf([from, to], most) {
  // A span is a second or two longer than its name.
  const apart = APARTS.find((one) => Math.floor((to - from) / one) <= most) ?? APARTS.at(-1);
  const ticks = [];
  for (let tick = Math.ceil(from / apart) * apart; tick <= to; tick += apart) ticks.push(tick);
  return { ticks, apart };
}
