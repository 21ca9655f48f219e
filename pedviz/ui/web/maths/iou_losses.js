/**
 * IoU, GIoU, DIoU and CIoU of one pair of boxes, their gradients, kinks and descent: the twin of
 * pedviz/theory/iou_losses.py and iou_paths.py, held equal to them by a test.
 *
 * A box is [x1, y1, x2, y2] in pixels with x1 <= x2 and y1 <= y2. A direction is four numbers, the speed of
 * each edge.
 */

/**
 * @import { Dual } from "./duals.js"
 * @typedef {number[]} Box its edges x1, y1, x2, y2, in pixels where nothing else is said
 * @typedef {number[]} Direction the speed of each edge
 * @typedef {ReturnType<typeof pairTerms>} PairTerms
 * @typedef {keyof typeof SIMILARITIES} LossKind
 * @typedef {{directions?: Direction[], oneSided?: boolean}} Slopes `directions`, along which slopes are taken;
 *   `oneSided`, the rule at kinks
 * @typedef {{at: number, box: Box, slopeBefore: number, slopeAfter: number}} Kink `at`, the part of the way in (0, 1);
 *   slopes are loss per whole way
 */

import { add, angle, constant, divide, larger, multiply, positivePart, smaller, subtract } from "./duals.js";

const EDGES = [0, 1, 2, 3].map((edge) => [0, 1, 2, 3].map((other) => Number(other === edge)));
const SNAP = 1e-9; // pixels per pixel of coordinate: rounding that separates edges that coincide on paper
const SAME_PLACE = 1e-9; // parts of a path: meetings closer than this are one, apart by rounding
const BEND = 1e-9; // loss per path: smaller differences of slope are rounding

const squared = (/** @type {Dual} */ length) => multiply(length, length);

/**
 * The box itself, once it is known to be one. A box without area is.
 * @param {string} name
 * @param {Box} box
 * @throws {RangeError} a number is not finite, or corners are reversed; the message names the box
 */
export function checkedBox(name, box) {
  const fits = box.length === 4 && box.every(Number.isFinite) && box[0] <= box[2] && box[1] <= box[3];
  if (!fits) throw new RangeError(`${name}: expected finite x1 <= x2 and y1 <= y2, got ${box.join(", ")}`);
  return box;
}

/** @type {(sides: Dual[], targetSides: Dual[]) => Dual} */
function shapeDifference([width, height], [targetWidth, targetHeight]) {
  const hasShape = width.value + height.value > 0 && targetWidth.value + targetHeight.value > 0;
  const difference = subtract(angle(targetWidth, targetHeight), angle(width, height));
  return multiply(multiply(constant(hasShape ? 4 / Math.PI ** 2 : 0), difference), difference);
}

/**
 * Everything that the four losses are made of.
 * @param {Box} predicted
 * @param {Box} target
 * @param {Slopes} how
 * @returns duals; shape is CIoU's v, shapeWeight its alpha, a constant
 * @throws {RangeError} a box is not finite or reversed
 */
export function pairTerms(predicted, target, { directions = EDGES, oneSided = false } = {}) {
  checkedBox("predicted", predicted);
  checkedBox("target", target);
  const [x1, y1, x2, y2] = predicted.map((value, edge) => ({ value, slope: directions.map((d) => d[edge]) }));
  const [u1, v1, u2, v2] = target.map(constant);
  /** @type {(first: Dual, second: Dual) => Dual} */
  const low = (first, second) => smaller(first, second, oneSided);
  /** @type {(first: Dual, second: Dual) => Dual} */
  const high = (first, second) => larger(first, second, oneSided);
  /** @type {(from: Dual, to: Dual) => Dual} */
  const shared = (from, to) => positivePart(subtract(to, from), oneSided);

  const sides = [subtract(x2, x1), subtract(y2, y1)];
  const targetSides = [subtract(u2, u1), subtract(v2, v1)];
  const predictedArea = multiply(sides[0], sides[1]);
  const targetArea = multiply(targetSides[0], targetSides[1]);
  const intersection = multiply(shared(high(x1, u1), low(x2, u2)), shared(high(y1, v1), low(y2, v2)));
  const union = subtract(add(predictedArea, targetArea), intersection);
  const iou = divide(intersection, union);
  const [across, down] = [subtract(high(x2, u2), low(x1, u1)), subtract(high(y2, v2), low(y1, v1))];
  const [twiceX, twiceY] = [subtract(subtract(add(x1, x2), u1), u2), subtract(subtract(add(y1, y2), v1), v2)];
  const shape = shapeDifference(sides, targetSides);
  return {
    predictedArea,
    targetArea,
    intersection,
    union,
    iou,
    shape,
    enclosingArea: multiply(across, down),
    centreDistanceSquared: multiply(constant(0.25), add(squared(twiceX), squared(twiceY))),
    diagonalSquared: add(squared(across), squared(down)),
    shapeWeight: constant(divide(shape, add(subtract(constant(1), iou), shape)).value),
  };
}

/** @param {PairTerms} terms */
function diou(terms) {
  return subtract(terms.iou, divide(terms.centreDistanceSquared, terms.diagonalSquared));
}

/** @satisfies {Record<string, (terms: PairTerms) => Dual>} */
const SIMILARITIES = {
  iou: (terms) => terms.iou,
  giou: (terms) => subtract(terms.iou, divide(subtract(terms.enclosingArea, terms.union), terms.enclosingArea)),
  diou,
  ciou: (terms) => subtract(diou(terms), multiply(terms.shapeWeight, terms.shape)),
};
export const LOSS_KINDS = /** @type {LossKind[]} */ (Object.keys(SIMILARITIES));

