/** Boxes [x1, y1, x2, y2]: their area, what two share, and which one a pointer means. */

/** @typedef {import("../maths/iou_losses.js").Box} Box */

/**
 * The area of a box; 0 for one whose corners are not in order.
 * @param {ArrayLike<number>} box
 */
export const areaOf = (box) => Math.max(box[2] - box[0], 0) * Math.max(box[3] - box[1], 0);

/**
 * What two boxes share, as a box; its corners are not in order where that is nothing.
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second
 * @returns {Box}
 */
export function sharedBox(first, second) {
  return [
    Math.max(first[0], second[0]),
    Math.max(first[1], second[1]),
    Math.min(first[2], second[2]),
    Math.min(first[3], second[3]),
  ];
}

/**
 * The place of the smallest box that holds a point: of two that overlap, the one that is harder to hit. The first of
 * equals.
 * @param {ArrayLike<number>[]} boxes
 * @param {number[]} point x and y
 * @returns {number} -1 where there is none
 */
export function smallestAt(boxes, [x, y]) {
  let best = -1;
  boxes.forEach((box, place) => {
    const holds = x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
    if (holds && (best < 0 || areaOf(box) < areaOf(boxes[best]))) best = place;
  });
  return best;
}
