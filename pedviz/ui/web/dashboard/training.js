/** How the released weights learned: losses, learning rate and AP per epoch, beside the reports' losses. */

import { make } from "../base/dom.js";
import { stepsTo, unit } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { select } from "./fields.js";

const PARTS = {
  loss_classifier: "Class",
  loss_box_reg: "Box",
  loss_mask: "Mask",
  loss_objectness: "Objectness",
  loss_rpn_box_reg: "Proposal box",
};
const KINDS_OF_AP = { bbox: "Box AP", segm: "Mask AP" };

/** [key, name, style] of each part, the same style for a part in every chart. */
const styled = (named, { series }) => Object.entries(named).map(([key, name], place) => [key, name, series[place]]);

/** A learning rate for the axis: 1e-5 rather than 0.00001, which would reach into the axis's name. */
const rateText = (rate) => (rate > 0 && rate < 1e-3 ? rate.toExponential() : String(rate));

function epochAxis(epochs) {
  return {
    label: "Epoch",
    low: 0,
    high: epochs,
    ticks: stepsTo(epochs, Math.min(epochs, 8)).filter((tick) => tick <= epochs),
  };
}

function runCharts(grid, { epochs, averaged }, { label, inks }) {
  const x = epochAxis(Math.max(...epochs.map(({ epoch }) => epoch)));
  const shippedFrom = averaged
    ? "The released weights average the last epoch with the weights that the run started from; its AP is in the " +
      "tables " +
      "above."
    : "The released weights are those of the last epoch.";
  const most = Math.max(...epochs.flatMap(({ losses }) => Object.values(losses)));
  const ticks = stepsTo(most);
  const losses = createChart(grid, {
    title: `Losses of ${label}`,
    x: { ...x },
    y: { label: "Mean loss of the epoch", low: 0, high: ticks.at(-1), ticks, format: (value) => value.toFixed(2) },
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
  const rates = stepsTo(Math.max(...epochs.map(({ lr }) => lr)));
  const rate = createChart(grid, {
    title: "Learning rate",
    x: { ...x },
    y: {
      label: "At the end of the epoch",
      low: 0,
      high: rates.at(-1),
      ticks: rates,
      format: (value) => rateText(Number(value.toPrecision(3))),
    },
  });
  rate.draw([
    {
      label: "Learning rate",
      style: inks.series[0],
      kind: "line",
      points: epochs.map(({ epoch, lr }) => ({ x: epoch, y: lr, tip: `${lr.toPrecision(3)} after epoch ${epoch}` })),
    },
  ]);
  const measured = epochs.filter(({ AP }) => AP);
  if (!measured.length) {
    grid.append(make("p", { class: "pvd-card" }, "No AP per epoch was recorded for this run."));
    return;
  }
  const ap = createChart(grid, { title: "AP on the test images after each epoch", x: { ...x }, y: unit("AP") });
  ap.draw(
    styled(KINDS_OF_AP, inks)
      .filter(([kind]) => kind in measured[0].AP)
      .map(([kind, name, style]) => ({
        label: name,
        style,
        kind: "line",
        points: measured.map(({ epoch, AP }) => ({
          x: epoch,
          y: AP[kind] ?? 0,
          tip: `${(AP[kind] ?? 0).toFixed(3)} after epoch ${epoch}`,
        })),
      })),
    { label: `No checkpoint was chosen by this curve. ${shippedFrom}` },
  );
  grid.append(make("p", { class: "pvd-card" }, shippedFrom));
}

function reportedTable(reported, page, caveats) {
  const columns = ["total", "classifier", "box", "mask", "objectness", "rpn_box"];
  const cell = (value) => make("td", {}, value === null ? "" : String(value));
  return make(
    "div",
    { class: "pvd-scroll", tabindex: "0", role: "region", "aria-label": "Reported losses, scrolls sideways" },
    make(
      "table",
      { class: "pvd-table" },
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ...["Reported loss", "epoch", "iteration", ...columns.map((name) => name.replaceAll("_", " "))].map((text) =>
            make("th", { scope: "col" }, text),
          ),
        ),
      ),
      make(
        "tbody",
        {},
        ...reported.map((row) =>
          make(
            "tr",
            {},
            make(
              "th",
              { scope: "row" },
              `Course report ${row.report}, ${page.variant(row.spec_id).label}`,
              ...row.caveats.map((key) => make("small", {}, caveats[key])),
            ),
            cell(row.epoch),
            cell(row.iteration),
            ...columns.map((name) => cell(row[name])),
          ),
        ),
      ),
    ),
  );
}

/** The total losses that the reports print, in their order. */
function reportedChart(host, reported, page) {
  const nameOf = ({ report, spec_id: spec }) => `Course report ${report}, ${page.variant(spec).label}`;
  const runs = Object.entries(
    Object.groupBy(
      reported.filter(({ total }) => total !== null),
      nameOf,
    ),
  );
  if (!runs.length) return;
  const most = Math.max(...runs.map(([, rows]) => rows.length));
  const ticks = stepsTo(Math.max(...runs.flatMap(([, rows]) => rows.map(({ total }) => total))));
  const grid = make("div", { class: "pvd-charts" });
  host.append(grid);
  const chart = createChart(grid, {
    title: "Total losses printed in the course reports, in order",
    x: { label: "Printed line", low: 0, high: most + 1, ticks: Array.from({ length: most }, (_, index) => index + 1) },
    y: { label: "Total loss", low: 0, high: ticks.at(-1), ticks },
  });
  chart.draw(
    runs.map(([run, rows]) => ({
      label: run,
      kind: "points",
      style: page.variant(rows[0].spec_id).style,
      points: rows.map(({ total, epoch, iteration }, index) => ({
        x: index + 1,
        y: total,
        name: `epoch ${epoch}, iteration ${iteration}`,
        tip: `${total} in epoch ${epoch}, iteration ${iteration}`,
      })),
    })),
    { label: "The course reports print few values; nothing is known between them." },
  );
}

/** The section. */
export function mountTraining(host, data, page) {
  const runs = Object.fromEntries(data.runs.map((run) => [run.spec_id, run]));
  const grid = make("div", { class: "pvd-charts" });
  if (data.runs.length) {
    const show = (spec) => {
      grid.replaceChildren();
      runCharts(grid, runs[spec], { label: page.variant(spec).label, inks: page.payload.inks });
    };
    const choice = select(
      "Training run of",
      data.runs.map(({ spec_id: spec }) => [spec, page.variant(spec).label]),
      show,
    );
    host.append(make("div", { class: "pvd-fields" }, choice.element), grid);
    show(data.runs[0].spec_id);
  } else host.append(make("p", {}, "No training log of a released checkpoint is stored."));
  if (!data.reported.length) return;
  host.append(make("h3", {}, "Losses in the course reports"));
  reportedChart(host, data.reported, page);
  host.append(reportedTable(data.reported, page, data.caveats));
}
