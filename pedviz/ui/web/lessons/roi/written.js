/** How the lesson on RoIPool and RoIAlign writes regions, cells and answers. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Pooled } from "../../maths/roi.js"
 */

import { format } from "../../base/numbers.js";
import { SIDE } from "./values.js";

export const DIGITS = 3;
export const RULES = { report: "without overlap", torchvision: "as in torchvision" };

/** The four edges of a box. @param {Box} box */
export const edges = (box) => box.map((edge) => format(edge, 2)).join(", ");
/** The answers of all bins, row by row. @param {number[][]} values */
export const listed = (values) =>
  values.map((line) => line.map((value) => format(value, DIGITS)).join(", ")).join("; ");
/** The cells from a first one up to where a bin stops. @param {number[]} bin */
export const span = ([first, stop]) => (stop - first > 1 ? `${first}–${stop - 1}` : stop > first ? `${first}` : "none");

/** The cells of a rounded region that the map has: rounding may end a cell beyond it. @param {Box} region */
export const inMap = ([x1, y1, x2, y2]) => [x1, y1, Math.min(x2, SIDE), Math.min(y2, SIDE)];

/** How many cells of the map a rounded region reads. @param {Pooled} pooled */
export function countOf({ bins: { region } }) {
  const [x1, y1, x2, y2] = inMap(region);
  const [wide, high] = [Math.max(x2 - x1, 0), Math.max(y2 - y1, 0)];
  return { wide, high, all: wide * high };
}
