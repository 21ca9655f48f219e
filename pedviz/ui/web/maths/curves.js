/** AP of stored overlaps, in the browser. Pure functions; the twins of pedviz/metrics/curves.py. */

/**
 * @import { Picture } from "./outcomes.js"
 * @typedef {Object} StoredPicture
 * @property {string} name
 * @property {number[]} scores
 * @property {number[]} people_areas
 * @property {number[][]} box_ious
 * @property {number[][]|null} mask_ious
 *
 * @typedef {{pictures: StoredPicture[]}} StoredRun predictions of a variant, as pedviz/metrics/records.py stores them
 */

import { judge } from "./outcomes.js";
import { cocoAveragePrecision, precisionRecall } from "./precision_recall.js";

/**
 * The images of a stored run as `judge` takes them; null for masks where the run has none.
 * @param {StoredRun} run
 * @param {string} kind "bbox" or "segm"
 * @returns {Picture[]|null}
 */
export function picturesOf(run, kind) {
  const pictures = run.pictures.flatMap(({ scores, people_areas: areas, box_ious: boxes, mask_ious: masks }) => {
    const ious = kind === "segm" ? masks : boxes;
    return ious ? [{ scores, ious, people: areas.length }] : [];
  });
  return pictures.length === run.pictures.length ? pictures : null;
}

/** @type {(pictures: Picture[], threshold: number) => number} AP at one IoU, as COCO computes it, in [0, 1] */
export function averagePrecision(pictures, threshold) {
  const { hits, people } = judge(pictures, { threshold });
  const { precision, recall } = precisionRecall(hits, { people });
  return cocoAveragePrecision(precision, recall);
}
