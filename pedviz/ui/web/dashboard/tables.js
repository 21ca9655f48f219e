/** The tables: every run, reported and measured, with the numbers one asks for. */

import { make, say } from "../base/dom.js";
import { save } from "../base/files.js";
import { select } from "./fields.js";
import { KINDS } from "./page.js";
import { showProvenance } from "./provenance.js";
import { asCsv, asJson, bestAmong, rowsToShow, WHAT } from "./table_rows.js";

/**
 * @typedef {import("./table_rows.js").Row} Row
 * @typedef {import("./table_rows.js").Column} Column
 * @typedef {import("../payloads.d.ts").TablesData} TablesData
 *
 * @typedef {Object} View
 * @property {string} what which rows
 * @property {string[]|null} brief keys of the only columns that are shown
 * @property {string} spec "" for all variants
 * @property {string|null} sort key of a column
 * @property {boolean} descending
 * @property {Column["group"][]} groups of columns
 */

const GROUPS = { ...KINDS, cost: "Cost" };
const ONE = { bbox: "Box", segm: "Mask" };
const NOTE =
  "Bold: the best value of its column among the measured rows that are shown; reported rows are of other images and " +
  "do not compete. Small figures: the 95 % interval over images. Press a column to sort by it, a name to see where " +
  "the row comes from, and ! for what limits it.";

/**
 * A column's name; beside columns of another kind with "Box" or "Mask" before it.
 * @param {Column} column
 * @param {boolean} isBrief
 */
function nameOf({ group, label, unit }, isBrief) {
  if (group === "cost") return unit === "seconds" ? label : `${label} (${unit})`;
  const [, name] = label.split(" ");
  return isBrief ? `${ONE[group]} ${name}` : name;
}

/**
 * @param {Column} column
 * @param {View} view
 * @param {(column: Column) => void} sort
 */
function heading(column, view, sort) {
  const sorted = view.sort === column.key;
  const label = nameOf(column, Boolean(view.brief));
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

/**
 * @param {Row} row
 * @param {Column} column
 * @param {(row: Row, column: Column) => boolean} best
 */
function number(row, column, best) {
  const { value, text } = row.cells[column.key];
  const isBest = best(row, column);
  const interval = column.label.endsWith(" AP") && column.group !== "cost" && row.intervals[column.group];
  const cell = make("td", { class: isBest ? "pvd-best" : value === null ? "pvd-none" : null }, text);
  if (isBest) cell.append(make("span", { class: "pv-hidden" }, " (best shown)"));
  if (interval) {
    cell.append(
      make(
        "small",
        { title: `95 % interval over ${row.images} images with ${row.people} people` },
        `${interval[0].toFixed(3)}–${interval[1].toFixed(3)}`,
      ),
    );
  }
  return cell;
}

/**
 * @param {Row} row
 * @param {Column[]} columns
 * @param {(row: Row, column: Column) => boolean} best
 * @param {import("./page.js").DashboardPage} page
 */
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
    make("small", {}, row.images ? `${row.detail} · ${row.images} images, ${row.people} people` : row.detail),
  );
  const { light, dark } = page.variant(row.spec_id).style;
  name.style.setProperty("--light", light);
  name.style.setProperty("--dark", dark);
  return make("tr", { class: `pvd-row-${row.source}` }, name, ...columns.map((column) => number(row, column, best)));
}

/**
 * A table that is drawn anew whenever its view changes.
 * @param {TablesData} data
 * @param {import("./page.js").DashboardPage} page
 * @param {View} view
 */
