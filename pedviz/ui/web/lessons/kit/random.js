/** Numbers for a sheet: the same for the same seed, on every machine. */

const WHOLE = 2 ** 32;

/**
 * @param {number} seed a whole number
 * @typedef {{whole: (low: number, high: number) => number, pick: <T>(list: T[]) => T}} Random both ends of `whole` are
 *   included
 * @returns {Random}
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  /** Mulberry32: 32 bits of state, one multiplication a number; enough to vary exercises. */
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / WHOLE;
  }
  /** @type {Random["whole"]} */
  const whole = (low, high) => low + Math.floor(next() * (high - low + 1));
  return { whole, pick: (list) => list[whole(0, list.length - 1)] };
}
