/** One setting changed at a time, with the size of what another seed alone can do. */

import { make } from "../base/dom.js";
import { fitted } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { signed, three } from "../charts/result_tables.js";
import { kindChoice } from "./fields.js";
import { KINDS } from "./page.js";

/**
 * @typedef {import("../payloads.d.ts").Trial} Trial
 * @typedef {Omit<Trial, "ap"> & {ap: number}} MeasuredTrial in boxes or in masks
 * @typedef {import("../payloads.d.ts").VariantStyle} VariantStyle
 */

const ROW = 26; // pixels
const PHONE = 600; // pixels: below, half of the width is too little for what a row is named

/** @param {import("../payloads.d.ts").Headline} found */
function headline({ small, large }) {
  const half = Math.round((100 * small.parameters) / large.parameters);
  const known = (/** @type {number|null} */ ap) => (ap === null ? "n/a" : three(ap));
  const ap = (/** @type {typeof small} */ { label, ap: { bbox, segm } }) =>
    `${label}: box AP ${known(bbox)}, mask AP ${known(segm)}.`;
  return make(
    "article",
    { class: "pvr-card" },
    make("p", {}, make("strong", {}, `${ap(small)} ${ap(large)}`)),
    make(
      "p",
      {},
      "The course reports blamed the MobileNetV2 backbone for their weak lightweight detector. Measured with a " +
        `feature pyramid and frozen BatchNorm, the same backbone reaches this with ${half} % of the parameters. The ` +
        "reports changed three things at once: a single feature map at stride 32, 1280 channels, and BatchNorm " +
        "trained on two images. Released weights differ in what they began from as well, which the model cards on " +
        "the About page name; the trials below change one thing at a time.",
    ),
  );
}

/** @param {import("../payloads.d.ts").TrialsInCommon | null} common */
function commonText(common) {
  if (!common) return "No trial has been measured yet: python -m training.ablate measures them.";
  const { label, recipe, images, people, tested_at: testedAt } = common;
  const settings = Object.entries(recipe)
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${Array.isArray(value) ? value.join("/") : value}`)
    .join(", ");
  const tested = Object.entries(testedAt)
    .map(([side, necks]) => `${side} pixels (${necks.join(", ")})`)
    .join(" and ");
  return (
    `Every trial changes one thing of one base: ${label}, ${settings}. These runs are short, so only the differences ` +
    `between them are meaningful. ${images} images with ${people} people, tested at ${tested}.`
  );
}

const rowOf = (/** @type {Trial|MeasuredTrial} */ { factor, value }) => `${factor}: ${value}`;

/**
 * Rows from top to bottom: a row for each value of each setting, whatever its seeds.
 * @param {Trial[]} trials
 */
const rowsOf = (trials) => [...new Set(trials.map(rowOf))];

/**
 * @param {MeasuredTrial[]} trials
 * @param {{rows: string[], base: import("../payloads.d.ts").Spread, inks: import("../payloads.d.ts").Inks}} looks
 * @returns {import("../charts/series.js").Series[]}
 */
function series(trials, { rows, base, inks }) {
  /** @type {(kept: MeasuredTrial[], label: string, style: VariantStyle) => import("../charts/series.js").Series} */
  const dots = (kept, label, style) => ({
    label,
    kind: "points",
    style,
    points: kept.map((trial) => ({
      x: trial.ap - base.mean,
      y: rows.length - rows.indexOf(rowOf(trial)) - 0.5,
      name: signed(trial.ap - base.mean),
      tip:
        `${trial.factor} ${trial.value} in place of ${trial.base}: AP ${three(trial.ap)}, ` +
        `${signed(trial.ap - base.mean)}, seed ${trial.seed}`,
    })),
  });
  const [low, high] = [base.low - base.mean, base.high - base.mean];
  /** @type {import("../charts/series.js").Series} */
  const band = {
    label: `Spread of ${base.seeds} seeds of the base: ${signed(low)} to ${signed(high)}`,
    kind: "band",
    style: inks.neutral,
    points: [low, high].map((x) => ({ x, y: rows.length, tip: `${base.seeds} seeds end at ${signed(x)}` })),
  };
  const others = trials.filter(({ seed }) => seed !== 0);
  return [
    band,
    dots(
      trials.filter(({ seed }) => seed === 0),
      "Seed 0",
      inks.series[0],
    ),
    ...(others.length ? [dots(others, "Other seeds", inks.series[1])] : []),
  ];
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").AblationsData} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountAblations(host, data, page) {
  if (data.headline) host.append(headline(data.headline));
  host.append(make("p", { class: "pvd-text" }, commonText(data.common)));
  if (!data.trials.length) return;
  const rows = rowsOf(data.trials);
  const ticks = rows.map((_, index) => rows.length - index - 0.5);
  const bases = new Map(data.trials.map((trial) => [rowOf(trial), trial.base]));
  const isPhone = document.documentElement.clientWidth < PHONE;
  const names = rows.map((row) => (isPhone ? row : `${row}, not ${bases.get(row)}`));
  const format = (/** @type {number} */ at) => names[rows.length - Math.ceil(at)];
  const y = { label: "", low: 0, high: rows.length, ticks, format };
  host.append(make("div", { class: "pvr-fields" }, kindChoice(page)));
  const chart = createChart(host, {
    title: "Change in AP when one setting changes",
    x: fitted("Change in AP", [0, 1]),
    y,
    height: ROW * rows.length + 70,
  });
  page.onChange(({ kind }) => {
    const base = data.base[kind];
    if (!base) {
      chart.draw([]);
      return;
    }
    const known = data.trials.flatMap(({ ap, ...trial }) => (ap[kind] === null ? [] : [{ ...trial, ap: ap[kind] }]));
    const changes = known.map(({ ap }) => ap - base.mean);
    const x = fitted("Change in AP from the mean of the base's seeds", [0, base.low - base.mean, ...changes]);
    chart.draw(series(known, { rows, base, inks: page.payload.inks }), {
      label: `${KINDS[kind]}. Within the band a change is no larger than that of another seed.`,
      axes: { x },
    });
  });
}
