/**
 * Boxes as shifts and stretches of an anchor: the twin of pedviz/theory/box_coding.py, for one box at a time.
 *
 * Boxes are [x1, y1, x2, y2] in pixels; a code is [dx, dy, dw, dh].
 */

import { checkedBox } from "./iou_losses.js";

/**
 * @import { Box } from "./iou_losses.js"
 * @typedef {number[]} Code [dx, dy, dw, dh]
 */

const PLAIN_WEIGHTS = [1, 1, 1, 1]; // the region proposal network
const LARGEST_STRETCH = Math.log(1000 / 16); // an untrained network must not make exp overflow

/** @param {Box} box */
function centreAndSides([x1, y1, x2, y2]) {
  const sides = [x2 - x1, y2 - y1];
  return { centre: [x1 + 0.5 * sides[0], y1 + 0.5 * sides[1]], sides };
}

/**
 * The code that turns an anchor into a box: what the network is trained to say.
 * @type {(box: Box, anchor: Box, how?: {weights?: number[]}) => Code}
 * @throws {RangeError} a box or an anchor is reversed or has no area
 */
export function encodeBox(box, anchor, { weights = PLAIN_WEIGHTS } = {}) {
  const { centre, sides } = centreAndSides(checkedBox("box", box));
  const { centre: anchorCentre, sides: anchorSides } = centreAndSides(checkedBox("anchor", anchor));
  if (![...sides, ...anchorSides].every((side) => side > 0)) {
    throw new RangeError("only boxes and anchors with an area can be encoded; one has a side of 0");
  }
  const shift = [0, 1].map((axis) => (centre[axis] - anchorCentre[axis]) / anchorSides[axis]);
  const stretch = [0, 1].map((axis) => Math.log(sides[axis] / anchorSides[axis]));
  return [...shift, ...stretch].map((value, place) => value * weights[place]);
}

/**
 * The box that a code makes of an anchor: what the network means. Not clipped to any image.
 * @type {(code: Code, anchor: Box, how?: {weights?: number[]}) => Box}
 * @throws {RangeError} the anchor is reversed
 */
export function decodeBox(code, anchor, { weights = PLAIN_WEIGHTS } = {}) {
  const { centre: anchorCentre, sides: anchorSides } = centreAndSides(checkedBox("anchor", anchor));
  const plain = code.map((value, place) => value / weights[place]);
  const centre = [0, 1].map((axis) => anchorCentre[axis] + plain[axis] * anchorSides[axis]);
  const sides = [0, 1].map((axis) => anchorSides[axis] * Math.exp(Math.min(plain[axis + 2], LARGEST_STRETCH)));
  return [-1, 1].flatMap((side) => centre.map((middle, axis) => middle + (side * sides[axis]) / 2));
}
