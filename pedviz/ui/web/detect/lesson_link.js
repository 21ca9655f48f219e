/** From a detection and the person it fits best to the lesson on IoU: an address of numbers, never the photo. */

import { boxIou } from "../maths/nms.js";

const DECIMALS = 4; // of a pixel: IoU stays the same to far more digits than the table shows

/**
 * The true person whom a box overlaps most.
 * @param {Float32Array} box four numbers
 * @param {Float32Array|null} truth four numbers a person
 * @returns {{box: number[], iou: number}|null} null where it overlaps nobody
 */
export function bestPerson(box, truth) {
  let best = null;
  for (let place = 0; place < (truth?.length ?? 0) / 4; place += 1) {
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
  const short = (value) => String(Number(value.toFixed(DECIMALS)));
  const numbers = { a: [...box], b: person.box, found: [score] };
  const query = Object.entries(numbers).map(([key, values]) => `${key}=${values.map(short).join("_")}`);
  return new URL(`lesson-iou.html?${query.join("&")}`, document.baseURI).href;
}
