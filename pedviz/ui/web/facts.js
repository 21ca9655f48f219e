/** What is told below a pane: who was found, how long it took, how large and how good the detector is. */

import { make, megabytes } from "./dom.js";

const milliseconds = (seconds) => `${Math.round(seconds * 1000)}`;
const points = (ap) => (ap === null || ap === undefined ? "n/a" : (100 * ap).toFixed(1));
const share = (value) => (value === null ? "n/a" : value.toFixed(3));

function time({ cached, timings }) {
  if (cached) return "cached";
  const parts = [timings.prepare, timings.network, timings.finish];
  const total = parts.reduce((sum, part) => sum + part, 0);
  return `${milliseconds(total)} ms (${parts.map(milliseconds).join(" / ")})`;
}

/** Label, value and explanation of every fact about a result. */
function rows(result) {
  const { model } = result;
  const size = model.checkpoint_bytes;
  return [
    ["Time", time(result), "Milliseconds: prepare / network / finish"],
    ["Parameters", `${(model.parameters / 1e6).toFixed(1)} M`, `${model.parameters.toLocaleString("en")} weights`],
    ["File", size ? megabytes(size) : "–", "Size of the weights on disk"],
    ["Input", `${model.min_size}–${model.max_size} px`, "The shorter side is resized to the first, the longer to at most the second"],
    ["Box AP", points(model.box_ap), "COCO AP (IoU .50 to .95) of boxes on the 50 test pictures of Penn-Fudan, 0 to 100"],
    ["Mask AP", model.masks ? points(model.mask_ap) : "no masks", "The same for masks"],
  ];
}

/** One sentence on who was found. */
export function foundSentence(people, best) {
  if (people.length) return `${people.length} ${people.length === 1 ? "person" : "people"} found`;
  return best === null ? "Nobody found, not even with a low score" : `Nobody above the threshold; the best score is ${best.toFixed(2)}`;
}

/** Precision and the rest of one pane, in words and numbers. */
export function truthSentence(counts) {
  return `${counts.tp} TP · ${counts.fp} FP · ${counts.fn} FN · precision ${share(counts.precision)} · recall ${share(counts.recall)} · F1 ${share(counts.f1)}`;
}

/** @returns {{element: HTMLElement, show: function(Object|null, Object[], number|null, Object|null): void}} */
export function createFacts() {
  const found = make("p", { class: "pvc-found" });
  const truth = make("p", { class: "pvc-counts", hidden: true });
  const list = make("dl", { class: "pvc-facts" });
  const note = make("p", { class: "pvc-note", hidden: true });
  let listed = null;
  return {
    element: make("div", { class: "pvc-under" }, found, truth, list, note),
    show(result, people, best, counts) {
      found.textContent = result ? foundSentence(people, best) : "";
      truth.hidden = !counts;
      truth.textContent = counts ? truthSentence(counts) : "";
      if (result === listed) return;
      listed = result;
      list.replaceChildren(...(result ? rows(result) : []).map(([label, value, title]) =>
        make("div", { title }, make("dt", {}, label), make("dd", {}, value))));
      note.textContent = result?.model.note ?? "";
      note.hidden = !note.textContent;
    },
  };
}
