/** What lines mean, each shown as it is drawn on the photo. */

import { make } from "./dom.js";
import { svg } from "./lessons/svg.js";

const ENTRIES = {
  detections: [],
  disagreement: [["both", "found by both"], ["a", "only A"], ["b", "only B"]],
  truth: [["both", "true positive"], ["a", "false positive of A"], ["b", "false positive of B"], ["truth", "really there"], ["missed", "missed"]],
};
const WIDTH = 3;

function sample({ colour, dash }, filled) {
  const pattern = dash.map((length) => length * WIDTH).join(" ");
  const line = { stroke: colour, "stroke-width": WIDTH, "stroke-dasharray": pattern };
  const shape = filled
    ? svg("rect", { ...line, x: 2, y: 2, width: 36, height: 12, fill: colour, "fill-opacity": 0.25 })
    : svg("line", { ...line, x1: 0, y1: 8, x2: 40, y2: 8 });
  return svg("svg", { viewBox: "0 0 40 16", width: 40, height: 16, "aria-hidden": "true" }, shape);
}

/**
 * @param {Object} roles the palette's
 * @returns {{element: HTMLElement, show: function(string): void}} show takes the view
 */
export function createLegend(roles) {
  const element = make("ul", { class: "pvc-legend", "aria-label": "Legend" });
  return {
    element,
    show(view) {
      element.hidden = ENTRIES[view].length === 0;
      element.replaceChildren(...ENTRIES[view].map(([role, words]) =>
        make("li", {}, sample(roles[role] ?? roles.truth, role === "missed"), words)));
    },
  };
}
