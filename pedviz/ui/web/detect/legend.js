/** What lines mean, each shown as it is drawn on the photo. */

import { make } from "../base/dom.js";
import { svg } from "../base/svg.js";

/**
 * @import { Palette, RoleStyle } from "../payloads.d.ts"
 * @import { View } from "./scene.js"
 */

/** @type {Record<View, [keyof Palette["roles"]|"missed", string][]>} */
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

/** @param {Record<string, string|number>} attributes */
function line(attributes) {
  return svg("line", { x1: 0, y1: 8, x2: 40, y2: 8, ...attributes });
}

/** @type {(style: RoleStyle, filled: boolean) => SVGElement} */
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
 * @param {Palette["roles"]} roles
 * @returns {{element: HTMLElement, show: (view: View) => void}}
 */
export function createLegend(roles) {
  const element = make("ul", { class: "pvc-legend", "aria-label": "Legend" });
  /** @type {View|null} */
  let shown = null;
  return {
    element,
    show(view) {
      if (view === shown) return;
      shown = view;
      element.hidden = ENTRIES[view].length === 0;
      element.replaceChildren(
        ...ENTRIES[view].map(([role, words]) =>
          make("li", {}, sample(roles[role === "missed" ? "truth" : role], role === "missed"), words),
        ),
      );
    },
  };
}
