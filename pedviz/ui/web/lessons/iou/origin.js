/** Where boxes that came from the Detect page came from. */

/**
 * @import { PresetData } from "../../payloads.d.ts"
 * @import { IouLesson } from "./derive.js"
 */

import { make } from "../../base/dom.js";
import { format } from "../../base/numbers.js";

/**
 * A line above the figure; it goes when a case of the lesson is shown instead.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 * @param {PresetData[]} cases
 */
export function addOrigin(lesson, host, cases) {
  const line = make("p", { class: "pvl-origin", hidden: true });
  host.append(line);
  lesson.onDraw(({ found }) => {
    line.hidden = found === 0 || cases.some(({ state: { a, b } }) => lesson.has({ a, b }));
    line.textContent =
      `From the photo on the Detect page: A began as a detection with score ${format(found, 2)}, ` +
      "B as the person it fits best. Lengths are its pixels; only these numbers came along, not the photo.";
  });
}
