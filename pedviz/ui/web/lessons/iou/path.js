/** The plot of the IoU lesson: IoU and every loss while A moves past B, with the places where they bend. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Kink } from "../../maths/iou_losses.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Range } from "../kit/settings.js"
 * @import { IouLesson, State, Values } from "./derive.js"
 */

import { make } from "../../base/dom.js";
import { clamp, format, roundTo } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { boxLoss, boxSimilarity, kinksAlong, LOSS_KINDS, straightPath } from "../../maths/iou_losses.js";
import { movedTo } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";

/** @typedef {ReturnType<typeof journey>} Way */

const POINTS = 161;
const MARGIN = 0.6; // of both sizes, to either side of B
const LEAST_TOP = 1.05;
export const LOSS_LABELS = { iou: "IoU", giou: "GIoU", diou: "DIoU", ciou: "CIoU" };
const DASHES = { iou: "1 5", giou: "9 5", diou: "9 4 2 4", ciou: "4 4" };

/**
 * Along which edge the plot runs, what it is called, and where A is when that edge is at a place.
 * @type {Record<State["path"], {edge: number, label: string, at: (a: Box, place: number) => Box}>}
 */
const PATHS = {
  right: { edge: 0, label: "x1, the left edge of A", at: (a, x) => [x, a[1], x + a[2] - a[0], a[3]] },
  down: { edge: 1, label: "y1, the upper edge of A", at: (a, y) => [a[0], y, a[2], y + a[3] - a[1]] },
  wider: { edge: 2, label: "x2, the right edge of A", at: (a, x) => [a[0], a[1], x, a[3]] },
};

/**
 * From where to where the edge runs: past B on both sides, at least to where A is.
 * @param {State} state
 * @param {Range} setting of a box
 * @returns {[low: number, high: number]}
 */
function range({ a, b, path }, { low: least, high: most, step }) {
  const axis = path === "down" ? 1 : 0;
  const [sizeA, sizeB] = [a[axis + 2] - a[axis], b[axis + 2] - b[axis]];
  const margin = roundTo((MARGIN * (sizeA + sizeB)) / 2 + step, step); // keeps meeting places exact
  const here = a[PATHS[path].edge];
  if (path === "wider") return [a[0], Math.min(Math.max(b[2] + margin, here), most)];
  const low = Math.max(Math.min(b[axis] - sizeA - margin, here), least);
  return [low, Math.min(Math.max(b[axis + 2] + margin, here), most - sizeA)];
}

/**
 * The way of A past B: index of the moving `edge`, `low` and `high` of it, `boxes` on the way, `kinks` of the chosen
 * loss and `bends` of IoU itself, as kinksAlong has them.
 * @param {State} state
 * @param {Range} setting of a box
 */
export function journey(state, setting) {
  const { edge, at } = PATHS[state.path];
  const [low, high] = range(state, setting);
  const [start, end] = [at(state.a, low), at(state.a, high)];
  const kinks = high > low ? LOSS_KINDS.map((kind) => kinksAlong(start, end, { target: state.b, kind })) : [[]];
  const boxes = high > low ? straightPath(start, end, { points: POINTS }) : [start];
  const bends = kinks.flat().map((kink) => kink.box);
  const ordered = [...boxes, ...bends].sort((first, second) => first[edge] - second[edge]); // sharp corners
  return { edge, low, high, boxes: ordered, kinks: kinks[LOSS_KINDS.indexOf(state.loss)] ?? [], bends: kinks[0] };
}

/** @param {Way} way @param {State} state */
function series({ edge, boxes }, state) {
  /** @param {(box: Box) => number} value */
  const curve = (value) => boxes.map((box) => [box[edge], value(box)]);
  return [
    {
      of: "inter",
      label: "IoU itself",
      strong: true,
      points: curve((box) => boxSimilarity(box, state.b, { kind: "iou" })),
    },
    ...LOSS_KINDS.map((kind) => ({
      of: kind,
      label: `${LOSS_LABELS[kind]} loss`,
      dash: DASHES[kind],
      strong: kind === state.loss,
      points: curve((box) => boxLoss(box, state.b, { kind })),
    })),
  ];
}

/** @param {Kink} kink @param {Way} way */
function describeKink({ box, slopeBefore, slopeAfter }, { edge, high, low }) {
  const perPixel = (/** @type {number} */ slope) => format(slope / (high - low), 4);
  return `at ${format(box[edge], 2)} the gradient jumps from ${perPixel(slopeBefore)} to ${perPixel(slopeAfter)}`;
}

/** @param {State} state @param {Values} values */
function plotData(state, { way }) {
  const { edge, kinks } = way;
  const curves = series(way, state);
  const top = Math.max(LEAST_TOP, ...curves.flatMap(({ points }) => points.map(([, y]) => y)));
  const room = way.high > way.low ? way.high : way.low + 1;
  const told = kinks.map((kink) => describeKink(kink, way)).join("; ");
  return {
    x: { label: `${PATHS[state.path].label}, pixels`, low: way.low, high: room },
    y: { label: "IoU and losses", low: 0, high: top },
    series: curves,
    marks: kinks.map((kink) => ({
      x: kink.box[edge],
      y: boxLoss(kink.box, state.b, { kind: state.loss }),
      of: state.loss,
      title: describeKink(kink, way),
    })),
    guides: way.bends.map(({ box }) => ({
      x: box[edge],
      label: boxSimilarity(box, state.b, { kind: "iou" }) > 0 ? "level" : "touch",
    })),
    alt:
      `IoU and four losses while A moves. The ${LOSS_LABELS[state.loss]} loss has ${kinks.length} ` +
      `kinks${told ? `: ${told}` : ""}.`,
  };
}

/**
 * Every kink of the chosen loss on the way, as a list.
 * @param {HTMLElement} list
 * @param {State} state
 * @param {Values} values
 */
function listKinks(list, state, { way }) {
  const { kinks } = way;
  const heading = kinks.length
    ? `The ${LOSS_LABELS[state.loss]} loss has ${kinks.length} kinks on this way (rings), gradients in loss per pixel:`
    : `The ${LOSS_LABELS[state.loss]} loss has no kink on this way.`;
  const items = kinks.map((kink) => make("li", {}, describeKink(kink, way)));
  list.replaceChildren(make("p", {}, heading), make("ul", {}, ...items));
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 */
export function addPath(lesson, { text, figure }) {
  const setting = lesson.setting("a");
  addField(lesson, text, "path");
  addPlot(lesson, figure, {
    label: "IoU and losses along the way of A",
    data: plotData,
    cursor: {
      label: "A on its way",
      of: "a",
      step: () => setting.step,
      place: (state) => ({ x: state.a[PATHS[state.path].edge], y: boxLoss(state.a, state.b, { kind: state.loss }) }),
      move: ({ x }, state) => ({ a: travelled(state, x, setting) }),
    },
  });
  const list = make("div", { class: "pvl-kinks" });
  text.append(list);
  lesson.onDraw((state, values) => listKinks(list, state, values), text);
}

/** @param {State} state @param {number} x @param {Range} setting @returns {Box} */
function travelled(state, x, setting) {
  const { a, path } = state;
  if (path === "right") return movedTo(setting, a, x, a[1]);
  if (path === "down") return movedTo(setting, a, a[0], x);
  return [a[0], a[1], clamp(roundTo(x, setting.step), a[0], setting.high), a[3]];
}
