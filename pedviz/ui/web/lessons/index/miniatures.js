/** What a card of the list draws: the subject of each lesson, computed by the formulas that the lesson teaches. */

import { fixed } from "../../base/numbers.js";
import { line, svg } from "../../base/svg.js";
import { softmax } from "../../maths/activations.js";
import { boxSimilarity } from "../../maths/iou_losses.js";
import { smoothL1 } from "../../maths/losses.js";
import { boxIou } from "../../maths/nms.js";
import { vgg16Layers } from "../../maths/parameters.js";
import { allPointAveragePrecision, interpolatePrecision, precisionRecall } from "../../maths/precision_recall.js";

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { SvgAttributes } from "../../base/svg.js"
 * @typedef {(part: number) => SVGElement[]} Drawing for a part from 0 to 1
 */

export const WIDTH = 240;
export const HEIGHT = 110;
const LIST = [true, false, true, true, false, false, true, false];
const PEOPLE = 4;
const CELLS = 8;
const CELL = 12;

const ink = (/** @type {number} */ number) => `--ink: var(--pv-ink-${number})`;
/** @type {(x: number, y: number, text: string) => SVGElement} */
const words = (x, y, text) => svg("text", { x, y, class: "pvl-miniature-words" }, text);
/** @type {(edges: Box, number: number, attributes?: SvgAttributes) => SVGElement} */
const box = ([x1, y1, x2, y2], number, attributes = {}) =>
  svg("rect", {
    x: x1,
    y: y1,
    width: x2 - x1,
    height: y2 - y1,
    class: "pvl-miniature-box",
    style: ink(number),
    ...attributes,
  });
/** @type {(points: number[][], number: number) => SVGElement} */
const path = (points, number) =>
  svg("polyline", {
    points: points.map((point) => point.join(",")).join(" "),
    class: "pvl-miniature-line",
    style: ink(number),
  });

/** A prediction that passes the ground truth. @type {Drawing} */
function iou(part) {
  const truth = [85, 22, 145, 88];
  const moved = [10 + 130 * part, 16, 75 + 130 * part, 80];
  return [
    box(truth, 2),
    box(moved, 1),
    words(180, 100, `IoU ${fixed(boxSimilarity(moved, truth, { kind: "iou" }), 2)}`),
  ];
}

/** The curve of a ranked list, as far as it was returned. @type {Drawing} */
function ap(part) {
  const returned = LIST.slice(0, 1 + Math.round(part * (LIST.length - 1)));
  const { precision, recall } = precisionRecall(returned, { people: PEOPLE });
  const best = interpolatePrecision(precision);
  const x = (/** @type {number} */ value) => 16 + 150 * value;
  const y = (/** @type {number} */ value) => 96 - 80 * value;
  const points = best.flatMap((height, place) => [
    [x(recall[place - 1] ?? 0), y(height)],
    [x(recall[place]), y(height)],
  ]);
  const average = allPointAveragePrecision(precision, recall);
  return [
    line(16, 96, 170, 96, { class: "pvg-grid" }),
    line(16, 96, 16, 12, { class: "pvg-grid" }),
    path(points, 1),
    words(178, 100, `AP ${fixed(average, 2)}`),
  ];
}

/** A region on a map: what RoIPool rounds it to, and where it is. @type {Drawing} */
function roi(part) {
  const left = 0.5 + 3 * part;
  const grid = Array.from({ length: CELLS + 1 }, (_, place) => [
    line(20, 7 + CELL * place, 20 + CELL * CELLS, 7 + CELL * place, { class: "pvg-grid" }),
    line(20 + CELL * place, 7, 20 + CELL * place, 7 + CELL * CELLS, { class: "pvg-grid" }),
  ]).flat();
  /** @type {(x1: number, x2: number) => Box} */
  const at = (x1, x2) => [20 + CELL * x1, 7 + CELL * 2, 20 + CELL * x2, 7 + CELL * 6];
  return [
    ...grid,
    box(at(Math.round(left), Math.round(left + 4)), 4),
    box(at(left, left + 4), 1),
    words(132, 60, `x = ${fixed(left, 2)}`),
    words(132, 80, `rounded to ${Math.round(left)}`),
  ];
}

/** Smooth L1 over the error. @type {Drawing} */
function losses(part) {
  const error = 6 * part - 3;
  const x = (/** @type {number} */ value) => 100 + 28 * value;
  const y = (/** @type {number} */ value) => 96 - 32 * value;
  const curve = Array.from({ length: 61 }, (_, place) => place / 10 - 3).map((value) => [
    x(value),
    y(smoothL1(value).loss),
  ]);
  const { loss } = smoothL1(error);
  return [
    line(16, 96, 184, 96, { class: "pvg-grid" }),
    path(curve, 1),
    svg("circle", { cx: x(error), cy: y(loss), r: 6, class: "pvl-miniature-dot", style: ink(2) }),
    words(190, 100, fixed(loss, 2)),
  ];
}

/** Softmax weights while one similarity grows. @type {Drawing} */
function attention(part) {
  return softmax([1, 2, 4 * part]).flatMap((weight, place) => [
    box([20 + 60 * place, 90 - 80 * weight, 62 + 60 * place, 90], place + 1),
    words(24 + 60 * place, 105, fixed(weight, 2)),
  ]);
}

/** VGG16's layers by size, one after another. @type {Drawing} */
function parameters(part) {
  const layers = vgg16Layers();
  const largest = Math.max(...layers.map((layer) => layer.parameters));
  const chosen = Math.round(part * (layers.length - 1));
  const bars = layers.map((layer, place) =>
    box([12 + 10 * place, 96 - 84 * (layer.parameters / largest), 19 + 10 * place, 96], place === chosen ? 3 : 1),
  );
  return [...bars, words(178, 100, `${fixed(layers[chosen].parameters / 1e6, 1)} M`)];
}

/** Boxes of one person at a growing NMS threshold. @type {Drawing} */
function photo(part) {
  const boxes = [
    [60, 14, 110, 98],
    [66, 18, 118, 100],
    [78, 12, 130, 94],
    [150, 20, 196, 98],
  ];
  const flat = Float32Array.from(boxes.flat());
  /** @type {number[]} */
  const kept = [];
  boxes.forEach((_, place) => {
    if (kept.every((other) => boxIou(flat, place, flat, other) <= part)) kept.push(place);
  });
  return [
    ...boxes.map((edges, place) =>
      box(edges, kept.includes(place) ? 3 : 2, { opacity: kept.includes(place) ? 1 : 0.25 }),
    ),
    words(140, 15, `NMS ${fixed(part, 2)}`),
  ];
}

/** A lesson's slug to what it draws. @type {Object<string, Drawing|undefined>} */
export const DRAWINGS = { iou, ap, roi, losses, attention, parameters, photo };
