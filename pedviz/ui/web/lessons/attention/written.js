/** How the lesson on attention writes exact numbers, vectors and matrices. */

import { format } from "../../base/numbers.js";
import { Fraction, times } from "../../maths/fractions.js";
import { frac, mml, row, sub, symbol, text } from "../kit/mathml.js";
import { KEYS } from "./values.js";

const LONG_FRACTION = 9; // letters
const DIGITS = 4;
const MINUS = "\u2212";

const isShort = (/** @type {number|Fraction} */ value) => String(value).length <= LONG_FRACTION;
const isNegative = (/** @type {number|Fraction} */ value) => Number(value) < 0;

/**
 * 3/10; decimals where the fraction would be long, and for floats.
 * @param {number|Fraction} value
 */
export function written(value, digits = DIGITS) {
  if (typeof value !== "number" && isShort(value)) return String(value).replace("-", MINUS);
  return format(Number(value), digits);
}

/**
 * The same in a formula: the sign before the line of the fraction.
 * @param {number|Fraction} value
 */
export function writtenMath(value, digits = DIGITS) {
  if (typeof value === "number" || !isShort(value) || value.denominator === 1n) return text(written(value, digits));
  const size = String(value.numerator).replace("-", "");
  const quotient = frac(size, String(value.denominator));
  return isNegative(value) ? row(text(MINUS), quotient) : quotient;
}

/** The name of a vector in its colour; with a label where the keyboard should reach it. */
export const vectorName = (/** @type {number} */ place, label = "") =>
  symbol(KEYS[place], sub("z", String(place + 1)), label);

/**
 * What is not 0 of a sum of factors times things, such as p + 2q; 0 where nothing is left.
 * @param {(number|Fraction)[]} factors
 * @param {(place: number) => Node} things
 * @param {{digits?: number, of?: (place: number) => string|null}} [options] of: what a factor is about
 */
export function sumOf(factors, things, { digits = DIGITS, of = () => null } = {}) {
  const terms = factors.map((factor, place) => ({ factor, place })).filter(({ factor }) => Number(factor) !== 0);
  if (terms.length === 0) return text("0");
  return row(
    ...terms.flatMap(({ factor, place }, order) => {
      const size = isNegative(factor) ? negated(factor) : factor;
      const sign = isNegative(factor) ? [text(order ? ` ${MINUS} ` : MINUS)] : order ? [text(" + ")] : [];
      const [thing, amount] = [of(place), writtenMath(size, digits)];
      const number = Number(size) === 1 ? [] : [thing ? symbol(thing, amount) : amount];
      return [...sign, ...number, things(place)];
    }),
  );
}

/** @param {number|Fraction} value */
const negated = (value) => (typeof value === "number" ? -value : times(value, Fraction.simplest(-1)));

/**
 * A matrix in brackets.
 * @param {(number|Fraction)[][]} rows
 */
export function matrix(rows) {
  const cell = (/** @type {number|Fraction} */ value) => mml("mtd", {}, writtenMath(value));
  return row("(", mml("mtable", {}, ...rows.map((values) => mml("mtr", {}, ...values.map(cell)))), ")");
}
