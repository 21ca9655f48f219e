/** Line plots that fit their width: axes with round ticks, series with their own ink and dash, marks, a cursor. */

import { make } from "../base/dom.js";
import { whenChanged } from "../base/memo.js";
import { roundStep, tickWriter } from "../base/numbers.js";
import { line, svg, words } from "../base/svg.js";
import { addHandle } from "./handles.js";
import { createStage } from "./stage.js";

const MARGIN = { left: 52, right: 16, top: 18, bottom: 44 };
const AXIS_LABEL = 24; // pixels for the label beside the ticks
const LETTER = 10; // pixels, about, of a tick's
const TICK_PIXELS = 70; // about so far apart

/**
 * @typedef {Object} Series
 * @property {string} of the thing that it shows; gives its ink
 * @property {string} label in the legend
 * @property {string|null} [dash] SVG dash pattern, so that colour is not all that tells series apart
 * @property {boolean} [strong] drawn thicker
 * @property {boolean} [filled] tinted down to the lower edge
 * @property {number[][]} points rising in x; a NaN breaks the line
 *
 * @typedef {Object} PlotData
 * @property {{label: string, low: number, high: number}} x
 * @property {{label: string, low: number, high: number}} y
 * @property {Series[]} series
 * @property {{x: number, y: number, of: string, title: string}[]} [marks] small rings with a hint,
 *   which question mode leaves out; arrowheads above the plot
 * @property {{x: number, label: string}[]} [guides] dashed uprights with a word on top
 * @property {string} alt the plot in words
 */

/** Round numbers from low to high, about `count` of them. */
export function niceTicks(low, high, count) {
  const step = roundStep((high - low) / Math.max(count, 1));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * Add a plot that follows the state.
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host what it is put into
 * @param {Object} options
 * @param {string} options.label what it shows, in a few words
 * @param {(state: any, values: any) => PlotData} options.data
 * @param {{label: string, of: string, place: (state: any, values: any) => {x: number, y: number},
 *   move: (to: {x: number, y: number}, state: any) => Object, step: (state: any) => number}} [options.cursor]
 *   a handle on the plot, in its units
 * @param {number} [options.shape] height over width
 * @param {(state: any, values: any) => Array} [options.parts] what the plot depends on, where that is not all
 */
export function addPlot(lesson, host, { label, data, cursor, shape = 0.5, parts = (_, values) => [values] }) {
  const legend = make("div", { class: "pvl-legend-row" });
  const box = make("div", { class: "pvl-plot" });
  host.append(legend, box);
  const heightFor = (width) => Math.min(Math.max(width * shape, 240), 520);
  const stage = createStage(lesson, box, { label, heightFor });
  const wanted = (state, values) => [state.ask, stage.width, ...parts(state, values)];
  lesson.onDraw(
    whenChanged(wanted, (state, values) => {
      if (stage.width === 0) return; // not shown yet
      const spec = data(state, values);
      stage.view = viewOf(stage, spec);
      stage.describe(spec.alt);
      stage.draw([
        ...axes(stage, spec),
        ...(spec.guides ?? []).flatMap((guide) => guideLine(stage, spec, guide)),
        ...spec.series.flatMap((series) => curve(stage, spec, series)),
        ...(spec.marks ?? []).map((mark) => markShape(stage, spec, mark, state)),
      ]);
      legend.replaceChildren(...spec.series.map(legendEntry));
    }),
  );
  if (cursor) addHandle(lesson, stage, { cursor: "ew-resize", ...cursor });
}

const ticksUp = ({ height }, { low, high }) =>
  niceTicks(low, high, (height - MARGIN.top - MARGIN.bottom) / (TICK_PIXELS / 1.6));

/** Room on the left: for the longest tick, and the axis's label beside it. */
function leftMargin(stage, { y }) {
  const ticks = ticksUp(stage, y);
  return Math.max(MARGIN.left, AXIS_LABEL + LETTER * Math.max(...ticks.map((tick) => tickWriter(ticks)(tick).length)));
}

/** The stage's window: the axes' ranges and the margins around them, in units. */
function viewOf(stage, { x, y }) {
  const left = leftMargin(stage, { y });
  const across = (x.high - x.low) / (stage.width - left - MARGIN.right);
  const down = (y.low - y.high) / (stage.height - MARGIN.top - MARGIN.bottom); // upwards
  return {
    x: x.low - left * across,
    width: stage.width * across,
    y: y.high - MARGIN.top * down,
    height: stage.height * down,
  };
}

function axes(stage, { x, y }) {
  const [left, right, top, bottom] = [stage.px(x.low), stage.px(x.high), stage.py(y.high), stage.py(y.low)];
  const [ticksX, ticksY] = [niceTicks(x.low, x.high, (right - left) / TICK_PIXELS), ticksUp(stage, y)];
  const [writeX, writeY] = [ticksX, ticksY].map(tickWriter);
  const across = ticksX.map((tick) => [
    line(stage.px(tick), top, stage.px(tick), bottom, { class: "pvl-grid" }),
    words(stage.px(tick), bottom + 16, writeX(tick), { class: "pvl-tick", "text-anchor": "middle" }),
  ]);
  const up = ticksY.map((tick) => [
    line(left, stage.py(tick), right, stage.py(tick), { class: tick === 0 ? "pvl-zero" : "pvl-grid" }),
    words(left - 7, stage.py(tick) + 4, writeY(tick), { class: "pvl-tick", "text-anchor": "end" }),
  ]);
  return [
    ...across.flat(),
    ...up.flat(),
    words((left + right) / 2, stage.height - 6, x.label, { class: "pvl-axis", "text-anchor": "middle" }),
    svg(
      "text",
      { class: "pvl-axis", "text-anchor": "middle", transform: `translate(13 ${(top + bottom) / 2}) rotate(-90)` },
      y.label,
    ),
  ];
}

/**
 * @param {Object} stage
 * @param {PlotData} spec
 * @param {Series} series
 */
function curve(stage, { y: axis }, { of, points, dash, strong = false, filled = false }) {
  let path = "";
  let pen = "M";
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) {
      pen = "M";
      continue;
    }
    path += `${pen}${stage.px(x).toFixed(2)},${stage.py(y).toFixed(2)}`;
    pen = "L";
  }
  const stroke = svg("path", {
    d: path,
    class: strong ? "pvl-curve pvl-strong" : "pvl-curve",
    "stroke-dasharray": dash,
    "data-of": of,
  });
  if (!filled || !points.length) return [stroke];
  const ends = [points[points.length - 1][0], points[0][0]].map((x) => `L${stage.px(x)},${stage.py(axis.low)}`);
  return [svg("path", { d: `${path}${ends.join("")}Z`, class: "pvl-tint", "data-of": of }), stroke];
}

