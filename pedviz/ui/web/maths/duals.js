/**
 * Numbers that know how fast they change: the twin of pedviz/theory/duals.py, for one value at a time.
 *
 * A dual is {value, slope}: a number and its derivatives along D directions. A constant has an empty slope,
 * which counts as 0 along every direction.
 */

/** @typedef {{value: number, slope: number[]}} Dual */

/** @type {(first: Dual, second: Dual, rule: (a: number, b: number) => number) => number[]} */
function combine(first, second, rule) {
  const directions = Math.max(first.slope.length, second.slope.length);
  const slope = new Array(directions); // a loop, because this runs thousands of times while a finger moves
  for (let d = 0; d < directions; d += 1) slope[d] = rule(first.slope[d] ?? 0, second.slope[d] ?? 0);
  return slope;
}

/** @type {(value: number) => Dual} that nothing changes */
export function constant(value) {
  return { value, slope: [] };
}

/** @type {(dual: Dual) => Dual} */
function negative(dual) {
  return { value: -dual.value, slope: dual.slope.map((slope) => -slope) };
}

/** @type {(first: Dual, second: Dual) => Dual} */
export function add(first, second) {
  return { value: first.value + second.value, slope: combine(first, second, (a, b) => a + b) };
}

/** @type {(first: Dual, second: Dual) => Dual} */
export function subtract(first, second) {
  return { value: first.value - second.value, slope: combine(first, second, (a, b) => a - b) };
}

/** @type {(first: Dual, second: Dual) => Dual} */
export function multiply(first, second) {
  const slope = combine(first, second, (a, b) => a * second.value + first.value * b);
  return { value: first.value * second.value, slope };
}

/** @type {(first: Dual, second: Dual) => Dual} the quotient; 0 with slope 0 where the denominator is 0 */
export function divide(first, second) {
  const divisor = second.value === 0 ? Infinity : second.value;
  const value = first.value / divisor;
  return { value, slope: combine(first, second, (a, b) => (a - value * b) / divisor) };
}

/**
 * The larger of two duals.
 * @param {Dual} first
 * @param {Dual} second
 * @param {boolean} oneSided at a tie, false takes the mean of both slopes as autograd does, true the larger
 *   one, which is the exact derivative when moving forward
 * @returns {Dual}
 */
export function larger(first, second, oneSided = false) {
  const lead = first.value - second.value;
  const slope = combine(first, second, (a, b) => {
    if (lead !== 0) return lead > 0 ? a : b;
    return oneSided ? Math.max(a, b) : (a + b) / 2;
  });
  return { value: Math.max(first.value, second.value), slope };
}

/** @type {(first: Dual, second: Dual, oneSided?: boolean) => Dual} with the rule of `larger` at a tie */
export function smaller(first, second, oneSided = false) {
  return negative(larger(negative(first), negative(second), oneSided));
}

/**
 * The dual where it is above 0, else 0; at exactly 0 its gradient is 0, or one-sided, the upward part of it.
 * @type {(length: Dual, oneSided?: boolean) => Dual}
 */
export function positivePart(length, oneSided = false) {
  if (oneSided) return larger(length, constant(0), true);
  return length.value > 0 ? length : { value: 0, slope: length.slope.map(() => 0) };
}

/**
 * The angle whose tangent is opposite / adjacent, radians in [0, pi / 2]; 0 where both are 0.
 * @type {(opposite: Dual, adjacent: Dual) => Dual}
 */
export function angle(opposite, adjacent) {
  const squared = opposite.value ** 2 + adjacent.value ** 2;
  const divisor = squared === 0 ? Infinity : squared;
  const slope = combine(opposite, adjacent, (a, b) => (a * adjacent.value - opposite.value * b) / divisor);
  return { value: Math.atan2(opposite.value, adjacent.value), slope };
}