/** @type {(predicted: Box, target: Box, kind: LossKind, how: Slopes) => Dual} */
function lossDual(predicted, target, kind, how) {
  return subtract(constant(1), SIMILARITIES[kind](pairTerms(predicted, target, how)));
}

/**
 * IoU in [0, 1], GIoU and DIoU in [-1, 1], or CIoU in (-2, 1].
 * @type {(predicted: Box, target: Box, how: {kind: LossKind}) => number}
 */
export function boxSimilarity(predicted, target, { kind }) {
  return SIMILARITIES[kind](pairTerms(predicted, target, { directions: [] })).value;
}

/** @type {(predicted: Box, target: Box, how: {kind: LossKind}) => number} 1 - similarity: what a network minimises */
export function boxLoss(predicted, target, { kind }) {
  return lossDual(predicted, target, kind, { directions: [] }).value;
}

/**
 * How the loss changes with x1, y1, x2 and y2, loss per pixel; at kinks as autograd has it.
 * @type {(predicted: Box, target: Box, how: {kind: LossKind}) => number[]}
 */
export function boxLossGradient(predicted, target, { kind }) {
  return lossDual(predicted, target, kind, {}).slope;
}

/**
 * The exact slope of the loss when the box sets off along each direction, at kinks too.
 * @type {(predicted: Box, target: Box, how: {directions: Direction[], kind: LossKind}) => number[]}
 */
export function directionalSlopes(predicted, target, { directions, kind }) {
  return lossDual(predicted, target, kind, { directions, oneSided: true }).slope;
}

/**
 * For each edge, the slope of the loss from the side of smaller and from the side of larger coordinates.
 * @type {(predicted: Box, target: Box, how: {kind: LossKind}) => number[][]}
 */
export function oneSidedSlopes(predicted, target, { kind }) {
  const backwards = EDGES.map((edge) => edge.map((speed) => -speed));
  const both = directionalSlopes(predicted, target, { directions: [...backwards, ...EDGES], kind });
  return EDGES.map((_, edge) => [0 - both[edge], both[edge + 4]]);
}

/** @type {(start: Box, end: Box, at: number) => Box} */
function between(start, end, at) {
  return start.map((edge, k) => edge + at * (end[k] - edge));
}

/**
 * Boxes evenly spaced on the straight line between two boxes, both included.
 * @type {(start: Box, end: Box, how: {points: number}) => Box[]}
 */
export function straightPath(start, end, { points }) {
  const last = points - 1;
  return Array.from({ length: points }, (_, point) => (point === last ? [...end] : between(start, end, point / last)));
}

/**
 * Parts of the way at which an edge of the moving box is level with an edge of the target.
 * @type {(start: Box, step: Direction, target: Box) => number[]}
 */
function meetings(start, step, target) {
  /** @type {Set<number>} */
  const at = new Set();
  for (let edge = 0; edge < 4; edge += 1) {
    for (const other of [edge % 2, (edge % 2) + 2]) {
      const moment = (target[other] - start[edge]) / step[edge];
      if (step[edge] !== 0 && moment > 0 && moment < 1) at.add(moment);
    }
  }
  const rising = [...at].sort((first, second) => first - second);
  return rising.filter((moment, place) => place === 0 || moment - rising[place - 1] > SAME_PLACE);
}

/** @type {(box: Box, target: Box) => Box} */
function snapped(box, target) {
  return box.map((edge, k) => {
    const near = [target[k % 2], target[(k % 2) + 2]].filter(
      (other) => Math.abs(edge - other) <= SNAP * (1 + Math.abs(other)),
    );
    return near.at(-1) ?? edge;
  });
}

/**
 * Where the loss bends while a box travels on a straight line past a target.
 * @type {(start: Box, end: Box, how: {target: Box, kind: LossKind}) => Kink[]} in order
 * @throws {RangeError} a box is not finite or reversed
 */
export function kinksAlong(start, end, { target, kind }) {
  const step = end.map((edge, k) => edge - start[k]);
  const backwards = step.map((speed) => -speed);
  return meetings(start, step, target)
    .map((at) => {
      const box = snapped(
        start.map((edge, k) => edge + at * step[k]),
        target,
      );
      const [back, slopeAfter] = directionalSlopes(box, target, { directions: [backwards, step], kind });
      return { at, box, slopeBefore: 0 - back, slopeAfter };
    })
    .filter((kink) => Math.abs(kink.slopeAfter - kink.slopeBefore) > BEND);
}

/**
 * The box with edges that have passed each other put where they met, in the middle.
 * @type {(box: Box) => Box}
 */
function uncrossed([x1, y1, x2, y2]) {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x), Math.max(y2, y)];
}

/**
 * Gradient descent of one box towards a target.
 * @param {Box} start
 * @param {Box} target
 * @param {{kind: LossKind, steps: number, rate: number}} how `rate` in pixels squared
 * @returns {Box[]} the box before each step and after the last
 */
export function descend(start, target, { kind, steps, rate }) {
  const path = [start];
  let box = start;
  for (let step = 0; step < steps; step += 1) {
    const slope = boxLossGradient(box, target, { kind });
    box = uncrossed(box.map((edge, k) => edge - rate * slope[k]));
    path.push(box);
  }
  return path;
}
