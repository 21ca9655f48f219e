/** Files for the visitor: offering them, and tables as CSV. */

// What a spreadsheet takes for the start of a formula, in plain and in full-width form.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const MILLISECONDS = 10000; // until the browser has surely begun to save

/** @typedef {string|number|boolean|null|undefined} Field */

/**
 * Offer a file to the visitor.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), MILLISECONDS);
}

/**
 * Text as a CSV field: quoted where needed, and never read as a formula by a spreadsheet.
 * @param {Field} value
 */
function field(value) {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Rows of fields as CSV (RFC 4180); null and undefined are empty fields.
 * @param {Field[][]} lines
 */
export function csv(lines) {
  return `${lines.map((line) => line.map(field).join(",")).join("\r\n")}\r\n`;
}
