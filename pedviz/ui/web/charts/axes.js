/** The axes that several charts share; fixed, so that charts of different settings can be compared. */

import { roundStep } from "../base/numbers.js";

const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
const short = (value) => value.toFixed(1);

/** An axis from 0 to 1. */
export const unit = (label) => ({ label, low: 0, high: 1, ticks: tenths, format: short });

/** An axis over the IoU thresholds of COCO. */
export const iouAxis = {
  label: "IoU that a hit needs",
  low: 0.5,
  high: 0.95,
  ticks: [0.5, 0.6, 0.7, 0.8, 0.9],
  format: short,
};

/** Round steps that cover 0 to `highest`. */
export function stepsTo(highest, count = 5) {
  const step = roundStep(highest / count);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
}
