/**
 * Overlap and suppression, the twin of pedviz/theory/boxes.py and nms.py.
 *
 * Every step is rounded to float32 as NumPy and torchvision do, so that all three keep the same boxes.
 */

const f = Math.fround;

/**
 * Intersection over union of two boxes, in float32.
 * @param {ArrayLike<number>} a box i of `a` starts at 4 * i
 * @param {number} i
 * @param {ArrayLike<number>} b box j of `b` starts at 4 * j
 * @param {number} j
 */
export function boxIou(a, i, b, j) {
  const p = 4 * i;
  const q = 4 * j;
  const width = f(Math.min(a[p + 2], b[q + 2]) - Math.max(a[p], b[q]));
  const height = f(Math.min(a[p + 3], b[q + 3]) - Math.max(a[p + 1], b[q + 1]));
  const shared = f(Math.max(width, 0) * Math.max(height, 0));
  const areaA = f(f(a[p + 2] - a[p]) * f(a[p + 3] - a[p + 1]));
  const areaB = f(f(b[q + 2] - b[q]) * f(b[q + 3] - b[q + 1]));
  const union = f(f(areaA + areaB) - shared);
  return union > 0 ? f(shared / union) : 0;
}

/**
 * The candidates that stay, best first: score > scoreThreshold, then greedy suppression.
 * @param {{count: number, boxes: Float32Array, scores: Float32Array}} detections scores never rise
 * @param {{score: number, nms: number, limit?: number}} thresholds
 * @returns {number[]} ids
 */
export function view(detections, { score, nms, limit = 100 }) {
  const { boxes, scores, count } = detections;
  const least = f(score);
  /** @type {number[]} */
  const kept = [];
  for (let id = 0; id < count && scores[id] > least && kept.length < limit; id += 1) {
    if (!kept.some((better) => boxIou(boxes, better, boxes, id) > nms)) kept.push(id);
  }
  return kept;
}

/**
 * As `view` without a limit, and for each candidate that goes, which kept one it was too close to: the twin of
 * `explain_suppression` in pedviz/theory/nms.py.
 * @param {{count: number, boxes: Float32Array, scores: Float32Array}} detections scores never rise
 * @param {{score: number, nms: number}} thresholds
 * @returns {{kept: number[], gone: {id: number, by: number, iou: number}[]}} both best first
 */
export function explain(detections, { score, nms }) {
  const { boxes, scores, count } = detections;
  const least = f(score);
  const kept = [];
  const gone = [];
  for (let id = 0; id < count && scores[id] > least; id += 1) {
    const by = kept.find((better) => boxIou(boxes, better, boxes, id) > nms);
    if (by === undefined) kept.push(id);
    else gone.push({ id, by, iou: boxIou(boxes, by, boxes, id) });
  }
  return { kept, gone };
}
