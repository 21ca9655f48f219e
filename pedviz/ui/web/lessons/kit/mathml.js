/**
 * Formulas in MathML, which browsers render themselves, also without a network.
 * Children may be nodes, or texts: a text of digits becomes a number, a letter or word an identifier, the rest
 * an operator.
 */

/** @typedef {Node|string} Child */

import { format } from "../../base/numbers.js";

const NS = "http://www.w3.org/1998/Math/MathML";
const NUMBER = /^[−-]?[\d.][\d.,]*(e[+-]?\d+)?$/;
const NAME = /^[\p{L}][\p{L}\d ]*$/u;

/**
 * A MathML element.
 * @param {string} tag
 * @param {Object<string, string>} attributes
 * @param {...Child} children
 */
export function mml(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(asNode));
  return element;
}

/** @param {Child} child */
function asNode(child) {
  if (child instanceof Node) return child;
  const tag = NUMBER.test(child) ? "mn" : NAME.test(child) ? "mi" : "mo";
  const element = document.createElementNS(NS, tag);
  element.textContent = child;
  // Where a line begins with one, a browser takes it for a sign and sets no space after it.
  if (child === "=" || child === "+") element.setAttribute("form", "infix");
  return element;
}

/** Things side by side. @param {...Child} children */
export const row = (...children) => mml("mrow", {}, ...children);

/** Numerator over denominator; give several things as one `row`. @type {(top: Child, bottom: Child) => Element} */
export const frac = (top, bottom) => mml("mfrac", {}, top, bottom);

/** Base with a subscript. @type {(base: Child, index: Child) => Element} */
export const sub = (base, index) => mml("msub", {}, base, index);

/** Base with a superscript. @type {(base: Child, power: Child) => Element} */
export const sup = (base, power) => mml("msup", {}, base, power);

/** Square root. @param {...Child} children */
export const root = (...children) => mml("msqrt", {}, ...children);

/** Words within a formula; MathML drops ordinary spaces at their ends. @param {string} words */
export const text = (words) => mml("mtext", {}, document.createTextNode(words.replace(/^ | $/g, "\u00a0")));

/** A base with something under it, such as the range of a maximum. @type {(base: Child, below: Child) => Element} */
export const under = (base, below) => mml("munder", {}, base, below);

/** Upright name of a function, such as "max". @param {string} letters */
export const name = (letters) => mml("mi", { mathvariant: "normal" }, document.createTextNode(letters));

/**
 * A symbol in the colour of the thing it names in the figure; pointing at one shows the other.
 * @param {string} of the thing, as in `data-of` of the figure
 * @param {Child} child
 * @param {string} label what it is, for a symbol that the keyboard should reach
 */
export function symbol(of, child, label = "") {
  /** @type {Object<string, string>} */
  const attributes = label === "" ? {} : { tabindex: "0", "aria-label": label, title: label };
  return mml("mrow", { "data-of": of, class: "pvl-symbol", ...attributes }, child);
}

/**
 * A live number in the colour of the thing it measures.
 * @param {string} of the thing
 * @param {number} value
 * @param {number} digits decimals for the eye
 */
export function number(of, value, digits = 4) {
  return symbol(of, format(value, digits));
}

/**
 * Something that question mode and the worksheet leave blank.
 * @param {string} key of the question whose answer this is
 * @param {Child} child
 */
export function blank(key, child) {
  return mml("mrow", { "data-answer": key }, child);
}
