/** The argument of the IoU lesson that IoU lies between 0 and 1, in steps that point at the figure. */

/**
 * @import { Section } from "../kit/frame.js"
 * @import { Step } from "../kit/steps.js"
 * @import { IouLesson, State, Values } from "./derive.js"
 */

import { make } from "../../base/dom.js";
import { format } from "../../base/numbers.js";
import { addSteps } from "../kit/steps.js";

/** @param {number} value */
const hidden = (value) => make("span", { "data-answer": "any" }, format(value, 2));

/** @type {Step<State, Values>[]} */
const STEPS = [
  {
    title: "Nothing shared is less than nothing.",
    says: (_, { intersection }) => [
      "Width and height of the overlap are cut off at 0, so |A ∩ B| ≥ 0. Here it is ",
      hidden(intersection),
      ".",
    ],
    lights: ["inter"],
  },
  {
    title: "What is shared lies within A, and A within the union.",
    says: (_, { intersection, areaA, union }) => [
      "A ∩ B ⊆ A ⊆ A ∪ B, and a part has no more area than the whole: ",
      hidden(intersection),
      " ≤ ",
      format(areaA, 2),
      " ≤ ",
      hidden(union),
      ".",
    ],
    lights: ["inter", "a"],
  },
  {
    title: "The union counts what is shared once.",
    says: (_, { areaA, areaB, intersection, union }) => [
      `Adding both boxes counts the overlap twice, so it is taken off once: ${format(areaA, 2)} + ` +
        `${format(areaB, 2)} − `,
      hidden(intersection),
      " = ",
      hidden(union),
      ".",
    ],
    lights: ["a", "b", "union"],
  },
  {
    title: "Divide by the union.",
    says: (_, { union, similarity }) =>
      union > 0
        ? [
            "As 0 ≤ |A ∩ B| ≤ |A ∪ B| and the union has area, 0 ≤ J ≤ 1. Here J = ",
            make("span", { "data-answer": "any" }, format(similarity.iou)),
            ".",
          ]
        : [
            "The union has no area here: ",
            make("span", { "data-answer": "any" }, "0 / 0 is undefined, and detectors count it as 0"),
            ".",
          ],
    lights: ["inter", "union"],
  },
  {
    title: "Both ends are reached.",
    says: () => [
      "J = 0 exactly when no area is shared: boxes apart, or only touching. J = 1 exactly when intersection and " +
        "union have the same area, that is, when the boxes are the same.",
    ],
    lights: ["a", "b", "inter"],
  },
];

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 */
export function addBound(lesson, { text }) {
  addSteps(lesson, text, "step", STEPS);
}
