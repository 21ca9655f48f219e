/** The axes of charts: ranges that several charts share, ticks, the room that they take, and their drawing. */

import { roundStep, tickWriter } from "../base/numbers.js";
import { line, svg, words } from "../base/svg.js";

const MARGIN = { top: 18, right: 16, bottom: 46, left: 52 };
const AXIS_LABEL = 24; // pixels for the label beside the ticks
const LETTER = 8; // pixels, about, of a tick's
const LABEL_LETTER = 7; // pixels, about, of a label's: more of them stand together
const WIDEST_NAMES = 0.55; // of the width, for what stands left of the plot
const LINE = 15; // pixels of a second row of ticks
const APART = { x: 70, y: 44 }; // pixels, about, from tick to tick
const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
const short = (/** @type {number} */ value) => value.toFixed(1);

/**
 * @import { Stage } from "./stage.js"
 * @typedef {Axis & {ticks: number[], write: (value: number) => string}} TickedAxis
 * @typedef {ReturnType<typeof layOut>} Laid
 *
 * @typedef {Object} Axis
 * @property {string} label
 * @property {number} low
 * @property {number} high
 * @property {number[]} [ticks] where there are none, round numbers as far apart as they can be read
 * @property {(value: number) => string} [format] of its ticks
 */

/** @type {(label: string) => Axis} from 0 to 1 */
export const unit = (label) => ({ label, low: 0, high: 1, ticks: tenths, format: short });

/**
 * An axis over the IoU thresholds of COCO.
 * @type {Axis}
 */
export const iouAxis = {
  label: "IoU threshold",
  low: 0.5,
  high: 0.95,
  ticks: [0.5, 0.6, 0.7, 0.8, 0.9],
  format: short,
};

/**
 * Round steps that cover 0 to `highest`.
 * @param {number} highest
 */
export function stepsTo(highest, count = 5) {
  const step = roundStep(highest / count);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, index) => index * step);
}

/**
 * An axis of round steps that cover 0 to `highest`.
 * @param {string} label
 * @param {number} highest
 * @param {{count?: number, format?: Axis["format"]}} [ticks] how many steps, about, and how they are written
 * @returns {Axis}
 */
export function fromZero(label, highest, { count, format } = {}) {
  const ticks = stepsTo(highest, count);
  return { label, low: 0, high: ticks.at(-1) ?? 0, ticks, format };
}

/** @type {(low: number, high: number, count: number) => number[]} round numbers, about so many */
export function niceTicks(low, high, count) {
  const step = roundStep((high - low) / Math.max(count, 1));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * An axis that shows the data, with round ends, and says where it starts if that is not at its usual end.
 * @param {string} label
 * @param {number[]} values at least one
 * @param {{low?: number, high?: number}} [limits] the axis never goes beyond these
 * @returns {Axis}
 */
export function fitted(label, values, { low = -Infinity, high = Infinity } = {}) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = roundStep(Math.max(most - least, 0.02) / 4);
  const decimals = Math.max(step < 1 ? 1 : 0, Math.ceil(-Math.log10(step) - 1e-9));
  const format = (/** @type {number} */ value) => value.toFixed(decimals);
  const from = Math.max(low, Math.floor(least / step - 0.25) * step);
  const to = Math.min(high, Math.ceil(most / step + 0.25) * step);
  const ticks = Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, index) => from + index * step);
  const starts = from > 0 ? `${label} (axis from ${format(from)})` : label;
  return { label: starts, low: from, high: to, ticks, format };
}

/** @type {(axis: Axis, pixels: number, apart: number) => TickedAxis} as they are written on so many pixels */
function ticked(axis, pixels, apart) {
  const ticks = axis.ticks ?? niceTicks(axis.low, axis.high, pixels / apart);
  return { ...axis, ticks, write: axis.format ?? tickWriter(ticks) };
}

/** @param {TickedAxis} axis */
const longest = ({ ticks, write }) => Math.max(0, ...ticks.map((tick) => write(tick).length));

/**
 * Make a stage's window show the axes' ranges with room around them for ticks and labels. Ticks below the plot that
 * would touch take turns on two lines.
 * @param {Stage} stage its `view` is set
 * @param {{x: Axis, y: Axis}} axes
 * @returns x and y with ticks and `write`; `crowded`; the plot's edges in pixels
 */
export function layOut(stage, { x: given, y: upward }) {
  const y = ticked(upward, stage.height - MARGIN.top - MARGIN.bottom, APART.y);
  const needed = (y.label ? AXIS_LABEL + 8 : 16) + LETTER * longest(y);
  const left = Math.min(Math.max(MARGIN.left, needed), WIDEST_NAMES * stage.width);
  const right = stage.width - MARGIN.right;
  const x = ticked(given, right - left, APART.x);
  const crowded = LETTER * longest(x) > (right - left) / Math.max(1, x.ticks.length);
  const bottom = stage.height - MARGIN.bottom - (crowded ? LINE : 0);
  const across = (x.high - x.low) / (right - left);
  const down = (y.low - y.high) / (bottom - MARGIN.top); // upwards
  stage.view = {
    x: x.low - left * across,
    width: stage.width * across,
    y: y.high - MARGIN.top * down,
    height: stage.height * down,
  };
  return { x, y, crowded, left, right, top: MARGIN.top, bottom };
}

/**
 * The drawing of axes that are laid out: a grid with its ticks, and the labels.
 * @param {Stage} stage
 * @param {Laid} laid
 */
export function drawAxes(stage, { x, y, crowded, left, right, top, bottom }) {
  const across = x.ticks.map((tick, index) => {
    const lower = crowded && index % 2 ? LINE : 0;
    return [
      line(stage.px(tick), top, stage.px(tick), bottom, { class: "pvg-grid" }),
      words(stage.px(tick), bottom + 17 + lower, x.write(tick), { class: "pvg-tick", "text-anchor": "middle" }),
    ];
  });
  const up = y.ticks.map((tick) => [
    line(left, stage.py(tick), right, stage.py(tick), { class: tick === 0 ? "pvg-zero" : "pvg-grid" }),
    words(left - 7, stage.py(tick) + 4, y.write(tick), { class: "pvg-tick", "text-anchor": "end" }),
  ]);
  const half = (LABEL_LETTER * x.label.length) / 2;
  const middle = Math.max(half, Math.min((left + right) / 2, stage.width - half)); // below the plot, never cut off
  return [
    ...across.flat(),
    ...up.flat(),
    words(middle, stage.height - 7, x.label, { class: "pvg-label", "text-anchor": "middle" }),
    svg(
      "text",
      { class: "pvg-label", "text-anchor": "middle", transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)` },
      y.label,
    ),
  ];
}
