/** What follows from a trace and the settings: everything that the lesson on the whole detector shows. */

import { boxOf, mapOf } from "../../base/decode.js";
import { explain, view } from "../../maths/nms.js";
import { paddedSize, resizedSize, resizeScale } from "../../maths/resizing.js";

const MOST_PEOPLE = 100;

function resizing({ photo, detections: { model } }) {
  const sizes = { minSize: model.min_size, maxSize: model.max_size };
  const resized = resizedSize(photo.height, photo.width, sizes);
  return { ...sizes, scale: resizeScale(photo.height, photo.width, sizes), resized, padded: paddedSize(...resized) };
}

const anchorsOf = ({ grid: [rows, columns], sides }, ratios) => rows * columns * sides.length * ratios.length;

/** The chosen candidate: the visitor's, else the best one that was suppressed, else the best. */
function chosenOf(state, { kept, gone }) {
  const wanted = state.box - 1;
  if (kept.includes(wanted) || gone.some(({ id }) => id === wanted)) return wanted;
  return gone[0]?.id ?? kept[0] ?? null;
}

/** What two boxes share, as a box; its area, and that of their union, in square pixels. */
export function overlap(first, second) {
  /** @type {(box: number[]) => number} */
  const area = ([x1, y1, x2, y2]) => Math.max(x2 - x1, 0) * Math.max(y2 - y1, 0);
  const shared = [
    Math.max(first[0], second[0]),
    Math.max(first[1], second[1]),
    Math.min(first[2], second[2]),
    Math.min(first[3], second[3]),
  ];
  const covered = area(shared);
  return { shared, intersection: covered, union: area(first) + area(second) - covered };
}

const sameList = (first, second) =>
  first.length === second.length && first.every((value, place) => value === second[place]);

function personOf(state, { detections, layers }, id) {
  const map = id === null ? null : mapOf(detections, id);
  return { id, box: id === null ? null : boxOf(detections, id), map, mask: map && layers.mask(id, state.mask) };
}

/**
 * @param {Object} state
 * @param {Object|null} trace from trace.js
 * @returns {Object} ready: false without a trace
 */
export function valuesOf(state, trace) {
  if (!trace) return { ready: false };
  const { detections, levels, ratios, thresholds } = trace;
  const { floor } = thresholds;
  const fates = explain(detections, state);
  const level = levels[Math.min(state.level, levels.length - 1)];
  const chosen = chosenOf(state, fates);
  const reason = fates.gone.find(({ id }) => id === chosen) ?? null;
  return {
    ready: true,
    trace,
    size: resizing(trace),
    level,
    channel: level.shown[Math.min(state.channel, level.shown.length - 1)],
    anchors: levels.map((each) => anchorsOf(each, ratios)),
    proposals: Math.min(state.n, trace.proposals.count),
    fates,
    everyone: explain(detections, { score: floor, nms: state.nms }),
    chosen,
    reason,
    pair: reason && overlap(boxOf(detections, reason.id), boxOf(detections, reason.by)),
    person: personOf(state, trace, reason ? reason.by : chosen),
    people: fates.kept.slice(0, MOST_PEOPLE),
    replayed:
      sameList(view(detections, thresholds), trace.shown) &&
      sameList(explain(detections, { score: floor, nms: thresholds.nms }).kept, trace.kept),
  };
}
