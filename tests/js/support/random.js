/** A seeded generator of numbers in [0, 1) (mulberry32), so that a randomised test that fails can be run again. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from 0 to `below` - 1. */
export function pick(random, below) {
  return Math.floor(random() * below);
}

/** The same things in another order. */
export function shuffled(random, things) {
  const order = [...things];
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = pick(random, place + 1);
    [order[place], order[other]] = [order[other], order[place]];
  }
  return order;
}
