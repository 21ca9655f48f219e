/** Which rows the tables show, in which order, and as files. Pure functions of the section's data. */

import { csv } from "../base/files.js";

/**
 * @typedef {import("../payloads.d.ts").RowData} Row
 * @typedef {import("../payloads.d.ts").ColumnData} Column
 */

/** @type {Record<string, {label: string, kinds: Row["what"][]}>} */
export const WHAT = {
  main: { label: "Released and reported", kinds: ["shipped", "reported"] },
  shipped: { label: "Measured: released weights", kinds: ["shipped"] },
  measured: { label: "Measured: also before quantisation", kinds: ["shipped", "float32"] },
  earlier: { label: "Measured: also earlier releases", kinds: ["shipped", "float32", "earlier"] },
  experiments: { label: "Measured: experiments", kinds: ["experiment"] },
  reported: { label: "Reported", kinds: ["reported"] },
  all: { label: "All rows", kinds: ["shipped", "float32", "earlier", "experiment", "reported"] },
};

/**
 * The rows to show.
 * @param {import("../payloads.d.ts").TablesData} data
 * @param {{what: string, spec: string, sort: string|null, descending: boolean}} view `spec` "" for all variants
 * @returns {Row[]} numbers in order, rows without the number last; without `sort` the order of the data
 */
export function rowsToShow({ rows }, { what, spec, sort, descending }) {
  const kept = rows.filter((row) => WHAT[what].kinds.includes(row.what) && (!spec || row.spec_id === spec));
  if (!sort) return kept;
  const known = kept.flatMap((row) => {
    const { value } = row.cells[sort];
    return value === null ? [] : [{ row, value }];
  });
  known.sort((a, b) => (descending ? b.value - a.value : a.value - b.value));
  return [...known.map(({ row }) => row), ...kept.filter(({ cells }) => cells[sort].value === null)];
}

/**
 * Which of the rows that are shown holds the best value of a column. Reported rows are of other images, so they do
 * not compete; nor do rows of another split.
 * @param {Row[]} rows
 * @returns {(row: Row, column: Column) => boolean}
 */
export function bestAmong(rows) {
  const measured = rows.filter(({ source }) => source === "measured");
  return (row, { key, better }) => {
    const value = row.cells[key].value;
    if (row.source !== "measured" || value === null) return false;
    const rivals = measured
      .filter(({ split }) => split === row.split)
      .map(({ cells }) => cells[key].value)
      .filter((one) => one !== null);
    return value === (better === "higher" ? Math.max(...rivals) : Math.min(...rivals));
  };
}

/**
 * The rows as CSV, at full precision; a number that is not there is an empty field.
 * @param {Row[]} rows
 * @param {Column[]} columns
 */
export function asCsv(rows, columns) {
  const header = [
    "id",
    "source",
    "model",
    "detail",
    ...columns.map(({ label }) => label),
    "images",
    "people",
    "caveats",
  ];
  const lines = rows.map((row) => [
    row.id,
    row.source,
    row.label,
    row.detail,
    ...columns.map(({ key }) => row.cells[key].value),
    row.images,
    row.people,
    row.caveats.join(" "),
  ]);
  return csv([header, ...lines]);
}

/**
 * The rows as JSON, with intervals and provenance.
 * @param {Row[]} rows
 * @param {Column[]} columns
 */
export function asJson(rows, columns) {
  return JSON.stringify(
    rows.map(({ cells, ...row }) => ({
      ...row,
      numbers: Object.fromEntries(columns.map(({ key }) => [key, cells[key].value])),
    })),
    null,
    1,
  );
}
