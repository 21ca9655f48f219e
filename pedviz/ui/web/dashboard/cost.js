/** What a detector costs: accuracy against time, size or work, and what each component takes of them. */

import { make } from "../base/dom.js";
import { fitted } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { framed, header } from "../charts/result_tables.js";
import { kindChoice, select } from "./fields.js";
import { KINDS } from "./page.js";

/**
 * @typedef {{label: string, write: (value: number) => string}} Measure
 * @typedef {import("../payloads.d.ts").Inks} Inks
 * @typedef {keyof typeof AXES} CostAxis
 */

/** @type {Record<string, string>} */
const PARTS = {
  backbone: "Backbone",
  neck: "Neck",
  rpn: "Region proposals",
  box_head: "Box head",
  mask_head: "Mask head",
  rest: "Resizing and the rest",
};
/** @satisfies {Record<string, Measure>} */
const AXES = {
  seconds: { label: "Seconds per image", write: (value) => `${value.toFixed(2)} s per image` },
  megabytes: { label: "Weight file, MB", write: (value) => `${value.toFixed(1)} MB` },
  parameters: { label: "Parameters, millions", write: (value) => `${value.toFixed(1)} M parameters` },
  gmacs: { label: "Multiply-adds, billions", write: (value) => `${value.toFixed(1)} GMACs` },
  milliseconds: { label: "Milliseconds on one thread", write: (value) => `${value.toFixed(0)} ms` },
};
/** @type {Record<string, Measure>} */
const MEASURES = {
  milliseconds: { label: "Milliseconds", write: (value) => `${value.toFixed(0)} ms` },
  gmacs: { label: "GMACs", write: (value) => `${value.toFixed(1)} GMACs` },
  parameters: { label: "Parameters", write: (count) => `${(count / 1e6).toFixed(1)} M` },
};
/** @param {Record<string, number>} counts */
const total = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/**
 * The variants at what they cost and what they reach, with the intervals of AP as error bars.
 * @param {import("../payloads.d.ts").CostPoint[]} measured
 * @param {import("./page.js").DashboardPage} page
 * @param {{kind: import("./page.js").Kind, axis: CostAxis}} shown
 * @returns {{series: import("../charts/series.js").Series[],
 *   axes: {x: import("../charts/axes.js").Axis, y: import("../charts/axes.js").Axis}}} as a chart draws them
 */
export function costSeries(measured, page, { kind, axis }) {
  const rows = measured.flatMap((row) => {
    const { [kind]: ap } = row.ap;
    const { [axis]: cost } = row;
    return ap === null || cost === null ? [] : [{ ...row, ap, cost, range: row.intervals[kind] }];
  });
  const bounds = rows.flatMap(({ ap, range }) => range ?? [ap]);
  const { label, write } = AXES[axis];
  const values = rows.map(({ cost }) => cost);
  const axes = { x: fitted(label, values, { low: 0 }), y: fitted(`${KINDS[kind]}: AP`, bounds, { low: 0, high: 1 }) };
  /** @type {import("../charts/series.js").Series[]} */
  const series = rows.map((row) => {
    const variant = page.variant(row.spec_id);
    const { ap, cost, range } = row;
    const said = range ? `, 95 % interval ${range.map((bound) => bound.toFixed(3)).join(" to ")}` : "";
    const timed = axis === "seconds" ? ` on ${row.threads} thread${row.threads === 1 ? "" : "s"} of ${row.cpu}` : "";
    return {
      ...variant,
      kind: "points",
      points: [
        {
          x: cost,
          y: ap,
          range,
          beside: variant.label,
          name: write(cost),
          tip: `AP ${ap.toFixed(3)}${said}; ${write(cost)}${timed}`,
        },
      ],
    };
  });
  return { series, axes };
}

/**
 * A piece of colour that stands for a part of the network.
 * @param {string} part
 * @param {Inks} inks
 * @param {Record<string, string>} attributes
 */
function swatch(part, { series, neutral }, attributes) {
  const { light, dark } = series[Object.keys(PARTS).indexOf(part)] ?? neutral;
  const piece = make("i", attributes);
  piece.classList.add("pvd-part");
  piece.style.setProperty("--light", light);
  piece.style.setProperty("--dark", dark);
  return piece;
}

/**
 * @param {import("../payloads.d.ts").CostParts} entry
 * @param {{measure: string, most: number, page: import("./page.js").DashboardPage}} shown
 */
