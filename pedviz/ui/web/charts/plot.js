/** A chart of a lesson: it follows the state, has the inks of the lesson's things, and may hold a handle. */

import { whenChanged } from "../base/memo.js";
import { format } from "../base/numbers.js";
import { createChart } from "./chart.js";
import { addHandle } from "./handles.js";

/**
 * @import { Axis } from "./axes.js"
 * @import { HandleOptions, Movable } from "./handles.js"
 * @import { Guide, Mark, Series } from "./series.js"
 *
 * @typedef {Object} PlotData
 * @property {Axis} x
 * @property {Axis} y
 * @property {{of: string, label: string, dash?: string|null, strong?: boolean, filled?: boolean, points: number[][]}[]}
 *   series of things; points [x, y] rising in x
 * @property {Mark[]} [marks] their hints are left out in question mode; arrowheads above the plot
 * @property {Guide[]} [guides]
 * @property {string} alt the plot in words
 */

/**
 * @template State, Values
 * @typedef {Object} PlotOptions
 * @property {string} label what it shows, in a few words
 * @property {(state: State, values: Values) => PlotData} data
 * @property {HandleOptions<State, Values>} [cursor] a handle on the plot, in its units
 * @property {number} [shape] height over width
 * @property {(state: State, values: Values) => unknown[]} [parts] what the plot depends on, where that is not all
 */

/**
 * A series as the chart takes it.
 * @param {PlotData["series"][number]} series
 * @param {{x: Axis, y: Axis}} axes
 * @returns {Series}
 */
function seriesOf({ of, label, dash, strong, filled, points }, { x, y }) {
  return {
    thing: of,
    label,
    strong,
    filled,
    kind: "line",
    style: { dash: dash?.split(" ").map((part) => Number(part) / 2) },
    points: points.map(([at, value]) => ({
      x: at,
      y: value > y.high || value < y.low ? NaN : value,
      tip: `${format(value)} at ${x.label} ${format(at)}`,
    })),
  };
}

/**
 * Add a plot that follows the state.
 * @template {{ask: boolean}} State
 * @template Values
 * @param {Movable<State, Values> & {requestDraw(): void}} lesson
 * @param {HTMLElement} host what it is put into
 * @param {PlotOptions<State, Values>} options
 */
export function addPlot(lesson, host, { label, data, cursor, shape = 0.5, parts = (_, values) => [values] }) {
  const heightFor = (/** @type {number} */ width) => Math.min(Math.max(width * shape, 240), 520);
  const chart = createChart(host, { title: label, heightFor, whenResized: lesson.requestDraw });
  chart.element.classList.add("pvl-plot");
  /** @type {(state: State, values: Values) => unknown[]} */
  const wanted = (state, values) => [state.ask, chart.stage.width, ...parts(state, values)];
  lesson.onDraw(
    whenChanged(wanted, (state, values) => {
      const { x, y, series, guides, marks, alt } = data(state, values);
      const drawn = series.map((one) => seriesOf(one, { x, y }));
      chart.draw(drawn, { label: alt, axes: { x, y }, guides, marks, secret: state.ask });
    }),
    host,
  );
  if (cursor) addHandle(lesson, chart.stage, { cursor: "ew-resize", ...cursor });
}
