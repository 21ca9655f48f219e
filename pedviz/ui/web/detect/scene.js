/**
 * What is to be seen, worked out from settings and results alone: no drawing, no elements.
 *
 * A person in the scene is
 *   {pane, id, number, score, box, hasMap, colour, text, dash, role, partner, iou, truth}
 * where id is the place among all candidates, number counts from 1 in the list shown, role is "found",
 * "both", "only", "hit" or "wrong", partner is the id in the other pane and truth the person taken.
 */

import { boxOf } from "../base/decode.js";
import { matchPeople, scoreAgainstTruth } from "../maths/matching.js";
import { view } from "../maths/nms.js";

export const PANES = ["a", "b"];
const DEFAULT_VIEW = Object.freeze({
  linked: true,
  opacity: 0.45,
  masks: true,
  boxes: true,
  labels: true,
  style: "plain",
  view: "detections",
});

/**
 * What a page starts with.
 * @param {import("../payloads.d.ts").Thresholds} thresholds for both panes
 */
export function startState({ score, nms, mask, iou }) {
  return { ...DEFAULT_VIEW, iou, score, nms, mask, score_b: score, nms_b: nms, mask_b: mask };
}

/** The three thresholds that hold for a pane. */
export function thresholds(state, pane) {
  const own = pane === "b" && !state.linked;
  return own
    ? { score: state.score_b, mask: state.mask_b, nms: state.nms_b }
    : { score: state.score, mask: state.mask, nms: state.nms };
}

function boxesOf(detections, ids) {
  return Float32Array.from(ids.flatMap((id) => [...boxOf(detections, id)]));
}

/**
 * Which colour of the palette each candidate has. The people of A take turns by rank; a person of B has the
 * colour of the same person in A, and someone whom only B found the colour least in use, so that people seen
 * together look different. Thresholds have no say in it: nobody changes colour while a slider moves.
 * @param {{a: Object|null, b: Object|null}} results
 * @param {number} colours in the palette
 * @param {import("../payloads.d.ts").Thresholds} thresholds of which `floor` and `nms` let everybody through
 * @returns {{a: (a: number) => number, b: (a: number) => number}} id to place in the palette
 */
export function identities(results, colours, { floor, nms, iou }) {
  /** @type {Object<string, number[]>} */
  const everyone = { a: [], b: [] };
  for (const pane of PANES) if (results[pane]) everyone[pane] = view(results[pane], { score: floor, nms });
  const a = new Map(everyone.a.map((id, rank) => [id, rank % colours]));
  const use = Array(colours).fill(0); // summed scores: a colour that only doubtful people have is nearly free
  for (const [id, colour] of a) use[colour] += results.a.scores[id];
  const b = new Map();
  const { pairs } = matchPeople(boxesOf(results.a, everyone.a), boxesOf(results.b, everyone.b), iou);
  for (const { first, second } of pairs) b.set(everyone.b[second], a.get(everyone.a[first]));
  for (const id of everyone.b) {
    if (b.has(id)) continue;
    const colour = use.indexOf(Math.min(...use));
    use[colour] += results.b.scores[id];
    b.set(id, colour);
  }
  // A looser suppression shows candidates that are in neither list.
  return { a: (id) => a.get(id) ?? id % colours, b: (id) => b.get(id) ?? id % colours };
}

function found(results, state, pane, identity, palette) {
  const detections = results[pane];
  if (!detections) return [];
  return view(detections, thresholds(state, pane)).map((id, place) => {
    const { colour, text } = palette.people[identity(id)];
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

function packed(people) {
  return Float32Array.from(people.flatMap(({ box }) => [...box]));
}

/** Give partners their links; in the disagreement view also the colour and line of their role. */
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
 * @param {Object} state see startState
 * @param {{a: Object|null, b: Object|null}} results decoded answers
 * @param {{identity: Object, truth: Float32Array|null, palette: Object, same: number}} context same: the IoU from
 *   which two boxes are of one person where the state says nothing
 * @returns {{people: {a: Object[], b: Object[]}, pairs: number, counts: {a: Object|null, b: Object|null},
 *   best: {a: number|null, b: number|null}, truth: Float32Array|null}}
 */
export function buildScene(state, results, { identity, truth, palette, same }) {
  const people = {
    a: found(results, state, "a", identity.a, palette),
    b: found(results, state, "b", identity.b, palette),
  };
  const pairs = results.a && results.b ? link(people, state, { palette, same }) : 0;
  const counts = { a: null, b: null };
  const best = { a: null, b: null };
  for (const pane of PANES) {
    if (results[pane]?.count) best[pane] = results[pane].scores[0];
    if (state.view === "truth" && truth && results[pane]) counts[pane] = judge(people[pane], truth, state, palette);
  }
  return { people, pairs, counts, best, truth };
}

/** What is said of a pane: its people, the best score and the counts against the truth. */
export const factsOf = ({ people, best, counts }, pane) => ({
  people: people[pane],
  best: best[pane],
  counts: counts[pane],
});

/** The ids of people whose mask maps are not here. */
export const withoutMaps = (people) => people.filter(({ hasMap }) => !hasMap).map(({ id }) => id);
