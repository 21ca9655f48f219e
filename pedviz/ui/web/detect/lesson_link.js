/** From the Detect page to the lessons on IoU and average precision: addresses of numbers, never the photo. */

import { boxIou } from "../maths/nms.js";

const LONGEST_LIST = 100; // detections, as in the lesson
const DECIMALS = 4; // of a pixel: IoU stays the same to far more digits than the table shows

/**
 * The true person whom a box overlaps most.
 * @param {Float32Array} box four numbers
 * @param {Float32Array|null} truth four numbers a person
 * @returns {{box: number[], iou: number}|null} null where it overlaps nobody
 */
export function bestPerson(box, truth) {
  /** @type {{box: number[], iou: number}|null} */
  let best = null;
  if (!truth) return best;
  for (let place = 0; place < truth.length / 4; place += 1) {
    const iou = boxIou(box, 0, truth, place);
    if (iou > (best?.iou ?? 0)) best = { box: [...truth.subarray(4 * place, 4 * place + 4)], iou };
  }
  return best;
}

/**
 * The address of the IoU lesson with these two boxes; settings as pedviz/lessons/iou.py names them.
 * @param {{box: Float32Array, score: number}} detection in pixels of the image on the stage
 * @param {{box: number[]}} person in the same pixels
 */
export function iouLessonAddress({ box, score }, person) {
  const short = (/** @type {number} */ value) => String(Number(value.toFixed(DECIMALS)));
  const numbers = { a: [...box], b: person.box, found: [score] };
  const query = Object.entries(numbers).map(([key, values]) => `${key}=${values.map(short).join("_")}`);
  return new URL(`lesson-iou.html?${query.join("&")}`, document.baseURI).href;
}

/**
 * The address of the AP lesson with a pane's detections as its list; settings as pedviz/lessons/ap.py names them.
 * @param {{role: string}[]} people shown, best score first, judged against the ground truth
 * @param {number} truth how many people there are
 * @returns {string|null} null where the lesson has no such list: nobody to find, or more than it holds
 */
export function apLessonAddress(people, truth) {
  if (truth < 1 || truth > LONGEST_LIST) return null;
  const hits = people.slice(0, LONGEST_LIST).map(({ role }) => (role === "hit" ? "T" : "F"));
  return new URL(`lesson-ap.html?hits=${hits.join("")}&people=${truth}&rank=${hits.length}`, document.baseURI).href;
}
