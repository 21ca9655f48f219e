/** Labelled choices. */

import { make } from "../base/dom.js";
import { KINDS } from "./page.js";

let count = 0;

/**
 * A labelled drop-down.
 * @param {string} label
 * @param {string[][]} options value and text of each
 * @param {(a: string) => void} choose
 * @returns {{element: HTMLElement, set: (a: string) => void}}
 */
export function select(label, options, choose) {
  count += 1;
  const id = `pvd-field-${count}`;
  const field = make(
    "select",
    { id, onchange: () => choose(field.value) },
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
  const choose = (kind) => page.set({ kind });
  const choice = select("Measured on", Object.entries(KINDS), choose);
  page.onChange(({ kind }) => choice.set(kind));
  return choice.element;
}
