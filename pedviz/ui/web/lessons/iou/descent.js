/** Four panels of the IoU lesson: the same box on its way down the gradient of each loss. */

import { make } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { createStage } from "../../charts/stage.js";
import { boxSimilarity, descend, LOSS_KINDS } from "../../maths/iou_losses.js";
import { HEIGHT_SHARE, windowAround } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { LOSS_LABELS } from "./path.js";

const GHOSTS = 12; // boxes of the trail that are drawn
const DIGITS = 3;
const STILL = 1e-9; // pixels

/**
 * The boxes of a descent down each loss.
 * @param {Object} state with a, b, n steps and rate in areas of the enclosing box
 * @param {number} enclosingArea square pixels
 * @returns {Object<string, number[][]>} by kind, the box before each step and after the last
 */
export function descents({ a, b, n, rate }, enclosingArea) {
  const how = { steps: n, rate: rate * enclosingArea };
  return Object.fromEntries(LOSS_KINDS.map((kind) => [kind, descend(a, b, { kind, ...how })]));
}

function trail(stage, boxes, kind) {
  const stride = Math.max(1, Math.ceil((boxes.length - 1) / GHOSTS));
  const ghosts = boxes
    .filter((_, step) => step % stride === 0)
    .map((box) => stage.rectangle(box, { class: "pvl-ghost", "data-of": kind }));
  return [...ghosts, stage.rectangle(boxes.at(-1), { class: "pvl-arrived", "data-of": kind })];
}

function moved(boxes) {
  return boxes[0].some((edge, k) => Math.abs(edge - boxes.at(-1)[k]) > STILL);
}

/** What became of the box, in a sentence. */
function outcome(boxes, b, similarity) {
  const end = boxSimilarity(boxes.at(-1), b, { kind: "iou" });
  if (boxes.length === 1) return "No step taken.";
  if (!moved(boxes))
    return similarity === 1
      ? "Rests: nothing is better."
      : `Stuck: the gradient is 0. IoU stays ${fixed(end, DIGITS)}.`;
  return `IoU ${fixed(similarity, DIGITS)} → ${fixed(end, DIGITS)}`;
}

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
 * @param {Object} lesson
 * @param {{text: HTMLElement, figure: HTMLElement}} section
 * @param {{state: Object}} apart a preset with boxes apart
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
  for (const key of ["n", "rate"]) addField(lesson, fields, key);
}
