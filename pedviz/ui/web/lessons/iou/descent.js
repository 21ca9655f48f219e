/** Four panels of the IoU lesson: the same box on its way down the gradient of each loss. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { LossKind } from "../../maths/iou_losses.js"
 * @import { PresetData } from "../../payloads.d.ts"
 * @import { Section } from "../kit/frame.js"
 * @import { IouLesson, State } from "./derive.js"
 */

import { make } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { createStage } from "../../charts/stage.js";
import { boxSimilarity, descend, LOSS_KINDS } from "../../maths/iou_losses.js";
import { HEIGHT_SHARE, windowAround } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { LOSS_LABELS } from "./path.js";
import { perKind } from "./values.js";

const GHOSTS = 12; // boxes of the trail that are drawn
const DIGITS = 3;
const STILL = 1e-9; // pixels

/**
 * The boxes of a descent down each loss.
 * @param {State} state with a, b, n steps and rate in areas of the enclosing box
 * @param {number} enclosingArea square pixels
 * @returns {Record<LossKind, Box[]>} by kind, the box before each step and after the last
 */
export function descents({ a, b, n, rate }, enclosingArea) {
  const how = { steps: n, rate: rate * enclosingArea };
  return perKind((kind) => descend(a, b, { kind, ...how }));
}

const lastOf = (/** @type {Box[]} */ boxes) => boxes[boxes.length - 1];

/** @param {Stage} stage @param {Box[]} boxes @param {LossKind} kind */
function trail(stage, boxes, kind) {
  const stride = Math.max(1, Math.ceil((boxes.length - 1) / GHOSTS));
  const ghosts = boxes
    .filter((_, step) => step % stride === 0)
    .map((box) => stage.rectangle(box, { class: "pvl-ghost", "data-of": kind }));
  return [...ghosts, stage.rectangle(lastOf(boxes), { class: "pvl-arrived", "data-of": kind })];
}

/** @param {Box[]} boxes */
function moved(boxes) {
  return boxes[0].some((edge, k) => Math.abs(edge - lastOf(boxes)[k]) > STILL);
}

/**
 * What became of the box, in a sentence.
 * @param {Box[]} boxes
 * @param {Box} b
 * @param {number} similarity
 */
function outcome(boxes, b, similarity) {
  const end = boxSimilarity(lastOf(boxes), b, { kind: "iou" });
  if (boxes.length === 1) return "No step taken.";
  if (!moved(boxes))
    return similarity === 1
      ? "Rests: nothing is better."
      : `Stuck: the gradient is 0. IoU stays ${fixed(end, DIGITS)}.`;
  return `IoU ${fixed(similarity, DIGITS)} → ${fixed(end, DIGITS)}`;
}

/** @param {IouLesson} lesson @param {HTMLElement} host @param {LossKind} kind */
function addPanel(lesson, host, kind) {
  const caption = make("p", { class: "pvl-outcome", "data-answer": "any" });
  const panel = make(
    "figure",
    { class: "pvl-panel" },
    make("figcaption", { "data-of": kind }, `${LOSS_LABELS[kind]} loss`),
  );
  host.append(panel);
  const stage = createStage(lesson, panel, {
    label: `Descent of the ${LOSS_LABELS[kind]} loss`,
    heightFor: (width) => width * HEIGHT_SHARE,
  });
  panel.append(caption);
  lesson.onDraw((state, { trails, similarity }) => {
    const boxes = trails[kind];
    stage.view = windowAround(state);
    stage.draw([
      stage.rectangle(state.b, { class: "pvl-box pvl-box-b", "data-of": "b" }),
      ...trail(stage, boxes, kind),
    ]);
    caption.textContent = outcome(boxes, state.b, similarity.iou);
    stage.describe(`${LOSS_LABELS[kind]} loss after ${state.n} steps. ${state.ask ? "" : caption.textContent}`);
  }, host);
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 * @param {PresetData} apart a preset with boxes apart
 */
export function addDescent(lesson, { text, figure }, apart) {
  const panels = make("div", { class: "pvl-panels" });
  const fields = make("div", { class: "pvl-fields" });
  const separate = () => lesson.set(apart.state);
  text.append(
    make(
      "div",
      { class: "pvl-buttons" },
      make("button", { type: "button", class: "pv-button pv-small", onclick: separate }, "Put the boxes apart"),
    ),
  );
  figure.append(panels, fields);
  for (const kind of LOSS_KINDS) addPanel(lesson, panels, kind);
  for (const key of /** @type {const} */ (["n", "rate"])) addField(lesson, fields, key);
}