function resultsTable(data, page, view) {
  const table = make("table", { class: "pvd-table" });
  const counted = make("p", { class: "pv-muted", role: "status" });
  const label = "Results, scrolls sideways";
  const frame = make("div", { class: "pvd-scroll", tabindex: "0", role: "region", "aria-label": label }, table);
  const shown = () => ({
    rows: rowsToShow(data, view),
    columns: data.columns.filter(({ key, group }) => view.brief?.includes(key) ?? view.groups.includes(group)),
  });
  const sort = (/** @type {Column} */ { key, better }) => {
    view.descending = view.sort === key ? !view.descending : better === "higher";
    view.sort = key;
    draw();
    /** @type {HTMLElement|null} */ (table.querySelector("[aria-sort] button"))?.focus();
  };
  function groupRow(/** @type {Column[]} */ columns) {
    const heads = view.groups.map((group) =>
      make("th", { colspan: columns.filter((c) => c.group === group).length, scope: "colgroup" }, GROUPS[group]),
    );
    return view.brief ? [] : [make("tr", {}, make("td", {}), ...heads)];
  }
  function draw() {
    const { rows, columns } = shown();
    const heads = columns.map((column) => heading(column, view, sort));
    table.classList.toggle("pvd-brief", Boolean(view.brief));
    table.replaceChildren(
      make("caption", { class: "pv-hidden" }, "COCO metrics, 0 to 1, with speed and size"),
      make("thead", {}, ...groupRow(columns), make("tr", {}, make("th", { scope: "col" }, "Run"), ...heads)),
      make("tbody", {}, ...rows.map((row) => rowElement(row, columns, bestAmong(rows), page))),
    );
    const none = "No rows match; choose other rows or another variant.";
    say(counted, rows.length ? `${rows.length} of ${data.rows.length} rows.` : none);
  }
  return { frame, counted, shown, draw };
}

/**
 * Which rows and columns are shown, and the same as files.
 * @param {TablesData} data
 * @param {import("./page.js").DashboardPage} page
 * @param {{change: (patch: Partial<View>) => void, shown: () => {rows: Row[], columns: Column[]}}} table
 */
function controls(data, page, { change, shown }) {
  /** @type {[string, string][]} */
  const specs = [...new Set(data.rows.map(({ spec_id: id }) => id))].map((id) => [id, page.variant(id).label]);
  const groups = Object.entries({
    "bbox segm cost": "Boxes, masks, speed and size",
    bbox: "Boxes",
    segm: "Masks",
    cost: "Cost",
  });
  /** @type {Object<string, [string, (rows: Row[], columns: Column[]) => string]>} */
  const files = { csv: ["text/csv", asCsv], json: ["application/json", asJson] };
  /** @type {[string, string][]} */
  const rows = Object.entries(WHAT).map(([key, { label }]) => [key, label]);
  return make(
    "div",
    { class: "pvr-fields", hidden: true },
    select("Rows", rows, (what) => change({ what })).element,
    select("Variant", [["", "All variants"], ...specs], (spec) => change({ spec })).element,
    select("Columns", groups, (chosen) => change({ groups: /** @type {View["groups"]} */ (chosen.split(" ")) }))
      .element,
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
  );
}

/**
 * A table of results.
 * @param {HTMLElement} host
 * @param {TablesData} data
 * @param {import("./page.js").DashboardPage} page
 * @param {{what?: string, brief?: string[]|null}} options which rows; `brief` names the columns of the released
 *   variants, beside a button that opens every row and column there is
 */
export function mountTables(host, data, page, { what = "shipped", brief = null }) {
  /** @type {View} */
  const view = { what, brief, spec: "", sort: null, descending: true, groups: ["bbox", "segm", "cost"] };
  const table = resultsTable(data, page, view);
  const change = (/** @type {Partial<View>} */ patch) => {
    Object.assign(view, patch);
    table.draw();
  };
  table.draw();
  if (!brief) {
    host.append(table.frame);
    return;
  }
  const fields = controls(data, page, { change, shown: table.shown });
  const note = make("p", { class: "pv-muted" }, NOTE);
  const more = make(
    "button",
    {
      type: "button",
      class: "pv-button",
      "aria-expanded": "false",
      onclick: () => {
        const opens = Boolean(view.brief);
        fields.hidden = table.counted.hidden = !opens;
        more.setAttribute("aria-expanded", String(opens));
        say(more, opens ? "Fewer columns" : "All COCO columns");
        host.classList.toggle("pvd-all", opens);
        change(opens ? { brief: null, what: "main" } : { brief, what, spec: "", sort: null });
        /** @type {HTMLSelectElement} */ (fields.querySelector("select")).value = view.what;
      },
    },
    "All COCO columns",
  );
  table.counted.hidden = true;
  host.append(fields, table.frame, table.counted, make("p", {}, more), note);
}
