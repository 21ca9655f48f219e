/** Everything that follows from the state of the losses lesson. */

import { remembering } from "../../base/memo.js";
import { softmax } from "../../maths/activations.js";
import { decodeBox, encodeBox } from "../../maths/box_coding.js";
import { binaryCrossEntropy, crossEntropy, l1, l2, logLoss, smoothL1 } from "../../maths/losses.js";
import { anchorsOf, labelledAnchors } from "./anchors.js";
import { mapLosses } from "./maps.js";

export const LOSSES = { l2: "L2", l1: "L1", smooth: "Smooth L1" };

/** Loss and gradient of the named loss at an error. */
export function lossAt(kind, error, beta) {
  if (kind === "smooth") return smoothL1(error, { beta });
  return kind === "l1" ? l1(error) : l2(error);
}

export const hasArea = ([x1, y1, x2, y2]) => x1 < x2 && y1 < y2;

/** The code from A to B with what follows from it; null where a box has no area and cannot be encoded. */
function coded({ a, b, beta }) {
  if (!hasArea(a) || !hasArea(b)) return { code: null, decoded: null, boxLoss: null };
  const code = encodeBox(b, a);
  const costs = code.map((value) => smoothL1(value, { beta }).loss);
  return { code, decoded: decodeBox(code, a), boxLoss: costs.reduce((sum, cost) => sum + cost, 0) };
}

/** @returns {(a: Object) => Object} codes, losses and gradients of a state, anchors of the figure, mask losses */
export function deriver({ picture }) {
  const anchors = anchorsOf(picture);
  const labelled = remembering(["high", "low", "draw"], (state) => labelledAnchors(anchors, state));
  const maps = remembering(["mt", "mp", "mo", "sure"], mapLosses);
  return (state) => ({ ...lossValues(state), anchors: labelled(state), maps: maps(state) });
}

/** Codes, losses and gradients of a state. */
export function lossValues(state) {
  const { r, beta, p, y, z } = state;
  const truth = Number(y);
  return {
    ...coded(state),
    at: Object.fromEntries(Object.keys(LOSSES).map((kind) => [kind, lossAt(kind, r, beta)])),
    log: logLoss(p, truth),
    logitSlope: p - truth,
    cell: { alone: binaryCrossEntropy(z[0], 1), shared: crossEntropy(z, 0), shares: softmax(z) },
  };
}
