/** A chart as a table, for those who do not see it. */

import { make } from "../base/dom.js";

/**
 * @param {Object[]} series as a chart draws them
 * @param {{x: {label: string}, y: {label: string}}} axes
 */
export function chartTable(series, { x, y }) {
  const rows = series.flatMap(({ label, points }) =>
    points
      .filter((point) => Number.isFinite(point.y))
      .map((point) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, label),
          make("td", {}, point.name ?? String(point.x)),
          make("td", {}, String(point.y)),
        ),
      ),
  );
  return make(
    "table",
    { class: "pvg-table" },
    make(
      "thead",
      {},
      make("tr", {}, ...["Series", x.label, y.label || "Row"].map((text) => make("th", { scope: "col" }, text))),
    ),
    make("tbody", {}, ...rows),
  );
}
