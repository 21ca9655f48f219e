/** From stored overlaps to curves, in the browser. Pure functions; the twins of pedviz/metrics/curves.py. */

import { judge } from "./outcomes.js";
import { COCO_RECALL_POINTS, cocoAveragePrecision, precisionRecall, samplePrecision } from "./precision_recall.js";

export const COCO_IOUS = Array.from({ length: 10 }, (_, index) => (50 + 5 * index) / 100);
export const BINS = 10;

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

/** Only the detections with a score above the threshold, as the page's slider shows them. */
function cutScores(pictures, threshold) {
  const least = Math.fround(threshold);
  return pictures.map(({ scores, ious, people }) => {
    const kept = scores.filter((score) => Math.fround(score) > least).length; // scores fall, so these come first
    return { scores: scores.slice(0, kept), ious: ious.slice(0, kept), people };
  });
}

/** AP at one IoU threshold, as COCO computes it, in [0, 1]. */
export function averagePrecision(pictures, threshold) {
  const { hits, people } = judge(pictures, { threshold });
  const { precision, recall } = precisionRecall(hits, { people });
  return cocoAveragePrecision(precision, recall);
}

/** Everything that the charts show of one run at one IoU threshold. */
export function curvesAt(pictures, threshold) {
  const judged = judge(pictures, { threshold });
  const { precision, recall } = precisionRecall(judged.hits, { people: judged.people });
  const points = operatingPoints(judged.scores, precision, recall);
  return {
    ap: cocoAveragePrecision(precision, recall),
    sampled: samplePrecision(precision, recall).map((value, index) => ({
      recall: COCO_RECALL_POINTS[index],
      precision: value,
    })),
    points,
    best: points.reduce((best, point) => (best && best.f1 >= point.f1 ? best : point), null),
    bins: scoreBins(judged),
  };
}

/** Precision, recall and F1 for every score that occurs: what keeping everything from that score on gives. */
function operatingPoints(scores, precision, recall) {
  return scores.flatMap((score, index) => {
    if (scores[index + 1] === score) return [];
    const [p, r] = [precision[index], recall[index]];
    return [{ score, precision: p, recall: r, f1: p + r > 0 ? (2 * p * r) / (p + r) : 0 }];
  });
}

/** Right and wrong detections by score; a score on an edge belongs to the bin above. */
function scoreBins({ scores, hits }) {
  const edges = Array.from({ length: BINS + 1 }, (_, index) => Math.fround(index / BINS));
  const bins = Array.from({ length: BINS }, () => ({ right: 0, wrong: 0, sum: 0 }));
  scores.forEach((score, index) => {
    const above = edges.findLastIndex((edge) => edge <= Math.fround(score));
    const bin = bins[Math.min(above, BINS - 1)];
    bin[hits[index] ? "right" : "wrong"] += 1;
    bin.sum += score;
  });
  return bins.map(({ right, wrong, sum }, index) => {
    const total = right + wrong;
    return {
      low: index / BINS,
      right,
      wrong,
      precision: total ? right / total : null,
      meanScore: total ? sum / total : null,
    };
  });
}

/** What a score slider does to one run: precision and recall change at once, AP once people are lost. */
export function atScore(pictures, { iou, score }) {
  const cut = cutScores(pictures, score);
  const { hits, people } = judge(cut, { threshold: iou });
  const found = hits.filter(Boolean).length;
  return {
    detections: hits.length,
    precision: hits.length ? found / hits.length : null,
    recall: found / people,
    ap: averagePrecision(cut, iou),
  };
}
