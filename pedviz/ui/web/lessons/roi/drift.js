/** What a small move of the region does to the answers of RoIPool and of RoIAlign. */

/**
 * @import { Section } from "../kit/frame.js"
 * @import { RoiLesson } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { format, roundTo } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { addField } from "../kit/fields.js";
import { SHIFTS } from "./values.js";
import { DIGITS } from "./written.js";

/**
 * Add the section.
 * @param {RoiLesson} lesson
 * @param {Section} section
 */
export function addDrift(lesson, { text: words, figure }) {
  const change = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  /** @type {(before: number[][], after: number[][]) => number} */
  const most = (before, after) =>
    Math.max(...before.flatMap((line, p) => line.map((value, q) => Math.abs(after[p][q] - value))));
  addField(lesson, words, "dx", { of: "align" });
  words.append(change);
  addPlot(lesson, figure, {
    label: "The upper left bin while the region moves to the right",
    data: ({ ask }, { drift: { pooled, aligned, before, after } }) => {
      const all = [...pooled, ...aligned];
      const room = Math.max(1, Math.max(...all) - Math.min(...all)) * 0.1;
      const points = (/** @type {number[]} */ values) => values.map((value, place) => [SHIFTS[place], value]);
      return {
        x: { label: "Moved to the right, cells", low: 0, high: 2 },
        y: { label: "Output of the bin", low: Math.min(...all) - room, high: Math.max(...all) + room },
        series: [
          { of: "pool", label: "RoIPool", dash: "8 4", points: points(pooled) },
          { of: "align", label: "RoIAlign", strong: true, points: points(aligned) },
        ],
        alt:
          "RoIPool stands still and jumps, RoIAlign follows." +
          (ask
            ? ""
            : ` From ${format(before.pooled[0][0], DIGITS)} to ${format(after.pooled[0][0], DIGITS)}, and ` +
              `from ${format(before.aligned[0][0], DIGITS)} to ${format(after.aligned[0][0], DIGITS)}.`),
      };
    },
    cursor: {
      label: "Shift of the region",
      of: "align",
      step: () => 0.05,
      place: ({ dx }, { drift }) => ({ x: dx, y: drift.after.aligned[0][0] }),
      move: ({ x }) => lesson.fit({ dx: roundTo(x, 0.05) }),
    },
  });
  lesson.onDraw(({ dx }, { drift: { before, after } }) => {
    change.textContent =
      `A move by ${format(dx, 2)} cells changes an output of torchvision's RoIPool by up to ` +
      `${format(most(before.pooled, after.pooled), DIGITS)}, of RoIAlign by up to ` +
      `${format(most(before.aligned, after.aligned), DIGITS)}.`;
  });
}
