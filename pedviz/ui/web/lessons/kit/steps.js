/** An argument in steps, each of which points at its part of the figure. */

/** @import { AnyLesson, Common, Lesson } from "./kit.js" */
/** @import { State } from "./settings.js" */

import { make, say } from "../../base/dom.js";

/**
 * @template S, V
 * @typedef {Object} Step
 * @property {string} title
 * @property {(state: S, values: V) => (string|Node)[]} says what follows, with live numbers
 * @property {string[]} lights things of the figure that it is about
 */

/** The words of a step, without those that question mode hides. @type {(lesson: AnyLesson, says: Element) => string} */
function heard(lesson, says) {
  /** @param {Node} node */
  const isHidden = (node) =>
    node instanceof HTMLElement && node.dataset.answer !== undefined && lesson.hides(node.dataset.answer);
  return [...says.childNodes].map((node) => (isHidden(node) ? "…" : node.textContent)).join("");
}

/**
 * Show steps up to the present one; the setting `key` holds how many are shown, 0 for none.
 * @template {string} Key
 * @template {State & Common & Record<Key, number>} S
 * @template V
 * @param {Lesson<S, V>} lesson
 * @param {HTMLElement} host what it is put into
 * @param {Key} key of a number setting from 0 to the number of steps
 * @param {Step<S, V>[]} steps
 */
export function addSteps(lesson, host, key, steps) {
  const items = steps.map((step) => {
    const says = make("p", {});
    return { step, says, item: make("li", {}, make("strong", {}, step.title), says) };
  });
  /** @param {number} by */
  function go(by) {
    lesson.set(/** @type {Partial<S>} */ ({ [key]: lesson.state()[key] + by }));
    const present = items[lesson.state()[key] - 1];
    if (present) present.says.replaceChildren(...present.step.says(lesson.state(), lesson.values()));
    lesson.say(present ? `${present.step.title} ${heard(lesson, present.says)}` : "");
  }
  const back = make("button", { type: "button", class: "pv-button pv-small", onclick: () => go(-1) }, "Back");
  const next = make("button", { type: "button", class: "pv-button pv-small pv-primary", onclick: () => go(1) });
  const list = make("ol", { class: "pvl-steps" }, ...items.map(({ item }) => item));
  host.append(list, make("div", { class: "pvl-buttons" }, back, next));
  lesson.onDraw((state, values) => {
    const shown = state[key];
    items.forEach(({ item, says, step }, index) => {
      item.classList.toggle("pvl-later", index >= shown);
      item.classList.toggle("pvl-current", index === shown - 1);
      says.replaceChildren(...step.says(state, values));
    });
    back.disabled = shown === 0;
    next.disabled = shown === steps.length;
    say(next, shown === 0 ? "Start the proof" : "Next step");
    lesson.setSpot(shown === 0 ? [] : steps[shown - 1].lights);
  });
}
