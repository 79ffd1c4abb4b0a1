/** Lanes on top of each other: what uPlot draws are sums, what people are told stays the lane's own. */
export function stacked(lanes) {
  const sums = [];
  return lanes.map(({ values }) =>
    values.map((value, at) => {
      if (value === null) return null;
      sums[at] = (sums[at] ?? 0) + value;
      return sums[at];
    }),
  );
}
