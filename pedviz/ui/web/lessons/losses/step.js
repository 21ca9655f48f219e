/** The five losses of one stored training step, as training starts and with the released weights. */

/** @import { Section } from "../kit/frame.js" */

import { make } from "../../base/dom.js";
import { format, whole } from "../../base/numbers.js";
import { framedTable } from "../kit/framed_table.js";

/**
 * What python -m training.explain_step stored.
 * @typedef {Record<"positive"|"background"|"ignored"|"positive_sampled"|"background_sampled", number>} Counts
 * @typedef {{losses: Record<string, number>, anchors: Counts, regions: Counts}} Measured by the names of the losses
 * @typedef {{spec_id: string, images: string[], people: number, steps: {first: Measured, shipped: Measured}}} Step
 */

const LOSSES = {
  loss_objectness: "Region proposals: is there something?",
  loss_rpn_box_reg: "Region proposals: where?",
  loss_classifier: "Box head: which class?",
  loss_box_reg: "Box head: where exactly?",
  loss_mask: "Mask head: which cells?",
};
const DIGITS = 4;

/** @param {Measured} step */
const totalOf = ({ losses }) => Object.values(losses).reduce((sum, loss) => sum + loss, 0);

/** @param {Measured} step */
function counted({ anchors, regions }) {
  const all = anchors.positive + anchors.background + anchors.ignored;
  return (
    `${whole(all)} anchors, of which ${anchors.positive} are positive and ${anchors.ignored} ignored; ` +
    `learned from ${anchors.positive_sampled} and ${anchors.background_sampled} of the background. ` +
    `${regions.positive_sampled + regions.background_sampled} regions reach the box head, ` +
    `${regions.positive_sampled} of them people`
  );
}

/**
 * @param {Section} section
 * @param {Step|null} step
 */
export function addStep({ figure }, step) {
  if (!step) {
    figure.append(
      make(
        "p",
        { class: "pv-muted" },
        "No training step is stored here: python -m training.explain_step ID stores one.",
      ),
    );
    return;
  }
  const { first, shipped } = step.steps;
  const cell = (/** @type {number} */ value) => make("td", {}, format(value, DIGITS));
  /** @type {(title: string, values: number[]) => HTMLElement} */
  const line = (title, values) => make("tr", {}, make("th", { scope: "row" }, title), ...values.map(cell));
  figure.append(
    framedTable({
      label: "Losses of a training step",
      caption: `${step.spec_id}, ${step.images.join(" and ")}, ${step.people} people`,
      heads: ["Loss", "at the first step", "with the released weights"],
      rows: [
        ...Object.entries(LOSSES).map(([key, title]) => line(title, [first.losses[key], shipped.losses[key]])),
        line("Together", [totalOf(first), totalOf(shipped)]),
      ],
    }),
    make("p", { class: "pv-muted" }, `First step: ${counted(first)}. Released weights: ${counted(shipped)}.`),
  );
}
