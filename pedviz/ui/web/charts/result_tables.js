/** The tables of one or two detectors: COCO's twelve numbers with intervals, and a row for each category. */

import { make } from "../base/dom.js";

/**
 * @typedef {Object} Run a detector with what is drawn of it
 * @property {string} label
 * @property {import("../payloads.d.ts").VariantStyle} style
 * @property {import("../payloads.d.ts").Analysis} analysis
 */

const KEYS = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"];
/** @type {Record<string, string>} */
const MEANINGS = {
  AP: "Average precision over IoU .50 to .95",
  AP50: "Average precision at IoU .50",
  AP75: "Average precision at IoU .75",
  APs: "AP of small objects, area below 32 x 32 pixels",
  APm: "AP of medium objects, area 32 x 32 to 96 x 96 pixels",
  APl: "AP of large objects, area above 96 x 96 pixels",
  AR1: "Average recall with 1 detection per image and category",
  AR10: "Average recall with 10 detections per image and category",
  AR100: "Average recall with 100 detections per image and category",
  ARs: "Average recall of small objects",
  ARm: "Average recall of medium objects",
  ARl: "Average recall of large objects",
};
const CATEGORIES_SHOWN = 15;
export const three = (/** @type {number} */ value) => value.toFixed(3);
export const signed = (/** @type {number} */ value) => `${value > 0 ? "+" : ""}${three(value)}`;

/**
 * A table that scrolls sideways in its own frame, which the keyboard reaches.
 * @param {string} label
 * @param {HTMLElement[]} head its cells
 * @param {HTMLElement[]} rows
 */
export function framed(label, head, rows) {
  return make(
    "div",
    { class: "pvr-scroll", tabindex: "0", role: "region", "aria-label": `${label}, scrolls sideways` },
    make("table", { class: "pvr-table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
  );
}

/** A header cell, with what the column means. */
export const header = (/** @type {string} */ text, /** @type {string|null} */ title = null) =>
  make("th", { scope: "col", title }, text);

/**
 * A cell with a number and, below it, its interval.
 * @param {import("../payloads.d.ts").Estimate | null | undefined} found
 * @param {(value: number) => string} write
 */
export function estimate(found, write = three) {
  if (!found) return make("td", { class: "pv-muted" }, "n/a (no objects)");
  const range =
    found.low === null || found.high === null ? [] : [make("small", {}, `${write(found.low)} to ${write(found.high)}`)];
  return make("td", {}, write(found.value), ...range);
}

/**
 * COCO's twelve numbers.
 * @param {Run[]} runs
 * @param {import("../payloads.d.ts").KindComparison["difference"]} difference of the second run less the first
 */
export function numbersTable(runs, difference = null) {
  const rows = runs.map(({ label, analysis }) =>
    make("tr", {}, make("th", { scope: "row" }, label), ...KEYS.map((key) => estimate(analysis.numbers[key]))),
  );
  if (difference) {
    const cells = KEYS.map((key) => {
      const cell = estimate(difference[key], signed);
      const found = difference[key];
      if (found && (found.low > 0 || found.high < 0)) cell.classList.add("pvr-told-apart");
      return cell;
    });
    rows.push(make("tr", {}, make("th", { scope: "row" }, `${runs[1].label} minus ${runs[0].label}`), ...cells));
  }
  return framed("COCO numbers", [header("Detector"), ...KEYS.map((key) => header(key, MEANINGS[key]))], rows);
}

/**
 * AP of each category, those with most objects first; the rest opens on request.
 * @param {Run[]} runs
 */
export function categoryTable(runs) {
  const [first, ...others] = runs.map(({ analysis }) => analysis.categories);
  const byName = others.map((rows) => new Map(rows.map((row) => [row.name, row])));
  const names = new Set(first.map(({ name }) => name));
  const extra = others.flatMap((rows) => rows.filter(({ name }) => !names.has(name)));
  const all = [...first, ...extra].map((row) => {
    const each = [first.includes(row) ? row : null, ...byName.map((rows) => rows.get(row.name))];
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, row.name),
      make("td", {}, String(row.objects)),
      ...each.flatMap((one) => [
        estimate(one?.ap),
        estimate(one?.numbers.AP50 == null ? null : { value: one.numbers.AP50, low: null, high: null }),
      ]),
    );
  });
  const head = [
    header("Category"),
    header("Objects"),
    ...runs.flatMap(({ label }) => [header(`AP, ${label}`), header(`AP50, ${label}`)]),
  ];
  const table = framed("AP of each category", head, all.slice(0, CATEGORIES_SHOWN));
  if (all.length <= CATEGORIES_SHOWN) return table;
  const more = make(
    "button",
    {
      type: "button",
      class: "pv-button",
      onclick: () => {
        table.querySelector("tbody")?.append(...all.slice(CATEGORIES_SHOWN));
        more.remove();
      },
    },
    `Show all ${all.length} categories`,
  );
  return make("div", { class: "pvr-more" }, table, more);
}
