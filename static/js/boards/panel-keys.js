import { notesAt } from "#boards/bands";
import { words } from "#boards/units";
import { fullMoment } from "#boards/when";
import { WORDS } from "#boards/words";

/** What keys do on a chart that has the focus: they move the cursor of the board, and what stands there is said. */
export function keysOf(panel, board) {
  return (event) => {
    if (!event.target.classList.contains("panel-body") || !panel.isChart || panel.isTable) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = acts(panel, board)[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}

function acts(panel, board) {
  const all = panel.seconds.length;
  const page = Math.max(1, Math.round(all / 10));
  const by = (slots) => () => step(panel, board, slots);
  const turn = () => {
    panel.turn(true);
    panel.element.querySelector(".panel-head button").focus();
  };
  return {
    ArrowLeft: by(-1),
    ArrowRight: by(1),
    PageUp: by(-page),
    PageDown: by(page),
    Home: by(-all),
    End: by(all),
    "+": () => board.scale(0.5),
    "-": () => board.scale(2),
    Escape: () => panel.point(null),
    t: turn,
    T: turn,
  };
}

function step(panel, board, by) {
  if (panel.seconds.length === 0) return;
  const [low, high] = panel.span.map((second) => board.data.placeOf(second));
  const here = panel.cursor ?? (by < 0 ? high + 1 : high - by);
  const place = Math.max(low, Math.min(high, here + by));
  panel.point(panel.seconds[place]);
  panel.say(spoken(panel, place));
}

function spoken(panel, place) {
  const { spec } = panel;
  const second = panel.seconds[place];
  const isHeatmap = spec.kind === "heatmap";
  const told = panel.lanes
    .filter((lane) => !panel.isHidden(lane))
    .filter(({ values }) => !isHeatmap || values[place] > 0)
    .map((lane) => {
      const value = lane.values[place] ?? null;
      return `${panel.nameOf(lane)} ${value === null ? WORDS.empty : words(value, isHeatmap ? "" : spec.unit)}`;
    });
  const notes = notesAt(panel.annotations, second, panel.step).map(({ title }) => title);
  return WORDS.valuesAt(fullMoment(second), [...told, ...notes].join(", ") || WORDS.empty);
}
