/** Whether two detectors can be told apart: one sentence, and the interval of their difference as a bar. */

import { make } from "../base/dom.js";

const points = (value) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;

/** The interval on a scale with "no difference" in its middle, wide enough for its ends. */
function scale({ value, low, high }) {
  const span = Math.max(0.02, 1.15 * Math.max(Math.abs(low), Math.abs(high)));
  const at = (place) => `${50 + (50 * place) / span}%`;
  const interval = `95 % interval ${points(low)} to ${points(high)}`;
  const label = `Difference ${points(value)} AP, ${interval}; the bar spans ${points(-span)} to ${points(span)}`;
  const [zero, range, mark] = ["pvr-zero", "pvr-range", "pvr-value"].map((name) => make("i", { class: name }));
  range.style.left = at(low);
  range.style.right = `calc(100% - ${at(high)})`;
  mark.style.left = at(value);
  return make("div", { class: "pvr-scale", role: "img", "aria-label": label }, zero, range, mark);
}

/**
 * A card.
 * @param {string} title such as "Boxes"
 * @param {Object} found {sentence, value, low, high}; a sentence alone where there is nothing to compare
 * @param {string} note what the difference rests on
 */
export function verdictCard(title, found, note = "") {
  const rest =
    found.value === undefined
      ? []
      : [
          scale(found),
          make(
            "p",
            { class: "pv-muted" },
            `B minus A: ${points(found.value)} AP, 95 % interval ${points(found.low)} to ${points(found.high)}${note}.`,
          ),
        ];
  return make("article", { class: "pvr-card" }, make("h3", {}, title), make("p", {}, found.sentence), ...rest);
}
