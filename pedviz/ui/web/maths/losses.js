/**
 * The losses that a detector is trained with: the twin of pedviz/theory/losses.py, held equal to it by a test.
 *
 * Functions of one number return {loss, slope}. Logarithms are natural.
 */

import { sigmoid, softmax } from "./activations.js";
import { PERSON } from "./anchors.js";

/**
 * @import { Code } from "./box_coding.js"
 * @typedef {{loss: number, slope: number}} Loss
 * @typedef {{loss: number, slope: number[]}} ClassLoss one slope a class
 * @typedef {{value: number, cells: number[][], slopes: number[][][]}} MaskLoss slopes as [class][row][column]
 */

const DETECTOR_BETA = 1 / 9; // torchvision's smooth L1 in both box losses

const sum = (/** @type {number[]} */ values) => values.reduce((total, value) => total + value, 0);

/** @type {(residual: number) => Loss} the absolute error: the same pull however small; slope 0 at the kink */
export function l1(residual) {
  return { loss: Math.abs(residual), slope: Math.sign(residual) };
}

/** @type {(residual: number) => Loss} half the squared error: an outlier pulls as hard as it is far */
export function l2(residual) {
  return { loss: residual ** 2 / 2, slope: residual };
}

/**
 * A parabola within `beta`, straight beyond; beta 0 is `l1`.
 * @type {(residual: number, how?: {beta?: number}) => Loss}
 * @throws {RangeError} beta < 0
 */
export function smoothL1(residual, { beta = 1 } = {}) {
  if (!(beta >= 0)) throw new RangeError(`beta: expected at least 0, got ${beta}`);
  const { loss: size, slope: sign } = l1(residual);
  if (size < beta) return { loss: size ** 2 / (2 * beta), slope: (sign * size) / beta };
  return { loss: size - beta / 2, slope: sign };
}

/**
 * What a probability costs once the truth, 0 or 1, is known; infinite where it was called impossible.
 * @type {(probability: number, target: number) => Loss}
 * @throws {RangeError} the probability is outside [0, 1]
 */
export function logLoss(probability, target) {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability: expected [0, 1], got ${probability}`);
  }
  const givenToTruth = probability * target + (1 - target) * (1 - probability);
  return { loss: 0 - Math.log(givenToTruth), slope: (1 - 2 * target) / givenToTruth };
}

/** @type {(logit: number, target: number) => Loss} of sigmoid(logit), from the logit; the target in [0, 1] */
export function binaryCrossEntropy(logit, target) {
  const loss = Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
  return { loss, slope: sigmoid(logit) - target };
}

/** @type {(logits: number[], label: number) => ClassLoss} of softmax(logits) */
export function crossEntropy(logits, label) {
  const largest = Math.max(...logits);
  const logSum = largest + Math.log(sum(logits.map((logit) => Math.exp(logit - largest))));
  const slope = softmax(logits).map((share, place) => share - Number(place === label));
  return { loss: logSum - logits[label], slope };
}

/**
 * The multi-task loss of the sampled anchors.
 * @param {number[]} logits objectness
 * @param {Code[]} codes predicted
 * @param {{labels: number[], targetCodes: Code[], balance?: number, boxCount?: number, beta?: number}} how `labels`
 *   (0 or 1) and `targetCodes` of the anchors; `balance`, lambda; `boxCount`, what the box term is divided by, the
 *   number of anchors by default; `beta` of the smooth L1
 * @throws {RangeError} no anchor is given, or one is labelled neither 0 nor 1
 */
export function rpnLoss(logits, codes, how) {
  const { labels, targetCodes, balance = 1, boxCount = labels.length, beta = DETECTOR_BETA } = how;
  if (!labels.length || !labels.every((label) => label === 0 || label === 1)) {
    throw new RangeError(`labels: expected anchors labelled 0 or 1, got ${[...new Set(labels)].sort()}`);
  }
  const errors = codes.flatMap((code, anchor) =>
    labels[anchor] === PERSON ? code.map((value, k) => smoothL1(value - targetCodes[anchor][k], { beta }).loss) : [],
  );
  const objectness = sum(logits.map((logit, anchor) => binaryCrossEntropy(logit, labels[anchor]).loss)) / labels.length;
  const boxes = (balance * sum(errors)) / boxCount;
  return { objectness, boxes, total: objectness + boxes };
}

/** @type {(found: ClassLoss[][], classes: number) => MaskLoss} of the losses of all cells, [row][column] */
function together(found, classes) {
  const size = found.length * found[0].length;
  return {
    value: sum(found.flat().map(({ loss }) => loss)) / size,
    cells: found.map((row) => row.map(({ loss }) => loss)),
    slopes: Array.from({ length: classes }, (_, k) => found.map((row) => row.map(({ slope }) => slope[k] / size))),
  };
}

/**
 * Mask R-CNN's mask loss: a yes or no for each cell, on the true class's map alone.
 * @param {number[][][]} logits [class][row][column]
 * @param {number[][]} target in [0, 1]
 * @param {{trueClass: number}} how
 * @returns the slopes of every other class are 0
 */
export function maskLoss(logits, target, { trueClass }) {
  const found = target.map((row, i) =>
    row.map((goal, j) => {
      const { loss, slope } = binaryCrossEntropy(logits[trueClass][i][j], goal);
      return { loss, slope: logits.map((_, k) => (k === trueClass ? slope : 0)) };
    }),
  );
  return together(found, logits.length);
}

/**
 * The alternative: one softmax over the classes in each cell, class 0 the background.
 * @type {(logits: number[][][], target: number[][], how: {trueClass: number}) => MaskLoss}
 */
export function competingMaskLoss(logits, target, { trueClass }) {
  const found = target.map((row, i) =>
    row.map((goal, j) =>
      crossEntropy(
        logits.map((map) => map[i][j]),
        goal > 0 ? trueClass : 0,
      ),
    ),
  );
  return together(found, logits.length);
}