/** A ring, or an arrowhead at the upper edge for what lies above it; its hint says numbers that may be asked for. */
function markShape(stage, { y: axis }, { x, y, of, title }, { ask }) {
  const [left, top] = [stage.px(x), stage.py(axis.high)];
  const shape =
    y > axis.high
      ? svg("polygon", {
          points: `${left},${top - 7} ${left - 6},${top + 5} ${left + 6},${top + 5}`,
          class: "pvl-ring pvl-beyond",
          "data-of": of,
        })
      : svg("circle", { cx: left, cy: stage.py(y), r: 5, class: "pvl-ring", "data-of": of });
  if (!ask) shape.append(svg("title", {}, title));
  return shape;
}

/** An upright, and above the plot, where no curve crosses it, its word: to its right if there is room. */
function guideLine(stage, { x: axis, y }, { x, label }) {
  const [at, top, bottom] = [stage.px(x), stage.py(y.high), stage.py(y.low)];
  const room = stage.px(axis.high) + MARGIN.right - at;
  return [
    line(at, top, at, bottom, { class: "pvl-guide" }),
    words(at, top - 5, label, { class: "pvl-tick", "text-anchor": room < LETTER * label.length ? "end" : "start" }),
  ];
}

/** @param {Series} series */
function legendEntry({ of, label, dash, strong = false }) {
  const sample = svg(
    "svg",
    { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" },
    line(1, 5, 33, 5, { class: strong ? "pvl-curve pvl-strong" : "pvl-curve", "stroke-dasharray": dash }),
  );
  return make("span", { class: "pvl-legend-entry", "data-of": of }, sample, label);
}
