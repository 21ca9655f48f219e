/**
 * What the lesson on the whole detector asks, with the numbers of the present image as givens.
 *
 * @import { Trace } from "../kit/trace.js"
 * @import { Ready, State, Values } from "./values.js"
 */

import { format } from "../../base/numbers.js";

const EXACT = 0.5;
const SCALE_TOLERANCE = 0.01;
export const WAITING = "The network is still running on this image.";

/** @type {(answer: (state: State, values: Ready) => number|null) => (state: State, values: Values) => number|null} */
const known = (answer) => (state, values) => (values.ready ? answer(state, values) : NaN);
/** @type {(words: (state: State, values: Ready) => string) => (state: State, values: Values) => string} */
const explained = (words) => (state, values) => (values.ready ? words(state, values) : WAITING);
const total = (/** @type {number[]} */ counts) => counts.reduce((sum, count) => sum + count, 0);
const shapesOf = (/** @type {Trace} */ { levels, ratios }) => levels[0].sides.length * ratios.length;

/** @type {import("../kit/questions.js").Question<State, Values>[]} */
export const QUESTIONS = [
  {
    key: "scale",
    asks: explained(
      (_, { size, trace: { photo } }) =>
        `${photo.name} is ${photo.width} × ${photo.height} pixels. Its shorter side should become ${size.minSize}, ` +
        `its longer at most ${size.maxSize}. By which factor is it scaled?`,
    ),
    answer: known((_, { size }) => size.scale),
    tolerance: SCALE_TOLERANCE,
    explains: explained(
      (_, { size, trace: { photo } }) =>
        `The smaller of ${size.minSize} / ${Math.min(photo.width, photo.height)} and ${size.maxSize} / ` +
        `${Math.max(photo.width, photo.height)}.`,
    ),
  },
  {
    key: "size",
    asks: () => "How high is the input, padding included?",
    answer: known((_, { size }) => size.padded[0]),
    tolerance: EXACT,
    explains: explained((_, { size }) => `${size.resized[0]} pixels, brought up to the next multiple of 32.`),
  },
  {
    key: "anchors",
    asks: explained(
      (_, { trace }) =>
        `The levels have ${trace.levels.map(({ grid: [rows, columns] }) => `${columns} × ${rows}`).join(", ")} ` +
        `cells, with ${shapesOf(trace)} anchors on each cell. How many anchors are there?`,
    ),
    answer: known((_, { anchors }) => total(anchors)),
    tolerance: EXACT,
    explains: explained((_, { anchors }) => `${anchors.join(" + ")}, one number per level.`),
  },
  {
    key: "iou",
    asks: explained((_, { reason, pair }) =>
      reason && pair
        ? `Box ${reason.id + 1} and box ${reason.by + 1} share ${format(pair.intersection, 0)} of the ` +
          `${format(pair.union, 0)} square pixels that they cover together. What is their IoU?`
        : "Nothing removed the chosen box. At which IoU was it removed?",
    ),
    answer: known((_, { reason }) => reason?.iou ?? null),
    tolerance: SCALE_TOLERANCE,
    explains: explained((_, { reason }) =>
      reason ? `Box ${reason.by + 1} removed box ${reason.id + 1}.` : "It is kept.",
    ),
  },
];
