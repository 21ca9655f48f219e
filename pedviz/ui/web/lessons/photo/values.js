/** What follows from a trace and the settings: everything that the lesson on the whole detector shows. */

import { areaOf, sharedBox } from "../../base/boxes.js";
import { boxOf, mapOf } from "../../base/decode.js";
import { explain, view } from "../../maths/nms.js";

const MOST_PEOPLE = 100;

function sizesOf({ scale, resized, padded, detections: { model } }) {
  return { minSize: model.min_size, maxSize: model.max_size, scale, resized, padded };
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
  const shared = sharedBox(first, second);
  const intersection = areaOf(shared);
  return { shared, intersection, union: areaOf(first) + areaOf(second) - intersection };
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
    size: sizesOf(trace),
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
      sameList(explain(detections, { score: 0, nms: thresholds.nms }).kept, trace.kept),
  };
}
