/** The tables: every run, reported and measured, with the numbers one asks for. */

import { make, say } from "../base/dom.js";
import { save } from "../base/files.js";
import { select } from "./fields.js";
import { KINDS } from "./page.js";
import { showProvenance } from "./provenance.js";
import { asCsv, asJson, bestAmong, columnsToShow, rowsToShow, WHAT } from "./table_rows.js";

const GROUPS = { ...KINDS, cost: "Cost" };

function heading(column, view, sort) {
  const sorted = view.sort === column.key;
  const label =
    column.group === "cost"
      ? `${column.label}${column.unit === "seconds" ? "" : ` (${column.unit})`}`
      : column.label.split(" ")[1];
  return make(
    "th",
    { scope: "col", "aria-sort": sorted ? (view.descending ? "descending" : "ascending") : null },
    make(
      "button",
      { type: "button", title: column.tooltip, "aria-description": column.tooltip, onclick: () => sort(column) },
      label,
      make("span", { "aria-hidden": "true" }, sorted ? (view.descending ? " ↓" : " ↑") : ""),
    ),
  );
}

function number(row, column, best) {
  const { value, text } = row.cells[column.key];
  const isBest = best(row, column);
  const interval = column.label.endsWith(" AP") && row.intervals[column.group];
  const cell = make("td", { class: isBest ? "pvd-best" : value === null ? "pvd-none" : null }, text);
  if (isBest) cell.append(make("span", { class: "pv-hidden" }, " (best shown)"));
  if (interval) {
    cell.append(
      make(
        "small",
        { title: `95 % interval over ${row.pictures} images with ${row.people} people` },
        `${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`,
      ),
    );
  }
  return cell;
}

function rowElement(row, columns, best, page) {
  const caveat = row.caveats.length
    ? [
        make(
          "button",
          {
            type: "button",
            class: "pvd-caveat",
            title: row.caveats.join(" "),
            onclick: () => showProvenance(row),
            "aria-label": `${row.caveats.length} caveat${row.caveats.length > 1 ? "s" : ""} on ${row.label}`,
          },
          "!",
        ),
      ]
    : [];
  const name = make(
    "th",
    { scope: "row" },
    make("span", { class: `pvd-source pvd-${row.source}` }, row.source),
    make(
      "span",
      { class: "pvd-run" },
      make(
        "button",
        { type: "button", class: "pvd-name", title: "Where this row comes from", onclick: () => showProvenance(row) },
        row.label,
      ),
      ...caveat,
    ),
    make("small", {}, row.pictures ? `${row.detail} · ${row.pictures} images, ${row.people} people` : row.detail),
  );
  const { light, dark } = page.variant(row.spec_id).style;
  name.style.setProperty("--light", light);
  name.style.setProperty("--dark", dark);
  return make("tr", { class: `pvd-row-${row.source}` }, name, ...columns.map((column) => number(row, column, best)));
}

/** The section. */
export function mountTables(host, data, page) {
  const view = { what: "main", spec: "", sort: null, descending: true, groups: ["bbox", "segm", "cost"] };
  const table = make("table", { class: "pvd-table" });
  const counted = make("p", { class: "pv-muted", role: "status" });
  const sort = ({ key, better }) => {
    const first = better === "higher";
    view.descending = view.sort === key ? !view.descending : first;
    view.sort = key;
    draw();
    table.querySelector("[aria-sort] button").focus();
  };
  const shown = () => ({ rows: rowsToShow(data, view), columns: columnsToShow(data, view.groups) });
  function draw() {
    const { rows, columns } = shown();
    const best = bestAmong(rows);
    const groups = view.groups.map((group) =>
      make("th", { colspan: columns.filter((c) => c.group === group).length, scope: "colgroup" }, GROUPS[group]),
    );
    table.replaceChildren(
      make("caption", { class: "pv-hidden" }, "COCO metrics of every run, 0 to 1, with speed and size"),
      make(
        "thead",
        {},
        make("tr", {}, make("td", {}), ...groups),
        make("tr", {}, make("th", { scope: "col" }, "Run"), ...columns.map((column) => heading(column, view, sort))),
      ),
      make("tbody", {}, ...rows.map((row) => rowElement(row, columns, best, page))),
    );
    say(
      counted,
      rows.length
        ? `${rows.length} of ${data.rows.length} rows.`
        : "No rows match; choose other rows or another variant.",
    );
  }
  const change = (patch) => {
    Object.assign(view, patch);
    draw();
  };
  const specs = [...new Set(data.rows.map(({ spec_id: id }) => id))].map((id) => [id, page.variant(id).label]);
  const groups = Object.entries({
    "bbox segm cost": "Boxes, masks, speed and size",
    bbox: "Boxes",
    segm: "Masks",
    cost: "Cost",
  });
  const files = { csv: ["text/csv", asCsv], json: ["application/json", asJson] };
  host.append(
    make(
      "div",
      { class: "pvd-fields" },
      select(
        "Rows",
        Object.entries(WHAT).map(([key, { label }]) => [key, label]),
        (what) => change({ what }),
      ).element,
      select("Variant", [["", "All variants"], ...specs], (spec) => change({ spec })).element,
      select("Columns", groups, (chosen) => change({ groups: chosen.split(" ") })).element,
      ...Object.entries(files).map(([ending, [type, write]]) =>
        make(
          "button",
          {
            type: "button",
            class: "pv-button",
            onclick: () => save(new Blob([write(shown().rows, shown().columns)], { type }), `pedviz-results.${ending}`),
          },
          `Download ${ending.toUpperCase()}`,
        ),
      ),
    ),
    make(
      "div",
      { class: "pvd-scroll", tabindex: "0", role: "region", "aria-label": "Results, scrolls sideways" },
      table,
    ),
    counted,
    make(
      "p",
      { class: "pvd-text pv-muted" },
      "Bold: the best value of its column among the measured rows that are shown; reported rows are of other " +
        "images and do not compete. Small figures: the 95 % interval over images. Press a column to sort by it, " +
        "a name to see where the row comes from, and ! for what limits it.",
    ),
  );
  draw();
}