function partsOf({ spec_id: id, amounts, largest }, { measure, most, page }) {
  const { write } = MEASURES[measure];
  const counts = Object.keys(PARTS).flatMap((part) => {
    const amount = amounts[measure][part];
    return amount > 0 ? [{ part, amount }] : [];
  });
  const pieces = counts.map(({ part, amount }) =>
    swatch(part, page.payload.inks, {
      style: `width:${(100 * amount) / most}%`,
      title: `${PARTS[part]}: ${write(amount)}`,
    }),
  );
  const said = counts.map(({ part, amount }) => `${PARTS[part]} ${write(amount)}`).join(", ");
  const all = total(amounts[measure]);
  const layer = `Largest layer: ${largest.name} of the ${PARTS[largest.part].toLowerCase()}, `;
  const share = Math.round((100 * largest.parameters) / all);
  return make(
    "div",
    {},
    make("p", {}, make("strong", {}, page.variant(id).label), ` ${write(all)}`),
    make("div", { class: "pvd-stack", role: "img", "aria-label": said }, ...pieces),
    measure === "parameters"
      ? make(
          "p",
          { class: "pv-muted" },
          `${layer}${largest.parameters.toLocaleString("en")} weights, ${share} % of all.`,
        )
      : null,
  );
}

/**
 * @param {import("../payloads.d.ts").CostParts[]} listed
 * @param {{measure: string, page: import("./page.js").DashboardPage}} shown
 */
function partsTable(listed, { measure, page }) {
  const { label, write } = MEASURES[measure];
  const shown = Object.keys(PARTS).filter((part) => listed.some(({ amounts }) => amounts[measure][part] > 0));
  const rows = listed.map(({ spec_id: id, amounts }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, page.variant(id).label),
      ...shown.map((part) => make("td", {}, write(amounts[measure][part] ?? 0))),
    ),
  );
  const heads = ["Variant", ...shown.map((part) => PARTS[part])].map((text) => header(text));
  return make("details", {}, make("summary", {}, "As a table"), framed(`${label} by component`, heads, rows));
}

/** @param {Inks} inks */
function legend(inks) {
  const entries = Object.entries(PARTS).map(([part, label]) =>
    make("li", {}, swatch(part, inks, { class: "pvd-swatch" }), label),
  );
  return make("ul", { class: "pvg-legend" }, ...entries);
}

/**
 * What each component takes: of the time, of the multiply-adds, of the parameters.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").CostData} data
 * @param {import("./page.js").DashboardPage} page
 */
function componentBars(host, { parts, components }, page) {
  const known = Object.keys(MEASURES).filter((measure) => parts.some(({ amounts }) => amounts[measure]));
  const bars = make("div", { class: "pvd-parts" });
  const draw = (/** @type {string} */ measure) => {
    const listed = parts.filter(({ amounts }) => amounts[measure]);
    const most = Math.max(...listed.map(({ amounts }) => total(amounts[measure])));
    const rows = listed.map((entry) => partsOf(entry, { measure, most, page }));
    bars.replaceChildren(...rows, partsTable(listed, { measure, page }));
  };
  const choice = select(
    "By component",
    known.map((measure) => [measure, MEASURES[measure].label]),
    draw,
  );
  const timed = components
    ? `Times on one thread of ${components.cpu}: the quickest of several passes over each of ${components.images} ` +
      "test images, all variants in one run. Region proposals include their suppression."
    : "";
  host.append(
    make("h3", {}, "By component"),
    make("div", { class: "pvr-fields" }, choice.element),
    legend(page.payload.inks),
    bars,
    make("p", { class: "pv-muted" }, timed),
  );
  draw(known[0]);
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").CostData} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountCost(host, data, page) {
  const { measured } = data;
  const all = /** @type {CostAxis[]} */ (Object.keys(AXES));
  const known = all.filter((axis) => measured.some((row) => row[axis] !== null));
  let [axis] = known;
  const choice = select(
    "Against",
    known.map((key) => [key, AXES[key].label]),
    (chosen) => {
      axis = chosen;
      draw(page.state());
    },
  );
  host.append(make("div", { class: "pvr-fields" }, kindChoice(page), choice.element));
  const chart = createChart(host, { title: "Accuracy against cost", x: fitted("", [0, 1]), y: fitted("AP", [0, 1]) });
  function draw(/** @type {import("./page.js").Choices} */ { kind }) {
    const { series, axes } = costSeries(measured, page, { kind, axis });
    chart.draw(series, { label: "Bars: 95 % intervals over images.", axes });
  }
  page.onChange(draw);
  componentBars(host, data, page);
}
