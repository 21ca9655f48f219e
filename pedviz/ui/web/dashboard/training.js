/** How the shipped weights learned: losses, learning rate and AP per epoch, beside the reports' losses. */

import { createChart } from "../charts/chart.js";
import { make } from "../dom.js";
import { stepsTo, unit } from "./axes.js";
import { select } from "./fields.js";

const PARTS = {
  loss_classifier: ["Class", { light: "#0062a8", dark: "#62b5f0", dash: [], marker: "circle" }],
  loss_box_reg: ["Box", { light: "#b34700", dark: "#f2a25c", dash: [6, 3], marker: "square" }],
  loss_mask: ["Mask", { light: "#00704f", dark: "#3fcf9c", dash: [2, 2], marker: "triangle" }],
  loss_objectness: ["Objectness", { light: "#9c3a78", dark: "#eb9fcb", dash: [8, 3, 2, 3], marker: "diamond" }],
  loss_rpn_box_reg: ["Proposal box", { light: "#7a5d00", dark: "#d9bd3f", dash: [4, 4], marker: "cross" }],
};
const AP_STYLES = { bbox: ["Box AP", PARTS.loss_classifier[1]], segm: ["Mask AP", PARTS.loss_mask[1]] };

function epochAxis(epochs) {
  return { label: "Epoch", low: 0, high: epochs, ticks: stepsTo(epochs, Math.min(epochs, 8)).filter((tick) => tick <= epochs) };
}

function runCharts(grid, { epochs }, label) {
  const x = epochAxis(epochs.length);
  const most = Math.max(...epochs.flatMap(({ losses }) => Object.values(losses)));
  const ticks = stepsTo(most);
  const losses = createChart(grid, { title: `Losses of ${label}`, x: { ...x }, y: { label: "Mean loss of the epoch", low: 0, high: ticks.at(-1), ticks, format: (value) => value.toFixed(2) } });
  losses.draw(Object.entries(PARTS).filter(([key]) => epochs.some((epoch) => key in epoch.losses)).map(([key, [name, style]]) => ({
    label: name, style, kind: "line",
    points: epochs.map(({ epoch, losses: values }) => ({ x: epoch, y: values[key], tip: `${values[key].toFixed(4)} in epoch ${epoch}` })),
  })));
  const rates = stepsTo(Math.max(...epochs.map(({ lr }) => lr)));
  const rate = createChart(grid, { title: "Learning rate", x: { ...x }, y: { label: "At the end of the epoch", low: 0, high: rates.at(-1), ticks: rates, format: (value) => value.toFixed(4) } });
  rate.draw([{ label: "Learning rate", style: PARTS.loss_classifier[1], kind: "line", points: epochs.map(({ epoch, lr }) => ({ x: epoch, y: lr, tip: `${lr.toPrecision(3)} after epoch ${epoch}` })) }]);
  const measured = epochs.filter(({ AP }) => AP);
  if (!measured.length) {
    grid.append(make("p", { class: "pvd-card" }, "This run kept no AP per epoch: it was made before runs could (--watch)."));
    return;
  }
  const ap = createChart(grid, { title: "AP on the test pictures after each epoch", x: { ...x }, y: unit("AP") });
  ap.draw(Object.entries(AP_STYLES).filter(([kind]) => kind in measured[0].AP).map(([kind, [name, style]]) => ({
    label: name, style, kind: "line",
    points: measured.map(({ epoch, AP }) => ({ x: epoch, y: AP[kind] ?? 0, tip: `${(AP[kind] ?? 0).toFixed(3)} after epoch ${epoch}` })),
  })), { label: "Nothing was chosen by this curve: the last epoch is what is shipped." });
}

function reportedTable(reported, page, caveats) {
  const columns = ["total", "classifier", "box", "mask", "objectness", "rpn_box"];
  const cell = (value) => make("td", {}, value === null ? "" : String(value));
  return make("div", { class: "pvd-scroll", tabindex: "0", role: "region", "aria-label": "Reported losses, scrolls sideways" }, make("table", { class: "pvd-table" },
    make("thead", {}, make("tr", {}, ...["Reported loss", "epoch", "iteration", ...columns.map((name) => name.replaceAll("_", " "))].map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...reported.map((row) => make("tr", {},
      make("th", { scope: "row" }, `Report ${row.report}, ${page.variant(row.spec_id).label}`, ...row.caveats.map((key) => make("small", {}, caveats[key]))),
      cell(row.epoch), cell(row.iteration), ...columns.map((name) => cell(row[name])))))));
}

/** The section. */
export function mountTraining(host, data, page) {
  const runs = Object.fromEntries(data.runs.map((run) => [run.spec_id, run]));
  const grid = make("div", { class: "pvd-charts" });
  if (data.runs.length) {
    const show = (spec) => { grid.replaceChildren(); runCharts(grid, runs[spec], page.variant(spec).label); };
    const choice = select("Training run of", data.runs.map(({ spec_id: spec }) => [spec, page.variant(spec).label]), show);
    host.append(make("div", { class: "pvd-fields" }, choice.element), grid);
    show(data.runs[0].spec_id);
  } else host.append(make("p", {}, "No training log of a shipped weight is stored."));
  if (data.reported.length) host.append(make("h3", {}, "Losses that the reports print"), reportedTable(data.reported, page, data.caveats));
}
