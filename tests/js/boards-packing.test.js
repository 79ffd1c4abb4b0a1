import assert from "node:assert/strict";
import { test } from "node:test";
import { BoardData } from "#boards/model";
import { unpacked } from "#boards/packing";

const base64 = (numbers) => Buffer.from(numbers.buffer).toString("base64");

test("Bytes are numbers, and 255 is nothing", () => {
  const lane = unpacked({ label: "a", u8: base64(new Uint8Array([0, 254, 255])) });
  assert.deepEqual(lane, { label: "a", values: [0, 254, null] });
});

test("Floats are what they were, and what is no number is nothing", () => {
  const [short, long] = [new Float32Array([0.5, NaN, 255]), new Float64Array([0.1, NaN, Infinity])];
  assert.deepEqual(unpacked({ f32: base64(short) }).values, [0.5, null, 255]);
  assert.deepEqual(unpacked({ f64: base64(long) }).values, [0.1, null, null]);
});

test("A browser that decodes base64 by itself comes to the same", () => {
  const [before, packed] = [Uint8Array.fromBase64, base64(new Float64Array([1 / 3]))];
  for (const decode of [undefined, (text) => Uint8Array.from(Buffer.from(text, "base64"))]) {
    Uint8Array.fromBase64 = decode;
    assert.deepEqual(unpacked({ f64: packed }).values, [1 / 3]);
  }
  Uint8Array.fromBase64 = before;
});

test("Digits of a server of before stay what they are", () => {
  const lane = { label: "a", values: [1, null] };
  assert.equal(unpacked(lane), lane);
});

test("A board is full of what came packed, and goes on with what comes in digits", () => {
  const lane = (at, value) => ({
    label: "a",
    labels: {},
    query: 0,
    ...(at ? { values: [value] } : { f64: base64(new Float64Array([value])) }),
  });
  const answer = (at, value) => ({
    rev: 10 + at,
    from: 100,
    to: 101 + at,
    step: 1,
    seconds: [100 + at],
    panels: { p1: { lanes: [lane(at, value)], left_out: 0 } },
  });
  const board = new BoardData(answer(0, 0.25));
  board.merge(answer(1, 0.5));
  assert.deepEqual(board.lanes("p1")[0].values, [0.25, 0.5]);
});
