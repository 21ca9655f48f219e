/** Helpers to build SVG elements. */

/** @typedef {{[name: string]: import("./dom.js").AttributeValue}} SvgAttributes */

const NS = "http://www.w3.org/2000/svg";

/**
 * An SVG element; attributes that are null or undefined are left out.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag such as "rect"
 * @param {SvgAttributes} attributes
 * @param {...(Node|string)} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/**
 * A straight line.
 * @type {(x1: number, y1: number, x2: number, y2: number, attributes?: SvgAttributes) => SVGLineElement}
 */
export function line(x1, y1, x2, y2, attributes = {}) {
  return svg("line", { x1, y1, x2, y2, ...attributes });
}

/**
 * Some text at a place.
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {SvgAttributes} attributes such as {"text-anchor": "middle", class: "pvl-label"}
 */
export function words(x, y, text, attributes = {}) {
  return svg("text", { x, y, ...attributes }, text);
}

/**
 * An arrow from one place to another, with a head of fixed size; nothing if it would be shorter than a pixel.
 * @type {(x1: number, y1: number, x2: number, y2: number, attributes?: SvgAttributes) => SVGGElement|null}
 */
export function arrow(x1, y1, x2, y2, attributes = {}) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!(length >= 1)) return null;
  const head = Math.min(9, length);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [bx, by] = [x2 - ux * head, y2 - uy * head];
  const side = head * 0.45;
  const tip = `${x2},${y2} ${bx - uy * side},${by + ux * side} ${bx + uy * side},${by - ux * side}`;
  return svg(
    "g",
    { class: "pvl-arrow", ...attributes },
    line(x1, y1, bx, by, { class: "pvl-arrow-halo" }),
    line(x1, y1, bx, by),
    svg("polygon", { points: tip }),
  );
}
