/** Precision and recall, AP over IoU, F1 and calibration of the variants, with one chooser for all four charts. */

import { make, say } from "../base/dom.js";
import { resultCharts } from "../charts/result_charts.js";
import { slider } from "../charts/slider.js";
import { kindChoice } from "./fields.js";

/**
 * Which of the detectors are drawn.
 * @param {import("./page.js").Variant[]} detectors
 * @param {Set<string>} chosen their ids
 * @param {() => void} changed
 */
function detectorChoice(detectors, chosen, changed) {
  const boxes = detectors.map(({ id, label }) => {
    const box = make("input", {
      type: "checkbox",
      checked: true,
      onchange: () => {
        if (box.checked) chosen.add(id);
        else chosen.delete(id);
        changed();
      },
    });
    return make("label", { class: "pvd-check" }, box, label);
  });
  return make("fieldset", { class: "pvd-checks" }, make("legend", {}, "Detectors"), ...boxes);
}

/**
 * The variants that have an analysis of boxes, or of masks, as charts and tables take them.
 * @param {import("../payloads.d.ts").AnalysesData} data
 * @param {import("./page.js").DashboardPage} page
 * @param {import("./page.js").Kind} kind
 */
export function runsOfVariants({ variants }, page, kind) {
  return page.measured
    .filter(({ id }) => variants[id]?.[kind])
    .map(({ id, label, style }) => ({ id, label, style, analysis: variants[id][kind] }));
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").AnalysesData} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountCurves(host, data, page) {
  if (!Object.keys(data.variants).length) {
    host.append(make("p", {}, "There are no stored predictions to draw curves of."));
    return;
  }
  const chosen = new Set(page.measured.map(({ id }) => id));
  const said = make("p", { class: "pv-muted", "aria-live": "polite" });
  const detectors = detectorChoice(page.measured, chosen, () => draw(page.state()));
  const iouSlider = slider("IoU threshold", { min: 0.5, max: 0.95, step: 0.05, value: page.state().iou }, (iou) =>
    page.set({ iou }),
  );
  host.append(make("div", { class: "pvr-fields" }, kindChoice(page), iouSlider, detectors), said);
  const charts = resultCharts(host, page.payload.inks);
  function draw(/** @type {import("./page.js").Choices} */ { kind, iou }) {
    const runs = runsOfVariants(data, page, kind).filter(({ id }) => chosen.has(id));
    const place = Math.round((iou - 0.5) / 0.05);
    const values = runs.map(({ label, analysis: { curves } }) => `${label} ${curves?.ap[place]?.toFixed(3) ?? "n/a"}`);
    charts(runs, { iou });
    say(said, `AP at IoU ${iou.toFixed(2)}: ${values.join(", ")}.`);
  }
  page.onChange(draw);
}
