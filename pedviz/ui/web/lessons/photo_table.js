/** Every candidate above the score threshold and its fate: stays, or which box removed it at which IoU. */

import { make } from "../dom.js";

const DIGITS = 3;

function fateOf(reason) {
  if (!reason) return [make("td", { class: "pvl-photo-stays" }, "stays"), make("td", {}, ""), make("td", {}, "")];
  return [make("td", {}, "went"), make("td", { "data-answer": "any" }, `box ${reason.by + 1}`), make("td", { "data-answer": "iou" }, reason.iou.toFixed(DIGITS))];
}

function rowOf(lesson, { id, score, reason }, point) {
  const choose = make("button", {
    type: "button", class: "pv-button pv-quiet pv-small", onclick: () => lesson.set({ box: id + 1 }),
    onfocus: () => point(id), onblur: () => point(null),
  }, `box ${id + 1}`);
  return make("tr", { "data-box": id + 1, onpointerenter: () => point(id), onpointerleave: () => point(null) },
    make("th", { scope: "row" }, choose), make("td", {}, score.toFixed(DIGITS)), ...fateOf(reason));
}

/**
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host
 * @param {(id: number|null) => void} point shows a candidate for as long as a row is pointed at
 */
export function addFates(lesson, host, point) {
  const body = make("tbody", {});
  const heads = ["candidate", "score", "fate", "removed by", "IoU"].map((title) => make("th", { scope: "col" }, title));
  const table = make("table", { class: "pvl-table" }, make("thead", {}, make("tr", {}, ...heads)), body);
  host.append(make("div", { class: "pvl-table-frame pvl-photo-fates", tabindex: 0, role: "region", "aria-label": "Candidates and what became of them" }, table));
  let shown = null;
  lesson.onDraw((_, { ready, fates, trace, chosen }) => {
    if (!ready) return;
    const key = JSON.stringify([trace.photo.id, trace.detections.model.id, fates]);
    if (shown !== key) {
      const reasons = new Map(fates.gone.map((reason) => [reason.id, reason]));
      const ids = [...fates.kept, ...reasons.keys()].sort((first, second) => first - second);
      body.replaceChildren(...ids.map((id) => rowOf(lesson, { id, score: trace.detections.scores[id], reason: reasons.get(id) }, point)));
    }
    shown = key;
    for (const row of body.children) row.classList.toggle("pvl-chosen", Number(row.dataset.box) === chosen + 1);
  });
}
