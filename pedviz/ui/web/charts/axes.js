/** The axes that several charts share; fixed, so that charts of different settings can be compared. */

import { roundStep } from "../base/numbers.js";

const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
const short = (value) => value.toFixed(1);

/** A scale from [low, high] to pixels. */
export function scale({ low, high }, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** An axis from 0 to 1. */
export const unit = (label) => ({ label, low: 0, high: 1, ticks: tenths, format: short });

/** An axis over the IoU thresholds of COCO. */
export const iouAxis = {
  label: "IoU threshold",
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

/**
 * An axis that shows the data, with round ends, and says where it starts if that is not at its usual end.
 * @param {string} label
 * @param {number[]} values at least one
 * @param {{low?: number, high?: number}} [limits] the axis never goes beyond these
 */
export function fitted(label, values, { low = -Infinity, high = Infinity } = {}) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = roundStep(Math.max(most - least, 0.02) / 4);
  const decimals = Math.max(1, Math.ceil(-Math.log10(step) - 1e-9));
  const format = (value) => value.toFixed(decimals);
  const from = Math.max(low, Math.floor(least / step - 0.25) * step);
  const to = Math.min(high, Math.ceil(most / step + 0.25) * step);
  const ticks = Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, index) => from + index * step);
  const starts = from > 0 ? `${label} (axis from ${format(from)})` : label;
  return { label: starts, low: from, high: to, ticks, format };
}
