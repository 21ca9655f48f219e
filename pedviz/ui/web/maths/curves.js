/** AP of stored overlaps, in the browser. Pure functions; the twins of pedviz/metrics/curves.py. */

import { judge } from "./outcomes.js";
import { cocoAveragePrecision, precisionRecall } from "./precision_recall.js";

/** The images of a stored run as `judge` takes them; null for masks where the run has none. */
export function picturesOf(run, kind) {
  const key = { bbox: "box_ious", segm: "mask_ious" }[kind];
  if (run.pictures.some((picture) => !picture[key])) return null;
  return run.pictures.map((picture) => ({
    scores: picture.scores,
    ious: picture[key],
    people: picture.people_areas.length,
  }));
}

/** AP at one IoU threshold, as COCO computes it, in [0, 1]. */
export function averagePrecision(pictures, threshold) {
  const { hits, people } = judge(pictures, { threshold });
  const { precision, recall } = precisionRecall(hits, { people });
  return cocoAveragePrecision(precision, recall);
}
