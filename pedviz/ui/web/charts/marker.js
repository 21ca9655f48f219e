/** Shapes that tell variants apart where colours do not. */

import { svg } from "../base/svg.js";

/** @import { PlacedPoint, Series } from "./series.js" */

const SIZE = 6;
/** @type {Record<string, [number, number][]>} */
const OUTLINES = {
  square: [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ],
  triangle: [
    [0, -1.2],
    [1.1, 0.9],
    [-1.1, 0.9],
  ],
  diamond: [
    [0, -1.35],
    [1.35, 0],
    [0, 1.35],
    [-1.35, 0],
  ],
  cross: [
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4],
  ],
};

/** @type {(shape: string|undefined, x: number, y: number) => SVGElement} of the named shape, a circle without one */
export function marker(shape, x, y) {
  const outline = OUTLINES[shape ?? ""];
  if (!outline) return svg("circle", { class: "pvg-marker", cx: x, cy: y, r: SIZE });
  const points = outline.map(([dx, dy]) => `${x + SIZE * dx},${y + SIZE * dy}`).join(" ");
  return svg("polygon", { class: "pvg-marker", points });
}

/** @type {(x: number, ends: number[]) => SVGElement} */
const whisker = (x, [low, high]) => svg("path", { class: "pvg-whisker", d: `M${x},${low}V${high}` });

/**
 * The points of a series: each with its error bar, where it has one.
 * @type {(series: Series, points: PlacedPoint[]) => SVGElement[]}
 */
export function markers({ style }, points) {
  return points.flatMap(({ x, y, spread }) => [...(spread ? [whisker(x, spread)] : []), marker(style.marker, x, y)]);
}
