/** Error analysis of one or more detectors as a chart: how much AP each type of error costs. */

import { make } from "../base/dom.js";
import { fromZero } from "./axes.js";
import { createChart } from "./chart.js";
import { three } from "./result_tables.js";

/** @typedef {import("./result_tables.js").Run} Run */

/**
 * One chart for all runs, drawn anew for others.
 * @param {HTMLElement} host
 * @param {((label: string, key: string) => void) | null} open called with the label of a run and the key of a type
 *   that was pressed
 * @returns {(runs: Run[]) => void} draws runs
 */
export function errorChart(host, open = null) {
  const holder = make("div");
  host.append(holder);
  return (runs) => {
    holder.replaceChildren();
    const types = Object.values(runs[0].analysis.errors.types);
    const gains = runs.flatMap(({ analysis }) => Object.values(analysis.errors.types).map(({ gain }) => gain));

    const span = 0.8 / runs.length;
    const chart = createChart(holder, {
      title: "AP gained if fixed, by error type",
      height: 300,
      x: {
        label: "Error type",
        low: 0,
        high: types.length,
        ticks: types.map((_, index) => index + 0.5),
        format: (at) => types[Math.floor(at)].label,
      },
      y: fromZero("AP50 gained", Math.max(0.01, ...gains), { count: 4, format: three }),
    });
    chart.draw(
      runs.map(({ label, style, analysis: { errors } }, place) => ({
        label,
        style,
        kind: "bars",
        points: types.map(({ key, label: name, meaning }, index) => ({
          x: index + 0.1 + span * (place + 0.5),
          y: Math.max(0, errors.types[key].gain),
          span,
          name,
          tip: `${name}, ${errors.types[key].count}: worth ${three(errors.types[key].gain)} AP50. ${meaning}`,
          open: open && (() => open(label, key)),
        })),
      })),
      { label: "Gains do not add up: one error can hide another." },
    );
  };
}
