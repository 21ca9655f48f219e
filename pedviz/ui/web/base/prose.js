/** The Markdown of assets/lessons as elements: paragraphs, lists, tables, bold, italic, code and links. */

import { make } from "./dom.js";

const INLINE = /\*\*(?<strong>.+?)\*\*|\*(?<em>.+?)\*|`(?<code>.+?)`|\[(?<label>.+?)\]\((?<href>[^)\s]+)\)/;

/** @type {(text: string) => (string|HTMLElement)[]} */
function inline(text) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const { strong, em, code, label, href } = found.groups ?? {};
    nodes.push(rest.slice(0, found.index));
    if (strong) nodes.push(make("strong", {}, ...inline(strong)));
    else if (em) nodes.push(make("em", {}, ...inline(em)));
    else if (code) nodes.push(make("code", {}, code));
    else nodes.push(make("a", { href }, label));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, rest].filter((node) => node !== "");
}

/** @type {(line: string, tag: "th"|"td") => HTMLElement} */
function tableRow(line, tag) {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|");
  return make("tr", {}, ...cells.map((cell) => make(tag, {}, ...inline(cell.trim()))));
}

/** @param {string[]} lines */
function table([head, , ...rows]) {
  return make(
    "table",
    {},
    make("thead", {}, tableRow(head, "th")),
    make("tbody", {}, ...rows.map((row) => tableRow(row, "td"))),
  );
}

/** @param {string} text */
function block(text) {
  const lines = text.split("\n");
  if (/^\|[\s:|-]+\|$/.test(lines[1] ?? "")) return table(lines);
  if (!lines[0].startsWith("- ")) return make("p", {}, ...inline(lines.join(" ")));
  const items = text
    .slice(2)
    .split(/\n- /)
    .map((item) => item.replaceAll(/\n\s*/g, " "));
  return make("ul", {}, ...items.map((item) => make("li", {}, ...inline(item))));
}

/**
 * Elements for a section's text.
 * @param {string} markdown
 * @returns {HTMLElement[]}
 */
export function proseElements(markdown) {
  return markdown
    .split(/\n\s*\n/)
    .filter((text) => text.trim())
    .map((text) => block(text.trim()));
}
