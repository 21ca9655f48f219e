/** What the lines of each stage mean, beneath the image; pointing at an entry lights up its lines. */

import { make } from "../../base/dom.js";
import { line, svg } from "../../base/svg.js";

const DASH = "7 4";
/** @typedef {[thing: string, what: string, dash?: string]} Entry */

/** @type {Entry[][]} of each stage */
const ENTRIES = [
  [
    ["net", "the scaled photo"],
    ["pad", "padding, all zeros", DASH],
  ],
  [],
  [
    ["proposal", "proposals, the best one strong"],
    ["anchor", "anchors of one cell", DASH],
  ],
  [
    ["candidate", "candidates above the score threshold"],
    ["below", "candidates below it", DASH],
  ],
  [
    ["kept", "kept"],
    ["gone", "removed", DASH],
    ["inter", "shared by the chosen pair"],
  ],
  [
    ["kept", "the box"],
    ["window", "pixels that the map covers", DASH],
  ],
  [["kept", "people who are returned"]],
];

/** @param {Entry} entry */
function entry([of, label, dash]) {
  const sample = svg(
    "svg",
    { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" },
    line(1, 5, 33, 5, { class: "pvl-photo-sample", "stroke-dasharray": dash }),
  );
  return make("span", { class: "pvl-legend-entry", "data-of": of }, sample, label);
}

/**
 * @param {import("./values.js").Lesson} lesson
 * @param {HTMLElement} host
 */
export function addLegend(lesson, host) {
  const legend = make("div", { class: "pvl-legend-row" });
  let shown = 0;
  host.append(legend);
  lesson.onDraw(({ step }) => {
    if (shown !== step) legend.replaceChildren(...ENTRIES[step - 1].map(entry));
    shown = step;
  });
}
