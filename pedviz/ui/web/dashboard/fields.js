/** Labelled choices. */

import { make } from "../base/dom.js";
import { KINDS } from "./page.js";

let count = 0;

/**
 * A labelled drop-down.
 * @template {string} Value
 * @param {string} label
 * @param {[Value, string][]} options value and text of each
 * @param {(value: Value) => void} choose
 * @returns {{element: HTMLElement, set: (value: Value) => void}}
 */
export function select(label, options, choose) {
  count += 1;
  const id = `pvd-field-${count}`;
  const field = make(
    "select",
    { id, onchange: () => choose(/** @type {Value} */ (field.value)) },
    ...options.map(([value, text]) => make("option", { value }, text)),
  );
  const element = make("div", { class: "pvd-field" }, make("label", { for: id }, label), field);
  return { element, set: (value) => (field.value = value) };
}

/**
 * Boxes or masks, for every section that can show both.
 * @param {import("./page.js").DashboardPage} page
 */
export function kindChoice(page) {
  const options = /** @type {[import("./page.js").Kind, string][]} */ (Object.entries(KINDS));
  const choice = select("Measured on", options, (kind) => page.set({ kind }));
  page.onChange(({ kind }) => choice.set(kind));
  return choice.element;
}
