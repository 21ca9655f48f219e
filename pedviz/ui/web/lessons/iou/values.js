/** What follows from two boxes: everything that the IoU lesson shows, computed once a redraw. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { LossKind } from "../../maths/iou_losses.js"
 */

import { sharedBox } from "../../base/boxes.js";
import { boxLossGradient, boxSimilarity, LOSS_KINDS, oneSidedSlopes, pairTerms } from "../../maths/iou_losses.js";

const JUMP = 1e-9; // loss per pixel: smaller differences of slope are rounding

/**
 * Something of every kind of loss.
 * @template Result
 * @param {(kind: LossKind) => Result} compute
 */
export function perKind(compute) {
  return /** @type {Record<LossKind, Result>} */ (Object.fromEntries(LOSS_KINDS.map((kind) => [kind, compute(kind)])));
}

/**
 * Areas in square pixels (areaA, areaB, intersection, union, enclosingArea), the edges of what is `shared` (null if
 * nothing) and of the `enclosing` box, squared `distance` of the centres and squared `diagonal`, `shape` and
 * `shapeWeight`; and by kind: `similarity`, `gradients` (4), `sides` (4 pairs of one-sided slopes), `kinked` (4).
 * @param {{a: Box, b: Box}} state
 */
export function valuesOf({ a, b }) {
  const terms = pairTerms(a, b, { directions: [] });
  const common = sharedBox(a, b);
  const sides = perKind((kind) => oneSidedSlopes(a, b, { kind }));
  return {
    areaA: terms.predictedArea.value,
    areaB: terms.targetArea.value,
    intersection: terms.intersection.value,
    union: terms.union.value,
    enclosingArea: terms.enclosingArea.value,
    distance: terms.centreDistanceSquared.value,
    diagonal: terms.diagonalSquared.value,
    shape: terms.shape.value,
    shapeWeight: terms.shapeWeight.value,
    common,
    shared: terms.intersection.value > 0 ? common : null,
    enclosing: [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])],
    similarity: perKind((kind) => boxSimilarity(a, b, { kind })),
    gradients: perKind((kind) => boxLossGradient(a, b, { kind })),
    sides,
    kinked: perKind((kind) => sides[kind].map(([before, after]) => Math.abs(before - after) > JUMP)),
  };
}
