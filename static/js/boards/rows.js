import { WORDS } from "#boards/words";

/**
 * Lanes as a table: lanes with the same labels stand in one row, each query has a column.
 * `{names, columns: [{title, unit}], rows: [{name, lanes}]}`.
 */
export function tableOf({ queries = [], unit = "", options = {} }, lanes) {
  const columns = queries.map((query, at) => ({
    title: options.columns?.[at] ?? query.title ?? query.metric ?? "",
    unit: options.units?.[at] ?? unit,
  }));
  const rows = new Map();
  for (const lane of lanes) {
    const name = Object.values(lane.labels).join(" ") || lane.label;
    if (!rows.has(name)) rows.set(name, { name, lanes: [] });
    rows.get(name).lanes[lane.query] = lane;
  }
  const [first] = lanes;
  return {
    names: Object.keys(first?.labels ?? {}).join(", ") || WORDS.name,
    columns,
    rows: [...rows.values()].toSorted((one, other) => one.name.localeCompare(other.name)),
  };
}
