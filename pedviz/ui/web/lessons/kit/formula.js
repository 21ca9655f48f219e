/** Formulas that stay, with their live numbers beneath. */

/** @import { Lesson } from "./kit.js" */

import { make } from "../../base/dom.js";
import { patchChildren } from "../../base/patch.js";
import { mml } from "./mathml.js";

/** @param {Node} content */
function display(content) {
  return make("div", {}, mml("math", { displaystyle: "true" }, content));
}

/**
 * @template S, V
 * @param {Lesson<S, V>} lesson
 * @param {HTMLElement} host what it is put into
 * @param {Object} options
 * @param {string} options.label what the formula is, in a few words
 * @param {Node[]} options.fixed lines that never change, from mathml.js; labelled symbols are reached by the
 *   keyboard
 * @param {(state: S, values: V) => Node[]} [options.live] lines drawn anew with every change
 */
export function addFormula(lesson, host, { label, fixed, live = () => [] }) {
  const numbers = make("div", {});
  const still = make("div", {}, ...fixed.map(display));
  const formula = make("div", { class: "pvl-formula", role: "group", "aria-label": label }, still, numbers);
  if (!still.querySelector("[tabindex]")) formula.tabIndex = 0; // cut, the keyboard can scroll it
  host.append(formula);
  lesson.onDraw((state, values) => patchChildren(numbers, live(state, values).map(display)), host);
}
