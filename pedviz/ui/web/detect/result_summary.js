/** What is told below a pane: who was found, how long it took, how large and how good the detector is. */

import { make, megabytes, say } from "../base/dom.js";
import { apLessonAddress } from "./lesson_link.js";

/**
 * @import { Detections } from "../base/decode.js"
 * @import { PersonColour, PhotoPayload } from "../payloads.d.ts"
 * @import { Counts, factsOf, PaneName, Person, Scene } from "./scene.js"
 */

const milliseconds = (/** @type {number} */ seconds) => Math.round(seconds * 1000).toLocaleString("en");
const points = (/** @type {number|null} */ ap) => (ap === null ? "n/a" : (100 * ap).toFixed(1));
const share = (/** @type {number|null} */ value) => (value === null ? "n/a" : value.toFixed(3));

/** @param {Detections} result */
function time({ cached, timings }) {
  if (cached) return ["cached result", ""];
  const parts = /** @type {const} */ (["prepare", "network", "finish"]);
  const total = parts.reduce((sum, part) => sum + timings[part], 0);
  return [`${milliseconds(total)} ms`, parts.map((part) => `${part} ${milliseconds(timings[part])}`).join(" · ")];
}

/** @type {(result: Detections) => (string|null)[][]} label, value, small print and explanation of every fact */
function rows(result) {
  const { model } = result;
  const size = model.checkpoint_bytes;
  return [
    [
      "Box AP",
      points(model.box_ap),
      null,
      "COCO AP (IoU .50 to .95) of boxes on the 50 test images of Penn-Fudan, 0 to 100",
    ],
    [
      "Mask AP",
      model.masks ? points(model.mask_ap) : "no masks",
      null,
      "COCO AP (IoU .50 to .95) of masks on the 50 test images of Penn-Fudan, 0 to 100",
    ],
    [
      "Parameters",
      `${(model.parameters / 1e6).toFixed(1)} M`,
      null,
      `${model.parameters.toLocaleString("en")} parameters`,
    ],
    ["File", size ? megabytes(size) : "–", null, "Size of the weights on disk"],
    [
      "Input",
      `${model.min_size}–${model.max_size} px`,
      null,
      "The shorter side is resized to the first, the longer to at most the second",
    ],
    ["Time", ...time(result), "Milliseconds of the run that made this result"],
  ];
}

/** @param {(string|null)[]} row */
function fact([label, value, small, title]) {
  return make("div", { title }, make("dt", {}, label), make("dd", {}, value, small && make("small", {}, ` ${small}`)));
}

/** @type {(people: Person[], best: number|null) => string} one sentence on who was found */
function foundSentence(people, best) {
  if (people.length) return `${people.length} ${people.length === 1 ? "person" : "people"} found`;
  if (best === null) return "Nobody found, not even with a low score";
  // Rounded down: a best score that looks like the threshold would seem to be above it.
  return `Nobody above the threshold; the best score is ${(Math.floor(best * 1000) / 1000).toFixed(3)}`;
}

/**
 * Precision and the rest of one pane, in words and numbers.
 * @param {Counts} counts
 */
function truthSentence(counts) {
  return (
    `${counts.tp} TP · ${counts.fp} FP · ${counts.fn} FN · precision ${share(counts.precision)} · recall ` +
    `${share(counts.recall)} · F1 ${share(counts.f1)}`
  );
}

/** The detector's name, with what it did beyond the usual. */
const labelOf = (/** @type {Detections} */ { model, tiles }) => (tiles ? `${model.label}, with tiles` : model.label);

/**
 * One sentence on what a pane found, and on how right that is where the ground truth is known.
 * @type {(scene: Scene, pane: PaneName, result: Detections|null) => string}
 */
export function paneSentence({ counts, people, best }, pane, result) {
  const name = pane.toUpperCase();
  if (!result) return `${name}: no result yet.`;
  const judged = counts[pane] ? ` ${truthSentence(counts[pane])}.` : "";
  return `${name}, ${labelOf(result)}: ${foundSentence(people[pane], best[pane])}.${judged}`;
}

/**
 * An image in words, with the scores of the people in it.
 * @type {(photo: PhotoPayload|null, scene: Scene, pane: PaneName, result: Detections|null) => string}
 */
export function imageSentence(photo, scene, pane, result) {
  if (!photo) return "No photo yet";
  const scores = scene.people[pane].map((person) => person.score.toFixed(2)).join(", ");
  return `${photo.name}. ${paneSentence(scene, pane, result)}${scores && ` Scores ${scores}.`}`;
}

/** @type {(scene: Scene, iou: number) => string} one sentence on whom both find, and whom only one */
export function pairSentence({ people, pairs }, iou) {
  const only = (/** @type {PaneName} */ pane) => people[pane].length - pairs;
  return `${pairs} found by both, ${only("a")} only by A, ${only("b")} only by B, at IoU ≥ ${iou.toFixed(2)}.`;
}

/**
 * @param {PaneName} pane
 * @param {PersonColour} badge of the pane's letter
 * @returns {{element: HTMLElement, show: (facts: {result: Detections|null} & ReturnType<typeof factsOf>) => void}}
 */
export function createFacts(pane, badge) {
  const letter = make(
    "span",
    { class: "pvc-badge", style: `background:${badge.colour};color:${badge.text}` },
    pane.toUpperCase(),
  );
  const found = make("p", { class: "pvc-found" });
  const model = make("p", { class: "pvc-model" });
  const truth = make("p", { class: "pvc-counts", hidden: true });
  // In a new tab, because this one holds the photo.
  const lesson = make("a", { target: "_blank", rel: "noopener" }, "Average precision of this list, in the lesson");
  const lessonLine = make("p", { class: "pvc-lesson", hidden: true }, lesson);
  const list = make("dl", { class: "pvc-facts" });
  const more = make("details", { class: "pvc-more", hidden: true }, make("summary", {}, "About this detector"));
  const note = make("p", { class: "pvc-note", hidden: true });
  more.append(list, note);
  /** @type {Detections|null} */
  let listed = null;
  return {
    element: make(
      "div",
      { class: "pvc-under" },
      make("div", { class: "pvc-head" }, letter, found, model),
      truth,
      lessonLine,
      more,
    ),
    show({ result, people, best, counts }) {
      say(found, result ? foundSentence(people, best) : "");
      truth.hidden = !counts;
      say(truth, counts ? truthSentence(counts) : "");
      const address = counts && apLessonAddress(people, counts.tp + counts.fn);
      lessonLine.hidden = !address;
      if (address) lesson.setAttribute("href", address);
      if (result === listed) return;
      listed = result;
      model.textContent = result ? labelOf(result) : "";
      list.replaceChildren(...(result ? rows(result) : []).map(fact));
      note.textContent = result?.model.note ?? "";
      note.hidden = !note.textContent;
      more.hidden = !result;
    },
  };
}
