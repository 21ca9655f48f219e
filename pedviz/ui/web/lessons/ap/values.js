/** Everything that follows from the state of the lesson on average precision. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Picture } from "../../maths/outcomes.js"
 * @import { Common } from "../kit/kit.js"
 * @typedef {"d1"|"d2"|"d3"|"d4"|"d5"} DetectionKey
 * @typedef {"raw"|"all"|"voc"|"coco"} Rule
 * @typedef {{hits: string, people: number, rank: number, rule: Rule}} ListState
 * @typedef {{t: number, span: keyof typeof SPANS, s: number[]} & Record<DetectionKey, Box>} SceneState
 * @typedef {ListState & SceneState & {model: string, of: "bbox"|"segm"} & Common} State
 * @typedef {ReturnType<ReturnType<typeof deriver>>} Values
 * @typedef {import("../kit/kit.js").Lesson<State, Values>} Lesson
 * @typedef {{people: Box[], room: number, averages: Record<string, Record<Rule, number>>}} Data the people's boxes, and
 *   the side of the scene; the averages of every preset, by its key
 */

import { remembering } from "../../base/memo.js";
import { boxSimilarity } from "../../maths/iou_losses.js";
import { judge } from "../../maths/outcomes.js";
import {
  allPointAveragePrecision,
  cocoAveragePrecision,
  interpolatePrecision,
  precisionRecall,
  rawAveragePrecision,
  runningCounts,
  voc2007AveragePrecision,
} from "../../maths/precision_recall.js";

const SPANS = {
  coco: Array.from({ length: 10 }, (_, index) => (50 + 5 * index) / 100),
  report: Array.from({ length: 19 }, (_, index) => (5 + 5 * index) / 100),
};
/** @type {DetectionKey[]} */
export const DETECTION_KEYS = ["d1", "d2", "d3", "d4", "d5"];

/**
 * Whether each detection is on a person, as the visitor marked it: "T" or "F" in `hits`.
 * @param {{hits: string}} state
 */
const marksOf = ({ hits }) => [...hits.toUpperCase()].map((letter) => letter === "T");

/**
 * A person counts once, so of the marked ones only the first `people` are right.
 * @type {(marks: boolean[], people: number) => boolean[]}
 */
function hitsOf(marks, people) {
  let found = 0;
  return marks.map((mark) => {
    found += Number(mark);
    return mark && found <= people;
  });
}

/** @type {(precision: number[], recall: number[]) => Record<Rule, number>} */
const averagesOf = (precision, recall) => ({
  raw: rawAveragePrecision(precision, recall),
  all: allPointAveragePrecision(precision, recall),
  voc: voc2007AveragePrecision(precision, recall),
  coco: cocoAveragePrecision(precision, recall),
});

/**
 * Counts, curve and averages of the first `rank` detections of a ranked list.
 * @param {Omit<ListState, "rule">} state
 */
export function listValues(state) {
  const marks = marksOf(state);
  const hits = hitsOf(marks, state.people);
  const returned = hits.slice(0, state.rank);
  const { precision, recall } = precisionRecall(returned, state);
  return {
    marks,
    hits,
    returned,
    precision,
    recall,
    best: interpolatePrecision(precision),
    counts: runningCounts(returned, state),
    averages: averagesOf(precision, recall),
  };
}

/** COCO's AP of ranked hits at one threshold. @type {(picture: Picture, threshold: number) => number} */
function averageOf(picture, threshold) {
  const { hits, people } = judge([picture], { threshold });
  const { precision, recall } = precisionRecall(hits, { people });
  return cocoAveragePrecision(precision, recall);
}

/**
 * Match the scene's detections with its people.
 * @param {SceneState} state boxes d1 to d5 with scores s, threshold t and the thresholds of the mean, span
 * @param {Box[]} people
 * @returns `order`, places of detections, best score first; in that order `ious` (a row of people each) and
 *   `takes`, the person that each takes at t or -1; `ap` at t, `perThreshold` and their `mean`
 */
export function sceneValues(state, people) {
  const boxes = DETECTION_KEYS.map((key) => state[key]);
  const order = [...boxes.keys()].sort((first, second) => state.s[second] - state.s[first]); // stable
  const ious = order.map((place) => people.map((person) => boxSimilarity(boxes[place], person, { kind: "iou" })));
  const picture = { scores: order.map((place) => state.s[place]), ious, people: people.length };
  const perThreshold = SPANS[state.span].map((threshold) => ({ threshold, ap: averageOf(picture, threshold) }));
  return {
    order,
    ious,
    takes: judge([picture], { threshold: state.t }).matches,
    ap: averageOf(picture, state.t),
    perThreshold,
    mean: perThreshold.reduce((sum, { ap }) => sum + ap, 0) / perThreshold.length,
  };
}

/** All values of a state, `list` and `scene`. @param {{people: Box[]}} data */
export function deriver({ people }) {
  const list = remembering(["hits", "people", "rank"], listValues);
  const scene = remembering([...DETECTION_KEYS, "s", "t", "span"], (/** @type {SceneState} */ state) =>
    sceneValues(state, people),
  );
  return (/** @type {State} */ state) => ({ list: list(state), scene: scene(state) });
}
