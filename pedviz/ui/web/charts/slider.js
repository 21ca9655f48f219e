/** Sliders: one bare, for those who show its value themselves, and one that says it. */

import { make, say } from "../base/dom.js";

/**
 * A slider that tells of every value while it is moved.
 * @param {string} label
 * @param {{min: number, max: number, step: number, value?: number}} range
 * @param {(value: number) => void} move
 */
export function bareSlider(label, { min, max, step, value = min }, move) {
  const field = make("input", {
    type: "range",
    "aria-label": label,
    min,
    max,
    step,
    value,
    oninput: () => move(Number(field.value)),
  });
  return field;
}

/**
 * The same with its name and its value to two decimals above it.
 * @param {string} label
 * @param {{min: number, max: number, step: number, value?: number}} range
 * @param {(value: number) => void} move
 */
export function slider(label, range, move) {
  const output = make("output", {}, (range.value ?? range.min).toFixed(2));
  const field = bareSlider(label, range, (value) => {
    say(output, value.toFixed(2));
    move(value);
  });
  return make("label", { class: "pvr-slider" }, make("span", {}, `${label} `, output), field);
}
