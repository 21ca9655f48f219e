/** The people that really are in the photo: given with it, or drawn by the visitor. Every change can be undone. */

import { smallestAt } from "../base/boxes.js";

/**
 * @import { Box } from "../base/boxes.js"
 * @typedef {[number|null, number|null]} Edges of a box that a handle moves: 0 or 2 across, 1 or 3 up and down
 * @typedef {ReturnType<typeof createTruth>} TruthBoxes
 */

const HISTORY = 50;
const SMALLEST = 2; // pixels of the photo

/**
 * Corners in order, inside the photo, at least SMALLEST apart; null where that cannot be.
 * @param {Box} box
 * @param {number[]} size width and height of the photo
 */
function tidyBox([x1, y1, x2, y2], [width, height]) {
  /** @type {(value: number, most: number) => number} */
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);
  const box = [
    clamp(Math.min(x1, x2), width),
    clamp(Math.min(y1, y2), height),
    clamp(Math.max(x1, x2), width),
    clamp(Math.max(y1, y2), height),
  ];
  const usable = box.every(Number.isFinite) && box[2] - box[0] >= SMALLEST && box[3] - box[1] >= SMALLEST;
  return usable ? box : null;
}

class Truth {
  /** Null: unknown; a list may be empty: nobody is there. @type {Box[]|null} */
  known = null;
  /** What came with the photo. @type {Box[]|null} */
  given = null;
  selected = -1;
  /** @type {{boxes: Box[]|null, selected: number}[]} */
  history = [];
  size = [1, 1];

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /** @param {Box[]|null} next */
  change(next, select = this.selected) {
    this.history = [...this.history.slice(1 - HISTORY), { boxes: this.known, selected: this.selected }];
    this.known = next;
    this.selected = Math.min(select, this.boxes.length - 1);
    this.onChange();
  }

  /** All boxes as one array of four numbers each, or null while nobody has said anything. */
  get array() {
    return this.known && Float32Array.from(this.known.flat());
  }

  get boxes() {
    return this.known ?? [];
  }

  get isGiven() {
    return this.given !== null && this.known === this.given;
  }

  get hasGiven() {
    return this.given !== null;
  }

  get canUndo() {
    return this.history.length > 0;
  }

  get isChanged() {
    return this.known !== this.given;
  }

  /**
   * A new photo, with the people that came with it, and those that were drawn in it before.
   * @param {number} width
   * @param {number} height
   * @param {Box[]|null} given
   * @param {Box[]|null} [drawn]
   */
  reset(width, height, given, drawn = null) {
    Object.assign(this, { size: [width, height], given, known: drawn ?? given, selected: -1, history: [] });
    this.onChange();
  }

  /** @param {number} place */
  select(place) {
    this.selected = place;
    this.onChange();
  }

  /** @type {(box: Box) => boolean} add a box and select it; false where it is too small */
  add(box) {
    const tidy = tidyBox(box, this.size);
    if (tidy) this.change([...this.boxes, tidy], this.boxes.length);
    return tidy !== null;
  }

  /** @type {(place: number, box: Box) => boolean} put a box in another place; false where it would vanish */
  set(place, box) {
    const tidy = tidyBox(box, this.size);
    if (tidy) this.change(this.boxes.map((old, i) => (i === place ? tidy : old)));
    return tidy !== null;
  }

  /** @type {(box: Box, dx: number, dy: number) => Box} moved by pixels without leaving the photo */
  shifted([x1, y1, x2, y2], dx, dy) {
    const across = Math.min(Math.max(dx, -x1), this.size[0] - x2);
    const down = Math.min(Math.max(dy, -y1), this.size[1] - y2);
    return [x1 + across, y1 + down, x2 + across, y2 + down];
  }

  /** @param {number} place */
  remove(place) {
    const left = this.boxes.filter((_, i) => i !== place);
    this.change(left, place - 1);
  }

  /** Forget what was drawn: back to what came with the photo. */
  clear() {
    this.change(this.given, -1);
  }

  undo() {
    const last = this.history.pop();
    if (last) [this.known, this.selected] = [last.boxes, last.selected];
    this.onChange();
  }
}

/** @param {() => void} onChange */
export const createTruth = (onChange) => new Truth(onChange);

/** @type {Edges[]} */
const HANDLES = [
  [0, 1],
  [0, 3],
  [2, 1],
  [2, 3],
  [0, null],
  [2, null],
  [null, 1],
  [null, 3],
];

/**
 * Where the eight handles of a box are.
 * @param {Box} box
 */
export function handlesOf(box) {
  return HANDLES.map((edges) => ({
    x: edges[0] === null ? (box[0] + box[2]) / 2 : box[edges[0]],
    y: edges[1] === null ? (box[1] + box[3]) / 2 : box[edges[1]],
    edges,
  }));
}

/**
 * What a press at a photo point would take hold of.
 * @param {TruthBoxes} truth
 * @param {number} x
 * @param {number} y
 * @param {number} reach how far from a handle
 * @returns {{place: number, edges: Edges|null}|null} a handle of the selected box, a box, or nothing
 */
export function grab(truth, x, y, reach) {
  const chosen = truth.boxes[truth.selected];
  if (chosen) {
    const near = handlesOf(chosen).find((handle) => Math.hypot(handle.x - x, handle.y - y) <= reach);
    if (near) return { place: truth.selected, edges: near.edges };
  }
  const place = smallestAt(truth.boxes, [x, y]);
  return place < 0 ? null : { place, edges: null };
}

/**
 * A box after a drag of one of its handles, or of all of it, from one point to another.
 * @type {(box: Box, edges: Edges|null, dx: number, dy: number) => Box}
 */
export function dragged(box, edges, dx, dy) {
  const next = [...box];
  const moved = edges ?? [0, 1, 2, 3];
  for (const edge of moved) if (edge !== null) next[edge] += edge % 2 ? dy : dx;
  return next;
}
