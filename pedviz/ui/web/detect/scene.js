/** What is to be seen, worked out from settings and results alone: no drawing, no elements. */

import { boxOf } from "../base/decode.js";
import { matchPeople, scoreAgainstTruth } from "../maths/matching.js";
import { view } from "../maths/nms.js";

/**
 * @import { Detections } from "../base/decode.js"
 * @import { Palette, Thresholds } from "../payloads.d.ts"
 *
 * @typedef {"a"|"b"} PaneName
 * @typedef {"detections"|"disagreement"|"truth"} View
 * @typedef {ReturnType<typeof startState>} State what the comparison is set to
 * @typedef {Record<PaneName, Detections|null>} Results
 * @typedef {ReturnType<typeof identities>} Identities
 * @typedef {ReturnType<typeof scoreAgainstTruth>} Counts
 * @typedef {ReturnType<typeof buildScene>} Scene
 *
 * @typedef {Object} Person
 * @property {PaneName} pane
 * @property {number} id its place among all candidates
 * @property {number} number counts from 1 in the list shown
 * @property {number} score
 * @property {Float32Array} box
 * @property {boolean} hasMap whether its mask map is here
 * @property {string} colour
 * @property {string} text colour of words upon that
 * @property {number[]} dash
 * @property {"found"|"both"|"only"|"hit"|"wrong"} role
 * @property {number|null} partner id in the other pane
 * @property {number|null} iou with that
 * @property {number|null} truth the person of the ground truth that it took
 */

/** @type {PaneName[]} */
export const PANES = ["a", "b"];
const DEFAULT_VIEW = {
  linked: true,
  opacity: 0.45,
  masks: true,
  boxes: true,
  labels: true,
  style: "plain",
  view: /** @type {View} */ ("detections"),
};

/**
 * One of something for each pane.
 * @template Made
 * @param {(pane: PaneName) => Made} make
 * @returns {Record<PaneName, Made>}
 */
export const forPanes = (make) => ({ a: make("a"), b: make("b") });

/**
 * What a page starts with.
 * @param {Thresholds} thresholds for both panes
 */
export function startState({ score, nms, mask, iou }) {
  return { ...DEFAULT_VIEW, iou, score, nms, mask, score_b: score, nms_b: nms, mask_b: mask };
}

/**
 * The three thresholds that hold for a pane.
 * @param {State} state
 * @param {PaneName} pane
 */
export function thresholds(state, pane) {
  const own = pane === "b" && !state.linked;
  return own
    ? { score: state.score_b, mask: state.mask_b, nms: state.nms_b }
    : { score: state.score, mask: state.mask, nms: state.nms };
}

/** @param {{box: Float32Array}[]} people */
function packed(people) {
  return Float32Array.from(people.flatMap(({ box }) => [...box]));
}

/**
 * Which colour of the palette each candidate has. The people of A take turns by rank; a person of B has the
 * colour of the same person in A, and someone whom only B found the colour least in use, so that people seen
 * together look different. Thresholds have no say in it: nobody changes colour while a slider moves.
 * @param {Results} results
 * @param {number} colours in the palette
 * @param {Thresholds} thresholds of which `floor` and `nms` let everybody through
 * @returns {Record<PaneName, (id: number) => number>} id to place in the palette
 */
export function identities(results, colours, { floor, nms, iou }) {
  const everyone = forPanes((pane) => {
    const detections = results[pane];
    if (!detections) return [];
    const ids = view(detections, { score: floor, nms });
    return ids.map((id) => ({ id, score: detections.scores[id], box: boxOf(detections, id) }));
  });
  const a = new Map(everyone.a.map(({ id }, rank) => [id, rank % colours]));
  /** @type {number[]} */
  const use = Array(colours).fill(0); // summed scores: a colour that only doubtful people have is nearly free
  everyone.a.forEach(({ score }, rank) => {
    use[rank % colours] += score;
  });
  const { pairs } = matchPeople(packed(everyone.a), packed(everyone.b), iou);
  const b = new Map(pairs.map(({ first, second }) => [everyone.b[second].id, first % colours]));
  for (const { id, score } of everyone.b) {
    if (b.has(id)) continue;
    const colour = use.indexOf(Math.min(...use));
    use[colour] += score;
    b.set(id, colour);
  }
  // A looser suppression shows candidates that are in neither list.
  return { a: (id) => a.get(id) ?? id % colours, b: (id) => b.get(id) ?? id % colours };
}

/** @type {(results: Results, state: State, pane: PaneName, identity: Identities, palette: Palette) => Person[]} */
function found(results, state, pane, identity, palette) {
  const detections = results[pane];
  if (!detections) return [];
  return view(detections, thresholds(state, pane)).map((id, place) => {
    const { colour, text } = palette.people[identity[pane](id)];
    return {
      pane,
      id,
      number: place + 1,
      score: detections.scores[id],
      box: boxOf(detections, id),
      hasMap: detections.mapRows[id] >= 0,
      colour,
      text,
      dash: [],
      role: "found",
      partner: null,
      iou: null,
      truth: null,
    };
  });
}

/**
 * Give partners their links; in the disagreement view also the colour and line of their role.
 * @param {Record<PaneName, Person[]>} people
 * @param {State} state
 * @param {{palette: Palette, same: number}} context
 */
function link(people, state, { palette, same }) {
  const threshold = state.view === "disagreement" ? state.iou : same;
  const { pairs } = matchPeople(packed(people.a), packed(people.b), threshold);
  for (const { first, second, iou } of pairs) {
    Object.assign(people.a[first], { partner: people.b[second].id, iou });
    Object.assign(people.b[second], { partner: people.a[first].id, iou });
  }
  if (state.view !== "disagreement") return pairs.length;
  for (const pane of PANES) {
    for (const person of people[pane]) {
      const both = person.partner !== null;
      Object.assign(person, palette.roles[both ? "both" : pane], { role: both ? "both" : "only" });
    }
  }
  return pairs.length;
}

/** @type {(people: Person[], truth: Float32Array, state: State, palette: Palette) => Counts} */
function judge(people, truth, state, palette) {
  const counts = scoreAgainstTruth(packed(people), truth, state.iou);
  people.forEach((person, place) => {
    const hit = counts.takes[place] !== null;
    Object.assign(person, palette.roles[hit ? "both" : person.pane], {
      role: hit ? "hit" : "wrong",
      truth: counts.takes[place],
    });
  });
  return counts;
}

/**
 * @param {State} state
 * @param {Results} results
 * @param {{identity: Identities, truth: Float32Array|null, palette: Palette, same: number}} context same: the IoU from
 *   which two boxes are of one person where the state says nothing
 */
export function buildScene(state, results, { identity, truth, palette, same }) {
  const people = forPanes((pane) => found(results, state, pane, identity, palette));
  const pairs = results.a && results.b ? link(people, state, { palette, same }) : 0;
  const counts = forPanes((pane) =>
    state.view === "truth" && truth && results[pane] ? judge(people[pane], truth, state, palette) : null,
  );
  const best = forPanes((pane) => results[pane]?.scores.at(0) ?? null);
  return { people, pairs, counts, best, truth };
}

/**
 * What is said of a pane: its people, the best score and the counts against the truth.
 * @param {Scene} scene
 * @param {PaneName} pane
 */
export const factsOf = ({ people, best, counts }, pane) => ({
  people: people[pane],
  best: best[pane],
  counts: counts[pane],
});

/** The ids of people whose mask maps are not here. */
export const withoutMaps = (/** @type {Person[]} */ people) =>
  people.filter(({ hasMap }) => !hasMap).map(({ id }) => id);
