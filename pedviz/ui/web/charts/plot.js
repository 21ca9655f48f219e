/** A chart of a lesson: it follows the state, has the inks of the lesson's things, and may hold a handle. */

import { whenChanged } from "../base/memo.js";
import { format } from "../base/numbers.js";
import { createChart } from "./chart.js";
import { addHandle } from "./handles.js";

/**
 * @typedef {Object} PlotData
 * @property {import("./axes.js").Axis} x
 * @property {import("./axes.js").Axis} y
 * @property {{of: string, label: string, dash?: string|null, strong?: boolean, filled?: boolean, points: number[][]}[]}
 *   series of things; points [x, y] rising in x
 * @property {{x: number, y: number, of: string, title: string}[]} [marks] small rings with a hint, which question
 *   mode leaves out; arrowheads above the plot
 * @property {{x: number, label: string}[]} [guides] dashed uprights with a word on top
 * @property {string} alt the plot in words
 */

/**
 * A series as the chart takes it.
 * @param {PlotData["series"][number]} series
 * @param {{x: any, y: any}} axes
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
  const heightFor = (width) => Math.min(Math.max(width * shape, 240), 520);
  const chart = createChart(host, { title: label, heightFor, whenResized: lesson.requestDraw });
  chart.element.classList.add("pvl-plot");
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
