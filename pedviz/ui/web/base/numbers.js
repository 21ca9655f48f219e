/** Numbers as people write and read them. Formatting is for the eye only: nothing computes with its result. */

const MINUS = "\u2212";

/**
 * Read a number: "3", "-2.5", "0,5", "1e-3", a fraction such as "3/10" and the typographic minus are understood.
 * @param {string} text
 * @returns {number} NaN where it is none
 */
export function parseNumber(text) {
  const parts = text.trim().replaceAll(MINUS, "-").replace(",", ".").split("/");
  if (parts.length > 2 || parts.some((part) => part.trim() === "")) return NaN;
  return parts.map(Number).reduce((top, bottom) => top / bottom);
}

const NONE = /^(none|n\/?a|[-−–—])$/;
const INFINITE = /^([+-]?)(inf|infinity|∞)$/;

/**
 * Read an answer: a number as parseNumber reads it, "inf" or "∞", and "none", "-" or "n/a" for what does not exist.
 * @param {string} text
 * @returns {number|null} null where the answer is that there is none, NaN where it cannot be read
 */
export function parseAnswer(text) {
  const word = text.trim().toLowerCase();
  if (NONE.test(word)) return null;
  const infinite = INFINITE.exec(word.replace(MINUS, "-"));
  return infinite ? Number(`${infinite[1]}Infinity`) : parseNumber(text);
}

const GROUPED = /^[-+\u2212]?[1-9]\d{0,2}(?:[, \u00a0\u202f]\d{3})+(?![\d,])/;

/**
 * What an answer may mean, each as parseAnswer reads it: "25,088" is 25088 in English, and 25.088 elsewhere.
 * @param {string} text
 * @returns {(number|null)[]} empty where it cannot be read
 */
export function readAnswers(text) {
  const whole = text.trim().replace(GROUPED, (digits) => digits.replace(/[^-+\u2212\d]/g, ""));
  return [...new Set([whole, text])].map(parseAnswer).filter((answer) => !Number.isNaN(answer));
}

/** A whole number with its thousands parted: 102,764,544. @param {number} value */
export const whole = (value) => value.toLocaleString("en").replace("-", MINUS);

/**
 * Write a number for the eye.
 * @param {number} value
 * @param {number} digits at most so many decimals; trailing zeros go
 * @returns {string} with a typographic minus; "undefined" for NaN and "∞" for infinity
 */
export function format(value, digits = 4) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const text = String(Number(value.toFixed(digits)));
  return text.replace("-", MINUS).replace(/^\u22120$/, "0");
}

/**
 * As `format`, with a fixed number of decimals, for columns.
 * @param {number} value
 * @param {number} digits
 */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return format(value);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", MINUS);
}

/** @type {[number, string][]} */
const UNITS = [
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "K"],
];
const LARGE_TICK = 1e4; // from here on an axis is written short

/**
 * A large number in few letters: 102.8M, 36.9K or 12; `digits` decimals at most.
 * @param {number} value
 */
export function short(value, digits = 1) {
  const [size, letter] = UNITS.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${format(value / size, digits)}${letter}`;
}

/**
 * How to write the ticks of an axis: all of them short, such as 20K, where one is large.
 * @param {number[]} ticks
 * @returns {(tick: number) => string}
 */
export function tickWriter(ticks) {
  const isLarge = ticks.some((tick) => Math.abs(tick) >= LARGE_TICK);
  return isLarge ? (tick) => short(tick, 3) : (tick) => format(tick);
}

/**
 * Round to a multiple of `step` without leaving binary dust such as 0.30000000000000004.
 * @param {number} value
 * @param {number} step above 0
 */
export function roundTo(value, step) {
  return Number((Math.round(value / step) * step).toFixed(10));
}

/**
 * The smallest of 1, 2 and 5 times a power of ten that is at least `rough`, which is above 0.
 * @param {number} rough
 */
export function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}

/**
 * `value`, kept within [low, high].
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
