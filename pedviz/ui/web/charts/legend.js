/** A chart's legend. */

import { make } from "../base/dom.js";
import { sampleOf } from "./series.js";

/** The legend; pressing an entry hides its series or shows it again. */
export function createLegend(series, { hidden, toggle }) {
  return make(
    "ul",
    { class: "pvg-legend" },
    ...series.map((one) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(!hidden.has(one.label)),
            "data-of": one.thing ?? null,
            title: hidden.has(one.label) ? "Show" : "Hide",
            onclick: () => toggle(one.label),
          },
          sampleOf(one),
          one.label,
        ),
      ),
    ),
  );
}
