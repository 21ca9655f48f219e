/** Everything about one or two detectors' results, from the JSON of pedviz/comparison.py. */

import { make, say } from "../base/dom.js";
import { disagreementSection } from "./disagreement.js";
import { errorChart } from "./error_chart.js";
import { resultCharts } from "./result_charts.js";
import { categoryTable, numbersTable } from "./result_tables.js";
import { slider } from "./slider.js";

/**
 * @import { ComparisonPayload, Difference } from "../payloads.d.ts"
 * @import { Run } from "./result_tables.js"
 */

/** @type {Record<string, string>} */
const KINDS = { bbox: "Boxes", segm: "Masks" };
/** @type {Record<string, string>} */
const SIZES = {
  annotations: "Size classes go by the annotations' area, as in COCO.",
  boxes: "Size classes go by the area of the boxes.",
};

/** @type {(title: string, ...children: (Node|string|null)[]) => HTMLElement} */
function section(title, ...children) {
  return make("section", {}, make("h2", {}, title), ...children);
}

/**
 * The detectors as charts and tables take them, in boxes or in masks.
 * @param {ComparisonPayload} data
 * @param {string} kind
 * @returns {Run[]}
 */
export function runsOf(data, kind) {
  return data.by_kind[kind].runs.map((analysis, place) => ({
    label: data.runs[place].name,
    style: data.inks.series[place],
    analysis,
  }));
}

/** @param {ComparisonPayload} data */
function facts({ truth, settings }) {
  /** @type {(number: number, one: string, many?: string) => string} */
  const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
  const parts = [
    count(truth.images, "image"),
    count(truth.objects, "object"),
    count(truth.categories, "category", "categories"),
  ];
  if (truth.crowds) parts.push(`${count(truth.crowds, "crowd")}, ignored as COCO does`);
  const resampled = settings.draws
    ? `Intervals: 95 %, from ${settings.draws.toLocaleString("en")} paired bootstrap resamples of the images.`
    : "No bootstrap was asked for, so there are no intervals.";
  return make(
    "p",
    { class: "pv-muted" },
    `${truth.file}: ${parts.join(", ")}. ${SIZES[settings.size_by]} ${resampled}`,
  );
}

/** @param {ComparisonPayload} data */
function notices(data) {
  const all = [...data.truth.notices, ...data.runs.flatMap((run) => run.notices)];
  if (!all.length) return [];
  const list = make("ul", {}, ...all.map((notice) => make("li", {}, notice)));
  return [make("details", { open: true }, make("summary", {}, `How the files were read (${all.length})`), list)];
}

const points = (/** @type {number} */ value) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;

/**
 * The interval on a scale with "no difference" in its middle, wide enough for its ends.
 * @param {Difference} found
 */
function scale({ value, low, high }) {
  const span = Math.max(0.02, 1.15 * Math.max(Math.abs(low), Math.abs(high)));
  const at = (/** @type {number} */ place) => `${50 + (50 * place) / span}%`;
  const interval = `95 % interval ${points(low)} to ${points(high)}`;
  const label = `Difference ${points(value)} AP, ${interval}; the bar spans ${points(-span)} to ${points(span)}`;
  const [zero, range, mark] = ["pvr-zero", "pvr-range", "pvr-value"].map((name) => make("i", { class: name }));
  range.style.left = at(low);
  range.style.right = `calc(100% - ${at(high)})`;
  mark.style.left = at(value);
  return make("div", { class: "pvr-scale", role: "img", "aria-label": label }, zero, range, mark);
}

/**
 * Whether two detectors can be told apart: a sentence, and the interval of their difference as a bar.
 * @param {string} title such as "Boxes"
 * @param {Difference} found
 * @param {string} note what the difference rests on
 */
function verdictCard(title, found, note) {
  const { sentence, value, low, high } = found;
  const numbers = `B minus A: ${points(value)} AP, 95 % interval ${points(low)} to ${points(high)}${note}.`;
  return make(
    "article",
    { class: "pvr-card" },
    make("h3", {}, title),
    make("p", {}, sentence),
    scale(found),
    make("p", { class: "pv-muted" }, numbers),
  );
}

/**
 * Whether the two can be told apart, in boxes and in masks.
 * @param {ComparisonPayload} data
 */
export function verdictCards(data) {
  const note = `, over ${data.truth.images.toLocaleString("en")} images`;
  const cards = Object.entries(data.by_kind).flatMap(([kind, { difference }]) =>
    difference?.AP ? [verdictCard(KINDS[kind], difference.AP, note)] : [],
  );
  return make("div", { class: "pvr-cards" }, ...cards);
}

/** @param {ComparisonPayload} data */
function verdicts(data) {
  const cards = verdictCards(data);
  return cards.childElementCount ? [section("Significance", cards)] : [];
}

/** @type {(kinds: string[], choose: (kind: string) => void) => HTMLElement[]} */
function kindChooser(kinds, choose) {
  if (kinds.length < 2) return [];
  const field = make(
    "select",
    { onchange: () => choose(field.value) },
    ...kinds.map((kind) => make("option", { value: kind }, KINDS[kind])),
  );
  return [make("label", {}, "Measured on", field)];
}

/**
 * Show a comparison.
 * @param {HTMLElement} host
 * @param {ComparisonPayload} data
 */
export function showResults(host, data) {
  const kinds = Object.keys(data.by_kind);
  const state = { kind: kinds[0], iou: 0.5 };
  const tables = make("div", { class: "pvr-more" });
  const categories = make("div");
  const images = make("div");
  const charts = section("Curves");
  const errors = section(
    "Error analysis",
    make("p", {}, "Every false positive and every false negative has one cause, at IoU .50. Source: TIDE, ECCV 2020."),
  );
  const summary = make("p", { class: "pv-muted" });
  const fields = make(
    "div",
    { class: "pvr-fields" },
    ...kindChooser(kinds, (kind) => {
      state.kind = kind;
      draw();
    }),
    slider("IoU threshold of the precision-recall curve", { min: 0.5, max: 0.95, step: 0.05, value: 0.5 }, (iou) => {
      state.iou = iou;
      drawCharts(runsOf(data, state.kind), { iou });
    }),
  );
  charts.append(fields);
  host.replaceChildren(
    make(
      "div",
      { class: "pvr" },
      ...verdicts(data),
      section("Results", facts(data), tables, ...notices(data)),
      charts,
      errors,
      section("Categories", categories),
      images,
      summary,
    ),
  );
  const drawCharts = resultCharts(charts, data.inks);
  const drawErrors = errorChart(errors);

  function draw() {
    const { difference, disagreement } = data.by_kind[state.kind];
    const runs = runsOf(data, state.kind);
    tables.replaceChildren(numbersTable(runs, difference));
    categories.replaceChildren(categoryTable(runs));
    drawCharts(runs, { iou: state.iou });
    drawErrors(runs);
    images.replaceChildren(...(disagreement ? [disagreementSection(disagreement, runs)] : []));
    say(summary, runs[0].analysis.curves ? "" : "The ground truth has no object to find, so there are no curves.");
  }
  draw();
}
