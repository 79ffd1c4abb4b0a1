import { isLive, spanOf } from "#boards/view";
import { WORDS } from "#boards/words";
import { icon } from "#lib/parts";

/** What the menu of a panel offers. */
export function panelEntries(panel, { board, definition, go }) {
  const { spec } = panel;
  const isAlone = board.view.panel === spec.id;
  const alone = {
    icon: isAlone ? icon("layout-dashboard") : icon("maximize"),
    text: isAlone ? WORDS.together : WORDS.alone,
    act: () => go({ ...board.view, panel: isAlone ? "" : spec.id }),
  };
  if (!panel.isNumeric) return [alone];
  const file = `/boards/${definition.slug}/panels/${encodeURIComponent(spec.id)}`;
  const query = questionOf(board);
  return [
    alone,
    {
      icon: panel.isTable ? icon("chart-line") : icon("table"),
      text: panel.isTable ? WORDS.asChart : WORDS.asTable,
      act: () => panel.turn(),
    },
    { line: true },
    { icon: icon("download"), text: WORDS.csv, href: `${file}.csv?${query}`, download: "" },
    { icon: icon("braces"), text: WORDS.json, href: `${file}.json?${query}`, download: "" },
    panel.canvas && {
      icon: icon("image"),
      text: WORDS.png,
      act: async () => (await import("#boards/picture")).savePicture(panel, definition.title),
    },
  ];
}

// What is downloaded is what is seen, to the second.
function questionOf({ view, data, span }) {
  const [from, to] = isLive(view) ? span : spanOf(view, data.to);
  const asked = { from: Math.floor(from), to: Math.ceil(to), step: data.step };
  return new URLSearchParams(view.worker ? { ...asked, worker: view.worker } : asked);
}
