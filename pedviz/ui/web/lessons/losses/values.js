/** Everything that follows from the state of the losses lesson. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Loss } from "../../maths/losses.js"
 * @import { Common, Lesson } from "../kit/kit.js"
 * @import { Picture } from "./anchors.js"
 * @import { MapKey } from "./maps.js"
 */

import { remembering } from "../../base/memo.js";
import { softmax } from "../../maths/activations.js";
import { decodeBox, encodeBox } from "../../maths/box_coding.js";
import { binaryCrossEntropy, crossEntropy, l1, l2, logLoss, smoothL1 } from "../../maths/losses.js";
import { anchorsOf, labelledAnchors } from "./anchors.js";
import { mapLosses } from "./maps.js";

/**
 * The settings of pedviz/lessons/losses.py, and what follows from them.
 * @typedef {Record<"r"|"beta"|"p"|"high"|"low"|"draw"|"sure", number> & Record<"a"|"b", Box> & Record<MapKey, string>
 *   & {y: "0"|"1", z: number[], brush: "mt"|"mp"} & Common} State
 * @typedef {ReturnType<ReturnType<typeof deriver>>} Values
 * @typedef {Lesson<State, Values>} LossesLesson
 * @typedef {"l2"|"l1"|"smooth"} Regression
 */

/** @type {[Regression, string][]} */
export const LOSSES = [
  ["l2", "L2"],
  ["l1", "L1"],
  ["smooth", "Smooth L1"],
];

/**
 * The named loss at an error.
 * @param {Regression} kind
 * @param {number} error
 * @param {number} beta
 * @returns {Loss}
 */
export function lossAt(kind, error, beta) {
  if (kind === "smooth") return smoothL1(error, { beta });
  return kind === "l1" ? l1(error) : l2(error);
}

/** @param {Box} box */
export const hasArea = ([x1, y1, x2, y2]) => x1 < x2 && y1 < y2;

/**
 * The code from A to B with what follows from it; null where a box has no area and cannot be encoded.
 * @param {State} state
 */
function coded({ a, b, beta }) {
  if (!hasArea(a) || !hasArea(b)) return { code: null, decoded: null, boxLoss: null };
  const code = encodeBox(b, a);
  const costs = code.map((value) => smoothL1(value, { beta }).loss);
  return { code, decoded: decodeBox(code, a), boxLoss: costs.reduce((sum, cost) => sum + cost, 0) };
}

/**
 * Codes, losses and gradients of a state, anchors of the figure, mask losses.
 * @param {{picture: Picture}} data
 */
export function deriver({ picture }) {
  const anchors = anchorsOf(picture);
  const labelled = remembering(["high", "low", "draw"], (/** @type {State} */ state) =>
    labelledAnchors(anchors, state),
  );
  const maps = remembering(["mt", "mp", "mo", "sure"], mapLosses);
  return (/** @type {State} */ state) => ({ ...lossValues(state), anchors: labelled(state), maps: maps(state) });
}

/** Codes, losses and gradients of a state. @param {State} state */
export function lossValues(state) {
  const { r, beta, p, y, z } = state;
  const truth = Number(y);
  return {
    ...coded(state),
    at: { l2: l2(r), l1: l1(r), smooth: smoothL1(r, { beta }) },
    log: logLoss(p, truth),
    logitSlope: p - truth,
    cell: { alone: binaryCrossEntropy(z[0], 1), shared: crossEntropy(z, 0), shares: softmax(z) },
  };
}
