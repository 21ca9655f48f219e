/** Names beside points: none leaves the plot, or meets another or a point that has one. */

import { svg } from "../base/svg.js";

const LETTER = 7; // pixels, about
const GAP = 10; // pixels from a point to its name
const MARKER = 7; // pixels from a point to the edges of its marker
const BASELINES = [-8, 18]; // pixels from a point down: above it, else below it
const ASCENT = 9; // pixels of its letters above the baseline
const DESCENT = 3; // pixels below it

/**
 * @typedef {{left: number, right: number}} Plot pixels
 * @typedef {Plot & {top: number, bottom: number}} Rectangle
 * @typedef {{x: number, y: number, point: {beside?: string}}} Spot pixels
 */

/** @type {(a: Rectangle, b: Rectangle) => boolean} */
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @type {(spot: Spot) => Rectangle} */
const markerOf = ({ x, y }) => ({ left: x - MARKER, right: x + MARKER, top: y - MARKER, bottom: y + MARKER });

/**
 * Where a name may go, the best first: to the side with more room, above the point.
 * @param {string} name
 * @param {Spot} spot
 * @param {Plot} plot
 */
function placesOf(name, { x, y }, plot) {
  const width = LETTER * name.length;
  const sides = x > (plot.left + plot.right) / 2 ? [-1, 1] : [1, -1];
  return sides.flatMap((side) => {
    const near = x + side * GAP;
    const [left, right] = side > 0 ? [near, near + width] : [near - width, near];
    if (left < plot.left || right > plot.right) return [];
    return BASELINES.map((baseline) => ({
      at: { x: near, y: y + baseline, "text-anchor": side > 0 ? "start" : "end" },
      box: { left, right, top: y + baseline - ASCENT, bottom: y + baseline + DESCENT },
    }));
  });
}

/**
 * The names of points; one that fits nowhere is left out, as the legend has it anyway.
 * @param {Spot[]} spots
 * @param {Plot} plot
 */
export function drawNames(spots, plot) {
  const taken = spots.filter(({ point }) => point.beside).map(markerOf);
  return spots.flatMap((spot) => {
    const name = spot.point.beside ?? "";
    const place = placesOf(name, spot, plot).find(({ box }) => !taken.some((other) => meet(box, other)));
    if (!name || !place) return [];
    taken.push(place.box);
    return [svg("text", { class: "pvg-name", ...place.at }, name)];
  });
}
