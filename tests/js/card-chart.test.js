import assert from "node:assert/strict";
import { test } from "node:test";
import { chartLines } from "#chat/card-chart";

test("The least value lies at the foot and the largest at the top, over the whole width", () => {
  const { paths, limit } = chartLines({ values: [0, 10] });

  assert.deepEqual(paths, ["M0 46L240 2"]);
  assert.equal(limit, null);
});

test("A gap is a gap, and a value alone between two of them is a dot", () => {
  const { paths } = chartLines({ values: [1, null, 3, null, 1, 1] });

  assert.equal(paths.length, 3);
  assert.equal(paths[1], "M96 2L96 2");
});

test("The limit has its place within the drawing, also where no value comes near", () => {
  assert.deepEqual(chartLines({ values: [1, 1], limit: 3 }), {
    width: 240,
    height: 48,
    paths: ["M0 46L240 46"],
    limit: 2,
  });
});

test("Where all values are the same there is a line, and where there is none nothing", () => {
  assert.deepEqual(chartLines({ values: [5, 5] }).paths, ["M0 46L240 46"]);
  assert.deepEqual(chartLines({ values: [null, null] }).paths, []);
});
