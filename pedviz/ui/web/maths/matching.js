/** Who is who, the twin of pedviz/metrics/matching.py. */

import { boxIou } from "./nms.js";

/**
 * Pair people, the best overlap first; equal overlaps in order of the first list, then of the second.
 * @param {Float32Array} first four numbers a box
 * @param {Float32Array} second four numbers a box
 * @param {number} threshold pairs need IoU >= this
 * @returns {{pairs: {first: number, second: number, iou: number}[], onlyFirst: number[], onlySecond: number[]}}
 */
export function matchPeople(first, second, threshold) {
  /** @type {{first: number, second: number, iou: number}[]} */
  const candidates = [];
  for (let i = 0; i < first.length / 4; i += 1) {
    for (let j = 0; j < second.length / 4; j += 1) {
      const iou = boxIou(first, i, second, j);
      if (iou >= threshold) candidates.push({ first: i, second: j, iou });
    }
  }
  candidates.sort((a, b) => b.iou - a.iou); // stable, so ties keep their order
  /** @type {Set<number>} */
  const takenFirst = new Set();
  /** @type {Set<number>} */
  const takenSecond = new Set();
  const pairs = candidates.filter((pair) => {
    if (takenFirst.has(pair.first) || takenSecond.has(pair.second)) return false;
    takenFirst.add(pair.first);
    takenSecond.add(pair.second);
    return true;
  });
  /** @type {(boxes: Float32Array, taken: Set<number>) => number[]} */
  const left = (boxes, taken) => [...Array(boxes.length / 4).keys()].filter((place) => !taken.has(place));
  return { pairs, onlyFirst: left(first, takenFirst), onlySecond: left(second, takenSecond) };
}

/**
 * Hits and misses: each detection, best score first, takes the best person still free.
 * @param {Float32Array} detections four numbers a box, best score first
 * @param {Float32Array} truth four numbers a box
 * @param {number} threshold a true positive needs IoU >= this
 * @returns {{takes: (number|null)[], missed: number[], tp: number, fp: number, fn: number,
 *   precision: number|null, recall: number|null, f1: number|null}} takes: the person each detection took
 */
export function scoreAgainstTruth(detections, truth, threshold) {
  const free = new Set(Array(truth.length / 4).keys());
  /** @type {(number|null)[]} */
  const takes = [];
  for (let i = 0; i < detections.length / 4; i += 1) {
    /** @type {number|null} */
    let best = null;
    let bestIou = 0;
    for (const person of free) {
      const iou = boxIou(detections, i, truth, person);
      if (iou >= threshold && iou > bestIou) [best, bestIou] = [person, iou];
    }
    if (best !== null) free.delete(best);
    takes.push(best);
  }
  const tp = takes.filter((person) => person !== null).length;
  const fp = takes.length - tp;
  const fn = free.size;
  /** @type {(part: number, whole: number) => number|null} */
  const share = (part, whole) => (whole ? part / whole : null);
  return {
    takes,
    missed: [...free],
    tp,
    fp,
    fn,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
  };
}
