/**
 * From a ranked list of detections to average precision: the twin of pedviz/theory/precision_recall.py,
 * held equal to it by a test.
 *
 * `hits` says of each detection, best score first, whether it found a person whom no better one had found.
 */

// Multiplied as pycocotools does: ten of these floats lie just above i / 100, and a recall of 35/100 misses
// point 35.
export const COCO_RECALL_POINTS = Array.from({ length: 101 }, (_, i) => i * 0.01);
export const VOC_RECALL_POINTS = Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * Counts after each detection of a ranked list.
 * @param {boolean[]} hits best score first
 * @param {{people: number}} scene `people`, how many there are to find
 * @throws {RangeError} there are more hits than people
 */
export function runningCounts(hits, { people }) {
  let found = 0;
  const truePositives = hits.map((hit) => (found += Number(hit)));
  if (found > people) {
    throw new RangeError(`a person is found once: expected at most ${people} hits, got ${found}`);
  }
  return {
    truePositives,
    falsePositives: truePositives.map((count, rank) => rank + 1 - count),
    falseNegatives: truePositives.map((count) => people - count),
  };
}

/**
 * Precision and recall after each detection of a ranked list.
 * @param {boolean[]} hits best score first
 * @param {{people: number}} scene `people`, at least 1
 * @returns values in [0, 1]
 * @throws {RangeError} there is nobody to find, or more hits than people
 */
export function precisionRecall(hits, { people }) {
  if (people < 1) throw new RangeError(`recall needs someone to find: expected at least 1 person, got ${people}`);
  const { truePositives } = runningCounts(hits, { people });
  return {
    precision: truePositives.map((count, rank) => count / (rank + 1)),
    recall: truePositives.map((count) => count / people),
  };
}

/**
 * Each precision becomes the maximum to its right: the best at this recall or any higher one.
 * @param {number[]} precision
 */
export function interpolatePrecision(precision) {
  let best = 0;
  return precision
    .toReversed()
    .map((value) => (best = Math.max(best, value)))
    .reverse();
}

/**
 * The integral of p(r) dr over the steps of the uninterpolated curve, with its dips; 0 for an empty list.
 * @type {(precision: number[], recall: number[]) => number}
 */
export function rawAveragePrecision(precision, recall) {
  return precision.reduce((sum, value, rank) => sum + value * (recall[rank] - (recall[rank - 1] ?? 0)), 0);
}

/** @type {(precision: number[], recall: number[]) => number} under the interpolated curve: PASCAL VOC since 2010 */
export function allPointAveragePrecision(precision, recall) {
  return rawAveragePrecision(interpolatePrecision(precision), recall);
}

/**
 * The interpolated precision at each recall point, 0 where no detection reaches it.
 * @type {(precision: number[], recall: number[], how?: {points?: number[]}) => number[]}
 */
export function samplePrecision(precision, recall, { points = COCO_RECALL_POINTS } = {}) {
  const best = interpolatePrecision(precision);
  let rank = 0;
  return points.map((point) => {
    while (rank < recall.length && recall[rank] < point) rank += 1;
    return best[rank] ?? 0;
  });
}

/** @type {(precision: number[], recall: number[], how: {points: number[]}) => number} mean over the recall points */
function averagePrecisionAt(precision, recall, { points }) {
  return samplePrecision(precision, recall, { points }).reduce((sum, value) => sum + value, 0) / points.length;
}

/** @type {(precision: number[], recall: number[]) => number} mean over recalls 0, 0.1, ..., 1: PASCAL VOC 2007 */
export function voc2007AveragePrecision(precision, recall) {
  return averagePrecisionAt(precision, recall, { points: VOC_RECALL_POINTS });
}

/** @type {(precision: number[], recall: number[]) => number} mean over recalls 0, 0.01, ..., 1: COCO, at one IoU */
export function cocoAveragePrecision(precision, recall) {
  return averagePrecisionAt(precision, recall, { points: COCO_RECALL_POINTS });
}
