/** What lines mean, each shown as it is drawn on the photo. */

import { make } from "../base/dom.js";
import { svg } from "../base/svg.js";

const ENTRIES = {
  detections: [],
  disagreement: [
    ["both", "found by both"],
    ["a", "only A"],
    ["b", "only B"],
  ],
  truth: [
    ["both", "true positive"],
    ["a", "false positive of A"],
    ["b", "false positive of B"],
    ["truth", "ground truth"],
    ["missed", "false negative"],
  ],
};
const WIDTH = 3;
const UNDERLAY = "rgb(0 0 0 / 75%)"; // lines on the photo have one too

function line(attributes) {
  return svg("line", { x1: 0, y1: 8, x2: 40, y2: 8, ...attributes });
}

function sample({ colour, dash }, filled) {
  const pattern = dash.map((length) => length * WIDTH).join(" ");
  return svg(
    "svg",
    { viewBox: "0 0 40 16", width: 40, height: 16, "aria-hidden": "true" },
    svg("rect", { width: 40, height: 16, fill: colour, "fill-opacity": filled ? 0.4 : 0 }),
    line({ stroke: UNDERLAY, "stroke-width": WIDTH + 1.5 }),
    line({ stroke: colour, "stroke-width": WIDTH, "stroke-dasharray": pattern }),
  );
}

/**
 * @param {Object} roles the palette's
 * @returns {{element: HTMLElement, show: (a: string) => void}} show takes the view
 */
export function createLegend(roles) {
  const element = make("ul", { class: "pvc-legend", "aria-label": "Legend" });
  /** @type {string|null} */
  let shown = null;
  return {
    element,
    show(view) {
      if (view === shown) return;
      shown = view;
      element.hidden = ENTRIES[view].length === 0;
      element.replaceChildren(
        ...ENTRIES[view].map(([role, words]) =>
          make("li", {}, sample(roles[role] ?? roles.truth, role === "missed"), words),
        ),
      );
    },
  };
}
