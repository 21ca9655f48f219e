/**
 * Every candidate above the score threshold and its outcome: kept, or which box removed it at which IoU.
 *
 * @import { Lesson, Point, Ready, Reason } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { framedTable } from "../kit/framed_table.js";

const DIGITS = 3;
const HEADS = ["candidate", "score", "outcome", "IoU"];

/**
 * A row that stays for as long as the trace does; only its fate is written anew.
 * @param {Lesson} lesson
 * @param {{id: number, score: number}} candidate
 * @param {Point} point
 */
function createRow(lesson, { id, score }, point) {
  const [fate, iou] = [make("td", {}), make("td", {})];
  const choose = make(
    "button",
    {
      type: "button",
      class: "pv-button pv-quiet pv-small",
      onclick: () => lesson.set({ box: id + 1 }),
      onfocus: () => point(id),
      onblur: () => point(null),
    },
    `box ${id + 1}`,
  );
  const element = make(
    "tr",
    { "data-box": id + 1, onpointerenter: () => point(id), onpointerleave: () => point(null) },
    make("th", { scope: "row" }, choose),
    make("td", {}, score.toFixed(DIGITS)),
    fate,
    iou,
  );
  return {
    element,
    /** @param {Reason|null} reason null where it is kept */
    show(reason) {
      say(fate, reason ? `removed by box ${reason.by + 1}` : "kept");
      fate.classList.toggle("pvl-photo-stays", !reason);
      say(iou, reason ? reason.iou.toFixed(DIGITS) : "");
      if (reason) iou.dataset.answer = "iou";
      else delete iou.dataset.answer;
    },
  };
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {Point} point
 */
export function addFates(lesson, host, point) {
  const body = make("tbody", {});
  host.append(
    framedTable({ label: "Candidates and the outcome of NMS", heads: HEADS, rows: body, frame: "pvl-photo-fates" }),
  );
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  /** @type {Ready["trace"]|null} */
  let shown = null;
  lesson.onDraw((_, { ready, fates, trace, chosen }) => {
    if (!ready) return;
    if (shown !== trace) {
      rows = Array.from(trace.detections.scores, (score, id) => createRow(lesson, { id, score }, point));
      body.replaceChildren(...rows.map(({ element }) => element));
    }
    shown = trace;
    const reasons = new Map(fates.gone.map((reason) => [reason.id, reason]));
    const above = fates.kept.length + fates.gone.length;
    rows.forEach(({ element, show }, id) => {
      element.hidden = id >= above;
      if (id < above) show(reasons.get(id) ?? null);
      element.classList.toggle("pvl-chosen", id === chosen);
    });
  });
}
