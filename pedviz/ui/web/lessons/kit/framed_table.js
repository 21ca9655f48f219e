/** Tables of the lessons, each in a frame that scrolls where the page is narrow and that the keyboard reaches. */

import { make } from "../../base/dom.js";

/**
 * @template {"th"|"caption"} Tag
 * @param {Tag} tag
 * @param {Object<string, string>} attributes
 * @param {string|Element|null} content an element takes the place of one
 */
const element = (tag, attributes, content) => (typeof content === "string" ? make(tag, attributes, content) : content);

/**
 * @param {Object} options
 * @param {string} options.label what the table shows, for a screen reader
 * @param {(string|Element)[]} options.heads titles of the columns, or their cells
 * @param {Element[]|Element} options.rows its rows, or a body that the caller fills
 * @param {string|Element|null} [options.caption]
 * @param {string} [options.frame] another class of the frame
 * @returns {Element} the frame
 */
export function framedTable({ label, heads, rows, caption = null, frame = "" }) {
  const head = make("tr", {}, ...heads.map((title) => element("th", { scope: "col" }, title)));
  const body = Array.isArray(rows) ? make("tbody", {}, ...rows) : rows;
  return make(
    "div",
    { class: `pvl-table-frame ${frame}`.trim(), tabindex: "0", role: "region", "aria-label": label },
    make("table", { class: "pvl-table" }, element("caption", {}, caption), make("thead", {}, head), body),
  );
}
