/** What a chart shows upon its axes: series as lines, steps, points or bars; marks and guides. */

import { line, svg, words } from "../base/svg.js";
import { marker, markers } from "./marker.js";

const LETTER = 9; // pixels, about, of a guide's word

/**
 * @import { SvgAttributes } from "../base/svg.js"
 * @import { Laid } from "./axes.js"
 * @import { Stage } from "./stage.js"
 * @typedef {{light?: string, dark?: string, dash?: number[], marker?: string}} Style colours for both themes; dash and
 *   marker, as colour must not be all that tells series apart
 * @typedef {{x: number, label: string}} Guide a dashed upright with a word on top
 * @typedef {{x: number, y: number, of: string, title: string}} Mark a small ring with a hint
 *
 * @typedef {Object} Point
 * @property {number} x
 * @property {number} y where it is not finite, the line is broken
 * @property {string} [tip] what the pointer reads
 * @property {string} [name] of its row in the table
 * @property {number} [span] a bar's width
 * @property {(() => void)|null} [open] for Enter and click
 * @property {number[]|null} [range] the ends of an error bar
 * @property {string} [beside] a name at the point
 *
 * @typedef {Object} Series
 * @property {string} label in the legend
 * @property {"line"|"step"|"points"|"bars"|"band"} kind a band lies between the two x of its points
 * @property {Style} style
 * @property {string} [thing] a lesson's thing that it shows, which gives its ink instead
 * @property {boolean} [strong] drawn thicker
 * @property {boolean} [filled] tinted down to the lower edge
 * @property {boolean} [unlisted] not in the legend
 * @property {string} [of] label of the series that it goes with
 * @property {Point[]} points
 *
 * @typedef {Object} PlacedPoint a point in pixels
 * @property {number} x
 * @property {number} y
 * @property {number[]} [spread] the ends of its error bar
 * @property {number} width of its bar
 *
 * @typedef {PlacedPoint & {series: string, point: Point}} Spot
 */

/**
 * Give an element the ink of its series.
 * @param {SVGElement} element
 * @param {Series} series
 */
function inked(element, { style, thing }) {
  if (thing) element.setAttribute("data-of", thing);
  if (style.light) element.style.setProperty("--light", style.light);
  if (style.dark) element.style.setProperty("--dark", style.dark);
  return element;
}

/** @type {(points: PlacedPoint[], step: boolean) => string} */
function path(points, step) {
  let isBroken = true;
  return points
    .map(({ x, y }) => {
      const joins = !isBroken;
      isBroken = !Number.isFinite(y);
      if (isBroken) return "";
      if (!joins) return `M${x},${y}`;
      return step ? `H${x}V${y}` : `L${x},${y}`;
    })
    .join("");
}

/**
 * @param {string} d
 * @param {Series} series
 */
function stroke(d, { style, strong }) {
  const pattern = (style.dash ?? []).map((part) => 2 * part).join(" ") || null;
  return svg("path", { class: strong ? "pvg-line pvg-strong" : "pvg-line", d, "stroke-dasharray": pattern });
}

/** @type {(one: Series, points: PlacedPoint[], laid: Laid) => SVGElement[]} */
function lines(one, points, { bottom }) {
  const d = path(points, one.kind === "step");
  if (!one.filled || !points.length) return [stroke(d, one)];
  return [svg("path", { class: "pvg-tint", d: `${d}V${bottom}H${points[0].x}Z` }), stroke(d, one)];
}

/** @type {Record<Series["kind"], typeof lines>} */
const SHAPES = {
  line: lines,
  step: lines,
  points: markers,
  band: (_, [from, to], { top, bottom }) => [
    svg("rect", { class: "pvg-band", x: from.x, y: top, width: to.x - from.x, height: bottom - top }),
  ],
  bars: (_, points, { bottom }) =>
    points.map(({ x, y, width }) =>
      svg("rect", { class: "pvg-bar", x: x - width / 2, y, width, height: Math.max(0, bottom - y) }),
    ),
};

/** @type {Partial<Record<Series["kind"], (one: Series) => SVGElement>>} */
const SAMPLES = {
  points: ({ style }) => marker(style.marker, 17, 7),
  band: () => svg("rect", { class: "pvg-band", x: 6, y: 1, width: 22, height: 12 }),
  bars: () => svg("rect", { class: "pvg-bar", x: 6, y: 2, width: 22, height: 10 }),
};

/**
 * What stands for a series in the legend: a small image of how it is drawn.
 * @param {Series} one
 */
export function sampleOf(one) {
  const shape = SAMPLES[one.kind]?.(one) ?? stroke("M2,7H32", one);
  return inked(svg("svg", { width: 34, height: 14, "aria-hidden": "true" }, shape), one);
}

/**
 * The drawing of a series, and every point of it with its place in pixels. Points beyond the axis stand at its edge.
 * @param {Stage} stage
 * @param {Laid} laid
 * @param {Series} one
 */
export function drawSeries(stage, laid, one) {
  const { low, high } = laid.y;
  const inside = (/** @type {number} */ y) => stage.py(Number.isNaN(y) ? y : Math.max(low, Math.min(high, y)));
  const points = one.points.map(({ x, y, range, span }) => ({
    x: stage.px(x),
    y: inside(y),
    spread: range?.map(inside),
    width: span ? Math.max(1, Math.abs(stage.length(span)) - 2) : 0,
  }));
  const element = inked(svg("g", {}, ...SHAPES[one.kind](one, points, laid)), one);
  return { element, spots: points.map((at, place) => ({ ...at, series: one.label, point: one.points[place] })) };
}

/**
 * A ring, or an arrowhead at the upper edge for what lies above it; its hint says numbers that may be asked for.
 * @type {(stage: Stage, laid: Laid, mark: Mark, secret: boolean) => SVGElement}
 */
export function drawMark(stage, { y: axis, top }, { x, y, of, title }, secret) {
  const left = stage.px(x);
  const shape =
    y > axis.high
      ? svg("polygon", {
          points: `${left},${top - 7} ${left - 6},${top + 5} ${left + 6},${top + 5}`,
          class: "pvg-ring pvg-beyond",
          "data-of": of,
        })
      : svg("circle", { cx: left, cy: stage.py(y), r: 5, class: "pvg-ring", "data-of": of });
  if (!secret) shape.append(svg("title", {}, title));
  return shape;
}

/**
 * An upright, and above the plot, where no line crosses it, its word: to its right if there is room.
 * @type {(stage: Stage, laid: Laid, guide: Guide) => SVGElement[]}
 */
export function drawGuide(stage, { top, bottom }, { x, label }) {
  const at = stage.px(x);
  const anchor = stage.width - at < LETTER * label.length ? "end" : "start";
  return [
    line(at, top, at, bottom, { class: "pvg-guide" }),
    words(at, top - 5, label, { class: "pvg-tick", "text-anchor": anchor }),
  ];
}
