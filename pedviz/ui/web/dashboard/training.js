/** How the released weights learned: losses, learning rate and AP per epoch. */

import { make } from "../base/dom.js";
import { fitted, fromZero, stepsTo } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { select } from "./fields.js";

const PARTS = {
  loss_classifier: "Class",
  loss_box_reg: "Box",
  loss_mask: "Mask",
  loss_objectness: "Objectness",
  loss_rpn_box_reg: "Proposal box",
  loss_imitation: "Imitation",
};
const KINDS_OF_AP = { bbox: "Box AP", segm: "Mask AP" };

/**
 * @typedef {import("../payloads.d.ts").TrainingRun} TrainingRun
 * @typedef {import("../payloads.d.ts").Inks} Inks
 * @typedef {{label: string, inks: Inks, x: import("../charts/axes.js").Axis}} Looks
 */

/**
 * [key, name, style] of each part, the same style for a part in every chart.
 * @type {(named: Record<string, string>, inks: Inks) => [string, string, Inks["neutral"]][]}
 */
const styled = (named, { series }) => Object.entries(named).map(([key, name], place) => [key, name, series[place]]);

/** A learning rate for the axis: 1e-5 rather than 0.00001, which would reach into the axis's name. */
const rateText = (/** @type {number} */ rate) => (rate > 0 && rate < 1e-3 ? rate.toExponential() : String(rate));

/** @param {number} epochs */
function epochAxis(epochs) {
  return {
    label: "Epoch",
    low: 0,
    high: epochs,
    ticks: stepsTo(epochs, Math.min(epochs, 8)).filter((tick) => tick <= epochs),
  };
}

/**
 * @param {HTMLElement} grid
 * @param {TrainingRun} run
 * @param {Looks} looks
 */
function lossChart(grid, { epochs }, { label, inks, x }) {
  const most = Math.max(...epochs.flatMap(({ losses }) => Object.values(losses)));
  const losses = createChart(grid, {
    title: `Losses of ${label}`,
    x: { ...x },
    y: fromZero("Mean loss of the epoch", most, { format: (value) => value.toFixed(2) }),
  });
  losses.draw(
    styled(PARTS, inks)
      .filter(([key]) => epochs.some((epoch) => key in epoch.losses))
      .map(([key, name, style]) => ({
        label: name,
        style,
        kind: "line",
        points: epochs.map(({ epoch, losses: values }) => ({
          x: epoch,
          y: values[key],
          tip: `${values[key].toFixed(4)} in epoch ${epoch}`,
        })),
      })),
  );
}

/**
 * @param {HTMLElement} grid
 * @param {TrainingRun} run
 * @param {Looks} looks
 */
function rateChart(grid, { epochs }, { inks, x }) {
  const most = Math.max(...epochs.map(({ lr }) => lr));
  const rate = createChart(grid, {
    title: "Learning rate",
    x: { ...x },
    y: fromZero("At the end of the epoch", most, { format: (value) => rateText(Number(value.toPrecision(3))) }),
  });
  rate.draw([
    {
      label: "Learning rate",
      style: inks.series[0],
      kind: "line",
      points: epochs.map(({ epoch, lr }) => ({ x: epoch, y: lr, tip: `${lr.toPrecision(3)} after epoch ${epoch}` })),
    },
  ]);
}

/**
 * @param {HTMLElement} grid
 * @param {TrainingRun} run
 * @param {Looks} looks
 */
function apChart(grid, { epochs, averaged }, { inks, x }) {
  const shippedFrom = averaged
    ? "The released weights average the last epoch with the weights that the run started from; its AP is in the " +
      "table above."
    : "The released weights are those of the last epoch.";
  const measured = epochs.flatMap(({ epoch, ap }) => (ap ? [{ epoch, ap }] : []));
  if (!measured.length) {
    grid.append(make("p", { class: "pvr-card" }, "No AP per epoch was recorded for this run."));
    return;
  }
  const reached = measured.flatMap(({ ap }) => Object.values(ap).filter((value) => value !== null));
  const y = fitted("AP", reached, { low: 0, high: 1 });
  const chart = createChart(grid, { title: "AP on the test images after each epoch", x: { ...x }, y });
  chart.draw(
    styled(KINDS_OF_AP, inks)
      .filter(([kind]) => kind in measured[0].ap)
      .map(([kind, name, style]) => ({
        label: name,
        style,
        kind: "line",
        points: measured.map(({ epoch, ap }) => ({
          x: epoch,
          y: ap[kind] ?? 0,
          tip: `${(ap[kind] ?? 0).toFixed(3)} after epoch ${epoch}`,
        })),
      })),
    { label: `No checkpoint was chosen by this curve. ${shippedFrom}` },
  );
  grid.append(make("p", { class: "pvr-card" }, shippedFrom));
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").TrainingData} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountTraining(host, data, page) {
  const runs = Object.fromEntries(data.runs.map((run) => [run.spec_id, run]));
  const grid = make("div", { class: "pvr-charts" });
  if (data.runs.length) {
    const show = (/** @type {string} */ spec) => {
      grid.replaceChildren();
      const run = runs[spec];
      const x = epochAxis(Math.max(...run.epochs.map(({ epoch }) => epoch)));
      const looks = { label: page.variant(spec).label, inks: page.payload.inks, x };
      for (const draw of [lossChart, rateChart, apChart]) draw(grid, run, looks);
    };
    const choice = select(
      "Training run of",
      data.runs.map(({ spec_id: spec }) => [spec, page.variant(spec).label]),
      show,
    );
    host.append(make("div", { class: "pvr-fields" }, choice.element), grid);
    show(data.runs[0].spec_id);
  } else host.append(make("p", {}, "No training log of a released checkpoint is stored."));
}
