/** Where a row comes from: everything that is known of it, in a dialog. */

import { make } from "../base/dom.js";

/**
 * @typedef {string|number|boolean|null|Json[]|JsonObject} Json
 * @typedef {{[name: string]: Json}} JsonObject
 */

/**
 * A value as text, or as a list where it is a record.
 * @param {Json} value
 * @returns {string|HTMLElement}
 */
function told(value) {
  if (value === null || value === "") return "not known";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? facts(value) : String(value);
}

/**
 * Names and values, nested where the record is.
 * @param {JsonObject} record
 */
function facts(record) {
  return make(
    "dl",
    { class: "pvd-facts" },
    ...Object.entries(record).flatMap(([name, value]) => [
      make("dt", {}, name.replaceAll("_", " ")),
      make("dd", {}, told(value)),
    ]),
  );
}

/**
 * Open the record of a row; Escape or the button closes it.
 * @param {import("../payloads.d.ts").RowData} row
 */
export function showProvenance(row) {
  const close = make(
    "button",
    { type: "button", class: "pv-button pv-primary", onclick: () => dialog.close() },
    "Close",
  );
  const caveats = row.caveats.length
    ? [make("h3", {}, "What to keep in mind"), make("ul", {}, ...row.caveats.map((caveat) => make("li", {}, caveat)))]
    : [];
  const links =
    row.source === "measured"
      ? [
          make(
            "p",
            {},
            make("a", { href: `results/predictions/${row.id}.json`, download: "" }, "Its stored predictions (JSON)"),
          ),
        ]
      : [];
  const dialog = make(
    "dialog",
    { class: "pvd-dialog", "aria-labelledby": "pvd-dialog-title", onclose: () => dialog.remove() },
    make("h2", { id: "pvd-dialog-title" }, `${row.label}: ${row.detail}`),
    ...caveats,
    make("h3", {}, row.source === "measured" ? "How it was measured" : "What the course report says"),
    facts(row.provenance),
    ...links,
    close,
  );
  document.querySelector(".pvd")?.append(dialog);
  dialog.showModal();
}
