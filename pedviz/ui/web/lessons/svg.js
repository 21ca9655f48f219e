/** Helpers to build SVG elements. */

const NS = "http://www.w3.org/2000/svg";

/**
 * An SVG element; attributes that are null or undefined are left out.
 * @param {string} tag such as "rect"
 * @param {Object} attributes names to values
 * @param {...(Node|string)} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A straight line. */
export function line(x1, y1, x2, y2, attributes = {}) {
  return svg("line", { x1, y1, x2, y2, ...attributes });
}

/**
 * Some text at a place.
 * @param {Object} attributes such as {"text-anchor": "middle", class: "pvl-label"}
 */
export function words(x, y, text, attributes = {}) {
  return svg("text", { x, y, ...attributes }, text);
}

/**
 * An arrow from one place to another, with a head of fixed size; nothing if it would be shorter than a pixel.
 * @returns {SVGElement|null}
 */
export function arrow(x1, y1, x2, y2, attributes = {}) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!(length >= 1)) return null;
  const head = Math.min(9, length);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - ux * head, y2 - uy * head];
  const side = head * 0.45;
  const tip = `${x2},${y2} ${bx - uy * side},${by + ux * side} ${bx + uy * side},${by - ux * side}`;
  return svg("g", { class: "pvl-arrow", ...attributes }, line(x1, y1, bx, by, { class: "pvl-arrow-halo" }), line(x1, y1, bx, by), svg("polygon", { points: tip }));
}

const ICONS = {
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 0 12h-2",
  redo: "M15 7l5 5-5 5M20 12H10a6 6 0 0 0 0 12h2",
  reset: "M4 5v6h6M4.6 11a8 8 0 1 1-.6 5",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.01M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  link: "M10 14a4 4 0 0 0 5.7 0l3.2-3.2a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.2 3.2a4 4 0 0 0 5.7 5.7l1.2-1.2",
  screen: "M3 5h18v11H3zM9 21h6M12 16v5",
  right: "M4 12.5l5 5L20 6.5",
  wrong: "M6 6l12 12M18 6L6 18",
  incomplete: "M12 5v9M12 18.5v.01",
};

/** A line icon, silent for screen readers: undo, redo, reset, question, print, link, screen or a verdict. */
export function icon(name) {
  const attributes = {
    viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 1.9,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  };
  return svg("svg", attributes, svg("path", { d: ICONS[name] }));
}
