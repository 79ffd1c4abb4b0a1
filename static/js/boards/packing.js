/** Values as the server packs them: `u8` are bytes, 255 being nothing; `f32` and `f64` are floats, of which what is no number is nothing. */
const FORMS = { u8: Uint8Array, f32: Float32Array, f64: Float64Array };
const NOTHING = 255;

/** A lane with `values`, each a number or null, in whichever form they came. */
export function unpacked(lane) {
  const form = Object.keys(FORMS).find((name) => name in lane);
  if (!form) return lane;
  const { [form]: packed, ...named } = lane;
  const numbers = new FORMS[form](bytesOf(packed).buffer);
  return { ...named, values: valuesOf(numbers, form === "u8" ? NOTHING : null) };
}

// uPlot takes null for a gap, and no typed array has one.
function valuesOf(numbers, nothing) {
  const values = [];
  for (let at = 0; at < numbers.length; at++) {
    const value = numbers[at];
    values.push(value === nothing || !Number.isFinite(value) ? null : value);
  }
  return values;
}

function bytesOf(packed) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(packed);
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
