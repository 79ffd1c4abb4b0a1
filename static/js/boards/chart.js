import uPlot from "uplot";
import { drawNotes, drawThresholds } from "#boards/bands";
import { cadenceOf, MISSING } from "#boards/levels";
import { markLane } from "#boards/marks";
import { faded, font, laneColour, palette } from "#boards/paint";
import { stacked } from "#boards/stacking";
import { tickWords } from "#boards/units";
import { tickTimes } from "#boards/when";

const HEAD_ROOM = 1.08;
const LEAST = 60;
/** A press that moves less than this is no zoom. */
const DRAGGED = 6;

/** Lines, areas or stacked areas over time, on a canvas of uPlot. */
export class Chart {
  #place;
  #panel;
  #plot = null;
  #shape = "";

  /** `panel`: `spec`, `lanes`, `seconds`, `span`, `size`, `annotations`, `isHidden` and what it may ask for, `point` and `zoom`. */
  constructor(place, panel) {
    this.#place = place;
    this.#panel = panel;
  }

  draw() {
    const { lanes, seconds, size } = this.#panel;
    // Its size is told soon.
    if (!size) return;
    const data = [seconds, ...this.#values(lanes)];
    const shape = JSON.stringify(lanes.map(({ key }) => key));
    if (shape !== this.#shape || !this.#plot) this.#begin(lanes, shape, data);
    else this.#plot.batch((plot) => this.#change(plot, lanes, data));
  }

  /** Shows where the cursor of the board is, or nowhere. */
  point(second) {
    if (!this.#plot) return;
    const left = second === null ? -10 : this.#plot.valToPos(second, "x");
    this.#plot.setCursor({ left, top: second === null ? -10 : 1 }, false);
  }

  recolour() {
    this.#plot?.redraw(false, true);
  }

  get canvas() {
    return this.#plot?.ctx.canvas ?? null;
  }

  destroy() {
    this.#plot?.destroy();
    this.#plot = null;
  }

  get #isStacked() {
    return this.#panel.spec.kind === "stacked";
  }

  #values(lanes) {
    if (!this.#isStacked) return lanes.map(({ values }) => values);
    return stacked(
      lanes.map((lane) =>
        this.#panel.isHidden(lane) ? { values: lane.values.map(() => null) } : lane,
      ),
    );
  }

  // Within a batch all is drawn once, and now: whoever divides frames among panels sees what it takes.
  #begin(lanes, shape, data) {
    this.destroy();
    this.#shape = shape;
    let start;
    this.#plot = new uPlot(this.#options(lanes), data, (plot, init) => {
      this.#place.append(plot.root);
      start = init;
    });
    this.#plot.batch(start);
    this.#showLanes(this.#plot, lanes);
    const { over } = this.#plot;
    over.addEventListener("mouseleave", () => this.#panel.point(null));
    over.addEventListener("dblclick", () => this.#panel.unzoom());
  }

  #change(plot, lanes, data) {
    const { width, height } = this.#box;
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height });
    this.#showLanes(plot, lanes);
    plot.setData(data);
  }

  #showLanes(plot, lanes) {
    for (const [number, lane] of lanes.entries()) {
      const isShown = !this.#panel.isHidden(lane);
      if (plot.series[number + 1].show !== isShown)
        plot.setSeries(number + 1, { show: isShown }, false);
    }
  }

  get #box() {
    const { width, height } = this.#panel.size;
    return {
      width: Math.max(LEAST, Math.floor(width)),
      height: Math.max(LEAST, Math.floor(height)),
    };
  }

  #options(lanes) {
    const { spec } = this.#panel;
    return {
      ...this.#box,
      padding: [8, 18, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { size: 7, width: 1.5 },
        drag: { x: true, y: false, setScale: false, dist: DRAGGED },
      },
      scales: {
        x: { time: true, range: () => this.#panel.span },
        y: { range: (_, min, max) => this.#extent(min, max) },
      },
      series: [{}, ...lanes.map((_, number) => this.#series(number, lanes.length))],
      bands: this.#isStacked ? lanes.slice(1).map((_, number) => this.#between(number)) : [],
      axes: [timeAxis(), valueAxis(spec.unit)],
      hooks: {
        drawAxes: [(u) => drawNotes(u, this.#panel.annotations)],
        draw: [(u) => this.#finish(u)],
        setCursor: [({ cursor, data }) => this.#pointed(cursor, data)],
        setSelect: [(u) => this.#selected(u)],
      },
    };
  }

  #series(number, many) {
    const { kind } = this.#panel.spec;
    const fill = { area: 0.14, stacked: number === 0 ? 0.3 : null }[kind];
    return {
      stroke: () => laneColour(number),
      width: kind === "stacked" ? 1 : many > 4 ? 1.25 : 1.6,
      spanGaps: false,
      gaps: (u, series, _first, _last, gaps) => missing(u, series, gaps),
      points: { show: (u, _at, first, last) => last - first < u.bbox.width / 60 },
      ...(fill && { fill: () => faded(laneColour(number), fill) }),
    };
  }

  #between(number) {
    return {
      series: [number + 2, number + 1],
      fill: () => faded(laneColour(number + 1), 0.3),
    };
  }

  // From nought, or below where there is something below, to a little over the highest; a threshold that is near is shown too.
  #extent(min, max) {
    const { thresholds = [], options = {}, unit } = this.#panel.spec;
    const near = thresholds.map(({ at }) => at).filter((at) => at > 0 && at <= (max ?? 0) * 1.6);
    const low = options.min ?? Math.min(0, min ?? 0);
    const high = options.max ?? Math.max(max ?? 0, ...near) * HEAD_ROOM;
    return [low, high > low ? high : low + (unit === "s" ? 0.001 : 1)];
  }

  #finish(u) {
    const { spec, lanes } = this.#panel;
    if (lanes.length > 1) {
      for (const [number, lane] of lanes.entries())
        if (!this.#panel.isHidden(lane)) markLane(u, number + 1, number, laneColour(number));
    }
    drawThresholds(u, spec.thresholds ?? [], spec.unit);
  }

  #pointed({ idx, left }, [seconds]) {
    if (left >= 0 && idx !== null && idx !== undefined) this.#panel.point(seconds[idx]);
  }

  #selected(u) {
    const { left, width } = u.select;
    if (width < DRAGGED) return;
    const [from, to] = [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.#panel.zoom(from, to);
  }
}

// What comes every ten seconds has no gap between two seconds that are ten apart.
function missing(u, series, gaps) {
  const [seconds] = u.data;
  const cadence = cadenceOf(u.data[series]);
  if (cadence === 1 || seconds.length < 2) return gaps;
  const slot = u.valToPos(seconds[1], "x", true) - u.valToPos(seconds[0], "x", true);
  return gaps.filter(([from, to]) => to - from > slot * cadence * MISSING);
}

function timeAxis() {
  return {
    ...axis(),
    size: 22,
    gap: 3,
    space: 74,
    grid: { show: false },
    values: (_, ticks, _axis, _space, apart) => tickTimes(ticks, apart),
  };
}

function valueAxis(unit) {
  return {
    ...axis(),
    size: (_, labels) => Math.max(36, ...(labels ?? []).map((label) => 14 + label.length * 6.3)),
    gap: 6,
    space: 34,
    values: (_, ticks) => tickWords(ticks, unit),
  };
}

function axis() {
  return {
    stroke: () => palette().quiet,
    font: font(),
    grid: { stroke: () => palette().line, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
}
