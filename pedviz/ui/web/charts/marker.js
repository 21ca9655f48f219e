/** Shapes that tell variants apart where colours do not. */

import { svg } from "../base/svg.js";

const SIZE = 6;
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

/** A marker of the named shape around a place. */
export function marker(shape, x, y) {
  if (!OUTLINES[shape]) return svg("circle", { class: "pvg-marker", cx: x, cy: y, r: SIZE });
  const points = OUTLINES[shape].map(([dx, dy]) => `${x + SIZE * dx},${y + SIZE * dy}`).join(" ");
  return svg("polygon", { class: "pvg-marker", points });
}

const whisker = ({ x, spread: [low, high] }) => svg("path", { class: "pvg-whisker", d: `M${x},${low}V${high}` });

/** The points of a series: each with its error bar and with the name beside it, where it has them. */
export function markers({ style }, points) {
  const name = ({ x, y, beside, under, isFarRight }) => {
    const place = { x: isFarRight ? x - 10 : x + 10, y: under ? y + 18 : y - 8 };
    return svg("text", { class: "pvg-name", ...place, "text-anchor": isFarRight ? "end" : "start" }, beside);
  };
  return points.flatMap((point) => [
    ...(point.spread ? [whisker(point)] : []),
    marker(style.marker, point.x, point.y),
    ...(point.beside ? [name(point)] : []),
  ]);
}
