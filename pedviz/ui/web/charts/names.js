/** Names beside points: none leaves the plot or meets another. */

const LETTER = 7; // pixels, about
const GAP = 10; // pixels from a point to its name
const BASELINES = [-8, 18]; // pixels from a point down: above it, else below it
const ASCENT = 13; // pixels of a name above its baseline
const DESCENT = 4; // pixels below it

/**
 * @typedef {{left: number, right: number, top: number, bottom: number}} Rectangle pixels
 * @typedef {{x: number, y: number, "text-anchor": "start" | "end"}} NamePlace where its baseline starts, or ends
 */

/** @type {(a: Rectangle, b: Rectangle) => boolean} */
const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Where the name of a point goes, on the side with more room if it can; null where every place is taken or too
 * narrow, as the legend names it anyway. The place counts as taken afterwards.
 * @param {string} name
 * @param {{x: number, y: number}} point
 * @param {{left: number, right: number}} plot
 * @param {Rectangle[]} taken by names
 * @returns {NamePlace | null}
 */
export function placeName(name, { x, y }, plot, taken) {
  const width = LETTER * name.length;
  const sides = x > (plot.left + plot.right) / 2 ? [-1, 1] : [1, -1];
  for (const side of sides) {
    const near = x + side * GAP;
    const [left, right] = side > 0 ? [near, near + width] : [near - width, near];
    if (left < plot.left || right > plot.right) continue;
    for (const baseline of BASELINES) {
      const found = { left, right, top: y + baseline - ASCENT, bottom: y + baseline + DESCENT };
      if (taken.some((other) => meet(found, other))) continue;
      taken.push(found);
      return { x: near, y: y + baseline, "text-anchor": side > 0 ? "start" : "end" };
    }
  }
  return null;
}
