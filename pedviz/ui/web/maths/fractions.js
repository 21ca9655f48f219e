/**
 * Numbers that are never rounded: what pedviz/theory/attention.py has from Python's fractions.Fraction.
 *
 * @typedef {number|Fraction} Scalar
 */

/** @param {bigint} first @param {bigint} second */
function greatestCommonDivisor(first, second) {
  while (second) [first, second] = [second, first % second];
  return first;
}

/** A quotient of two whole numbers in lowest terms, the denominator above 0. */
export class Fraction {
  /**
   * @param {bigint} numerator
   * @throws {RangeError} the denominator is 0
   */
  constructor(numerator, denominator = 1n) {
    if (denominator === 0n) throw new RangeError("a fraction cannot have 0 below its line");
    const sign = denominator < 0n ? -1n : 1n;
    const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, sign * denominator);
    this.numerator = (sign * numerator) / divisor;
    this.denominator = (sign * denominator) / divisor;
    Object.freeze(this);
  }

  /**
   * A whole number, or a text such as "3", "-2.5" or "3/10", taken exactly as it is written.
   * @param {string|number} written
   * @throws {RangeError} it is neither
   */
  static of(written) {
    const text = String(written).trim();
    const quotient = /^([+-]?\d+)\s*\/\s*(\d+)$/.exec(text);
    if (quotient) return new Fraction(BigInt(quotient[1]), BigInt(quotient[2]));
    const decimal = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text);
    if (!decimal) throw new RangeError(`expected a number such as 3, -2.5 or 3/10, got "${text}"`);
    const [, sign, whole, places = ""] = decimal;
    const size = new Fraction(BigInt(whole + places), 10n ** BigInt(places.length));
    return sign === "-" ? size.times(new Fraction(-1n)) : size;
  }

  /**
   * The simplest fraction whose nearest float is a number, by its continued fraction: 1/3 for 0.333..., 1/10 for 0.1.
   * @param {number} value finite
   * @throws {RangeError} it is not
   */
  static simplest(value) {
    if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`);
    const size = Math.abs(value);
    let [scaled, below] = [size, 1n];
    for (; !Number.isInteger(scaled); below *= 2n) scaled *= 2;
    let above = BigInt(scaled);
    let [top, bottom, lastTop, lastBottom] = [1n, 0n, 0n, 1n]; // convergents
    do {
      const whole = above / below;
      [top, bottom, lastTop, lastBottom] = [whole * top + lastTop, whole * bottom + lastBottom, top, bottom];
      [above, below] = [below, above % below];
    } while (below !== 0n && Number(top) / Number(bottom) !== size);
    return new Fraction(value < 0 ? -top : top, bottom);
  }

  /** @param {Fraction} other */
  plus(other) {
    const numerator = this.numerator * other.denominator + other.numerator * this.denominator;
    return new Fraction(numerator, this.denominator * other.denominator);
  }

  /** @param {Fraction} other */
  times(other) {
    return new Fraction(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  /** @param {Fraction} other */
  over(other) {
    return new Fraction(this.numerator * other.denominator, this.denominator * other.numerator);
  }

  /** The nearest float. */
  valueOf() {
    return Number(this.numerator) / Number(this.denominator);
  }

  toString() {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }
}

/** @typedef {<Value extends Scalar>(first: Value, second: Value) => Value} Operation on two floats or two fractions */

/** @type {(exact: (a: Fraction, b: Fraction) => Fraction, rounded: (a: number, b: number) => number) => Operation} */
const operation = (exact, rounded) =>
  /** @type {Operation} */ (
    (first, second) =>
      first instanceof Fraction && second instanceof Fraction
        ? exact(first, second)
        : rounded(Number(first), Number(second))
  );

/** Sum, product and quotient. */
export const plus = operation(
  (first, second) => first.plus(second),
  (first, second) => first + second,
);
export const times = operation(
  (first, second) => first.times(second),
  (first, second) => first * second,
);
export const over = operation(
  (first, second) => first.over(second),
  (first, second) => first / second,
);

/**
 * Whether the first of two floats or two fractions is above the second, to the last digit.
 * @param {Scalar} first
 * @param {Scalar} second
 */
export const exceeds = (first, second) =>
  first instanceof Fraction && second instanceof Fraction
    ? first.numerator * second.denominator > second.numerator * first.denominator
    : Number(first) > Number(second);
