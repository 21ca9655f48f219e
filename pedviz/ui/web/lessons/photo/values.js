/**
 * What follows from a trace and the settings: everything that the lesson on the whole detector shows.
 *
 * @import { Common } from "../kit/kit.js"
 * @import { Trace } from "../kit/trace.js"
 * @typedef {Record<"step"|"level"|"channel"|"see"|"n"|"score"|"nms"|"box"|"mask", number> &
 *   {model: string, sample: string, anchors: boolean} & Common} State
 * @typedef {ReturnType<typeof readyValues>} Ready
 * @typedef {{ready: false} & {[Key in Exclude<keyof Ready, "ready">]?: undefined}} Waiting while there is no trace
 * @typedef {Ready|Waiting} Values
 * @typedef {import("../kit/kit.js").Lesson<State, Values>} Lesson
 * @typedef {ReturnType<typeof explain>} Fates
 * @typedef {Fates["gone"][number]} Reason why a candidate went
 * @typedef {(id: number|null) => void} Point shows a candidate for as long as something else points at it
 */

import { areaOf, sharedBox } from "../../base/boxes.js";
import { boxOf, mapOf } from "../../base/decode.js";
import { explain, view } from "../../maths/nms.js";

const MOST_PEOPLE = 100;

/** @param {Trace} trace */
function sizesOf({ scale, resized, padded, detections: { model } }) {
  return { minSize: model.min_size, maxSize: model.max_size, scale, resized, padded };
}

/** @type {(level: Trace["levels"][number], ratios: number[]) => number} */
const anchorsOf = ({ grid: [rows, columns], sides }, ratios) => rows * columns * sides.length * ratios.length;

/**
 * The chosen candidate: the visitor's, else the best one that was suppressed, else the best.
 * @param {State} state
 * @param {Fates} fates
 */
function chosenOf(state, { kept, gone }) {
  const wanted = state.box - 1;
  if (kept.includes(wanted) || gone.some(({ id }) => id === wanted)) return wanted;
  return gone[0]?.id ?? kept[0] ?? null;
}

/**
 * What two boxes share, as a box; its area, and that of their union, in square pixels.
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second
 */
export function overlap(first, second) {
  const shared = sharedBox(first, second);
  const intersection = areaOf(shared);
  return { shared, intersection, union: areaOf(first) + areaOf(second) - intersection };
}

/** @type {(first: number[], second: number[]) => boolean} */
const sameList = (first, second) =>
  first.length === second.length && first.every((value, place) => value === second[place]);

/** @param {State} state @param {Trace} trace @param {number|null} id */
function personOf(state, { detections, layers }, id) {
  if (id === null) return { id, box: null, map: null, mask: null };
  const [box, map, mask] = [boxOf(detections, id), mapOf(detections, id), layers.mask(id, state.mask)];
  return map && mask ? { id, box, map, mask } : { id, box, map: null, mask: null };
}

/**
 * @param {State} state
 * @param {Trace|null} trace
 * @returns {Values}
 */
export function valuesOf(state, trace) {
  return trace ? readyValues(state, trace) : { ready: false };
}

/** @param {State} state @param {Trace} trace */
function readyValues(state, trace) {
  const { detections, levels, ratios, thresholds } = trace;
  const { floor } = thresholds;
  const fates = explain(detections, state);
  const level = levels[Math.min(state.level, levels.length - 1)];
  const chosen = chosenOf(state, fates);
  const reason = fates.gone.find(({ id }) => id === chosen) ?? null;
  return {
    ready: /** @type {const} */ (true),
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
