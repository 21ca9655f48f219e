/**
 * Formulas in MathML, which browsers render themselves, also without a network.
 * Children may be nodes, or texts: a text of digits becomes a number, a letter or word an identifier, the rest
 * an operator.
 */

import { format } from "../../base/numbers.js";

const NS = "http://www.w3.org/1998/Math/MathML";
const NUMBER = /^[−-]?[\d.][\d.,]*(e[+-]?\d+)?$/;
const NAME = /^[\p{L}][\p{L}\d ]*$/u;

/** A MathML element with attributes and children. */
export function mml(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(asNode));
  return element;
}

function asNode(child) {
  if (child instanceof Node) return child;
  const tag = NUMBER.test(child) ? "mn" : NAME.test(child) ? "mi" : "mo";
  const element = document.createElementNS(NS, tag);
  element.textContent = child;
  // Where a line begins with one, a browser takes it for a sign and sets no space after it.
  if (child === "=" || child === "+") element.setAttribute("form", "infix");
  return element;
}

/** Things side by side. */
export const row = (...children) => mml("mrow", {}, ...children);

/** Numerator over denominator; give several things as one `row`. */
export const frac = (top, bottom) => mml("mfrac", {}, top, bottom);

/** Base with a subscript. */
export const sub = (base, index) => mml("msub", {}, base, index);

/** Base with a superscript. */
export const sup = (base, power) => mml("msup", {}, base, power);

/** Square root. */
export const root = (...children) => mml("msqrt", {}, ...children);

/** Words within a formula; MathML drops ordinary spaces at their ends. */
export const text = (words) => mml("mtext", {}, document.createTextNode(words.replace(/^ | $/g, "\u00a0")));

/** A base with something under it, such as the range of a maximum. */
export const under = (base, below) => mml("munder", {}, base, below);

/** Upright name of a function, such as "max". */
export const name = (letters) => mml("mi", { mathvariant: "normal" }, document.createTextNode(letters));

/**
 * A symbol in the colour of the thing it names in the figure; pointing at one shows the other.
 * @param {string} of the thing, as in `data-of` of the figure
 * @param {Node|string} child
 * @param {string} label what it is, for a symbol that the keyboard should reach
 */
export function symbol(of, child, label = "") {
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
 */
export function blank(key, child) {
  return mml("mrow", { "data-answer": key }, child);
}
