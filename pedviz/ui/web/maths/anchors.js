/** Anchors, and how training labels them: the twin of pedviz/theory/anchors.py, held equal to it by a test. */

/** @import { Box } from "./iou_losses.js" */

const HIGH_OVERLAP = 0.7;
const LOW_OVERLAP = 0.3;
export const PERSON = 1;
export const BACKGROUND = 0;
export const IGNORED = -1;

const count = (/** @type {number} */ length) => Array.from({ length }, (_, place) => place);

/**
 * The nearest whole number, halves to even as NumPy and torch round.
 * @param {number} value
 */
function roundedToEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/**
 * The anchors of one feature map.
 * @param {number[]} featureSize [H, W] cells
 * @param {{stride: number[], sides: number[], ratios?: number[]}} how `stride`, [rows, columns] of pixels; `sides`,
 *   square roots of areas; `ratios`, height over width
 * @returns {Box[]} for each cell in reading order, for each ratio, each side
 */
export function anchorGrid([height, width], { stride, sides, ratios = [0.5, 1, 2] }) {
  const shapes = ratios.flatMap((ratio) => {
    const tall = Math.sqrt(ratio);
    return sides.map((side) => [-(1 / tall) * side, -tall * side, (1 / tall) * side, tall * side]);
  });
  const rounded = shapes.map((shape) => shape.map((edge) => roundedToEven(edge / 2)));
  return count(height).flatMap((row) =>
    count(width).flatMap((column) =>
      rounded.map((shape) => shape.map((edge, k) => edge + (k % 2 ? row * stride[0] : column * stride[1]))),
    ),
  );
}

/** @param {number[]} values */
function firstLargest(values) {
  return values.reduce((best, value, place) => (value > values[best] ? place : best), 0);
}

/**
 * Label anchors by their IoU with the people in an image. As in torchvision, a rescued anchor learns the
 * person that it overlaps most itself, and a person whom no anchor touches makes every anchor positive that
 * does not touch them.
 * @param {number[][]} overlaps IoU, one row a person, one column an anchor
 * @param {{anchors: number, high?: number, low?: number}} how `anchors`, how many there are; `high` and `low`, IoU
 * @returns labels (1 a person, 0 background, -1 ignored); people (-1 for none); bestOverlap; rescued
 * @throws {RangeError} low > high
 */
export function labelAnchors(overlaps, { anchors, high = HIGH_OVERLAP, low = LOW_OVERLAP }) {
  if (low > high) throw new RangeError(`expected low <= high, got low ${low} and high ${high}`);
  const mostOfEach = overlaps.map((row) => row.reduce((most, value) => Math.max(most, value), -Infinity));
  const columns = count(anchors).map((anchor) => overlaps.map((row) => row[anchor]));
  const found = columns.map((column) => {
    if (!column.length) return { label: BACKGROUND, person: -1, best: 0, rescued: false };
    const person = firstLargest(column);
    const best = column[person];
    const rescued = column.some((value, k) => value === mostOfEach[k]) && best < high;
    const positive = best >= high || rescued;
    const label = positive ? PERSON : best < low ? BACKGROUND : IGNORED;
    return { label, person: positive ? person : -1, best, rescued };
  });
  return {
    labels: found.map((anchor) => anchor.label),
    people: found.map((anchor) => anchor.person),
    bestOverlap: found.map((anchor) => anchor.best),
    rescued: found.map((anchor) => anchor.rescued),
  };
}

/**
 * The few anchors that one training step learns from.
 * @param {number[]} labels 1, 0 or -1
 * @param {number[]} keys random numbers; within each label the anchors with the smallest keys are taken
 * @param {{size?: number, positiveShare?: number}} how `size`, how many; `positiveShare`, the largest part that may be
 *   positive
 * @returns {number[]} places, rising
 */
export function sampleAnchors(labels, keys, { size = 256, positiveShare = 0.5 } = {}) {
  /** @type {(label: number, atMost: number) => number[]} */
  const take = (label, atMost) =>
    count(labels.length)
      .filter((place) => labels[place] === label)
      .sort((first, second) => keys[first] - keys[second])
      .slice(0, atMost);
  const positive = take(PERSON, Math.floor(size * positiveShare));
  const background = take(BACKGROUND, size - positive.length);
  return [...positive, ...background].sort((first, second) => first - second);
}
