/** Drawing and changing boxes of the ground truth by hand, on either pane: pointer and keys. */

import { dragged, grab, handlesOf } from "./truth.js";

/**
 * @import { Box } from "../base/boxes.js"
 * @import { Context } from "./draw.js"
 * @import { Edges, TruthBoxes } from "./truth.js"
 * @typedef {ReturnType<typeof createPen>} BoxPen
 */

const HANDLE = 5; // screen pixels
const REACH = 12;
/** @type {Record<string, number[]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, string>} */
const CORNER_CURSORS = { "0,1": "nwse-resize", "2,3": "nwse-resize", "0,3": "nesw-resize", "2,1": "nesw-resize" };

/** @param {Edges|null} edges */
function cursorOf(edges) {
  if (!edges) return "move";
  return CORNER_CURSORS[edges.join()] ?? (edges[0] === null ? "ns-resize" : "ew-resize");
}

/** A box under way: its place in the truth, -1 for a new one; the edges under the hand; how and where it began. */
/** @typedef {{place: number, edges: Edges|null, start: Box, box: Box, from: number[]}} Draft */

/** One pen for both panes; a box under way is seen in both. */
class Pen {
  /** @type {Draft|null} */
  draft = null;
  selected = -1; // before the press, to go back to
  keyStep = [1, 1]; // across and down, photo pixels: one pixel of the original

  /**
   * @param {TruthBoxes} truth
   * @param {() => void} redraw
   */
  constructor(truth, redraw) {
    this.truth = truth;
    this.redraw = redraw;
  }

  get active() {
    return this.draft !== null;
  }

  /**
   * A press at a photo point: take hold of what is there, or begin a box. `scale`: screen pixels of a photo's.
   * @type {(x: number, y: number, scale: number) => void}
   */
  start(x, y, scale) {
    this.selected = this.truth.selected;
    const held = grab(this.truth, x, y, REACH / scale);
    const place = held?.place ?? -1;
    const start = held ? this.truth.boxes[place] : [x, y, x, y];
    this.draft = { place, edges: held ? held.edges : [2, 3], start, box: [...start], from: [x, y] };
    if (held) this.truth.select(place);
  }

  /** @type {(x: number, y: number) => void} */
  move(x, y) {
    const { draft, truth } = this;
    if (!draft) return;
    const [dx, dy] = [x - draft.from[0], y - draft.from[1]];
    draft.box = draft.edges ? dragged(draft.start, draft.edges, dx, dy) : truth.shifted(draft.start, dx, dy);
    this.redraw();
  }

  end() {
    const { draft, truth } = this;
    if (!draft) return;
    this.draft = null;
    const { place, box, start } = draft;
    if (place < 0) {
      if (!truth.add(box)) truth.select(-1);
    } else if (box.some((edge, i) => edge !== start[i])) truth.set(place, box);
    this.redraw();
  }

  /** The press was the beginning of something else, a pinch. */
  cancel() {
    if (!this.draft) return;
    this.draft = null;
    this.truth.select(this.selected);
  }

  /** @type {(x: number, y: number, scale: number) => string} what a pointer there would do, as a CSS cursor */
  cursor(x, y, scale) {
    const held = grab(this.truth, x, y, REACH / scale);
    return held ? cursorOf(held.edges) : "crosshair";
  }

  /**
   * Keys for the chosen box; true where one was used.
   * @param {KeyboardEvent} event
   */
  key({ key, shiftKey }) {
    const { truth } = this;
    const place = truth.selected;
    if (place < 0) return false;
    if (MOVES[key]) {
      const [dx, dy] = MOVES[key].map((way, axis) => way * this.keyStep[axis]);
      if (shiftKey) truth.set(place, dragged(truth.boxes[place], [2, 3], dx, dy));
      else truth.set(place, truth.shifted(truth.boxes[place], dx, dy));
    } else if (key === "Delete" || key === "Backspace") truth.remove(place);
    else if (key === "Escape") truth.select(-1);
    else return false;
    return true;
  }

  /** All boxes with the one under way, four numbers each. */
  boxes() {
    const boxes = [...this.truth.boxes];
    if (this.draft) boxes[this.draft.place < 0 ? boxes.length : this.draft.place] = this.draft.box;
    return Float32Array.from(boxes.flat());
  }

  /** @type {(context: Context, scale: number) => void} */
  drawHandles(context, scale) {
    const box = this.draft?.box ?? this.truth.boxes[this.truth.selected];
    if (!box) return;
    const half = HANDLE / scale;
    context.fillStyle = "#fff";
    context.strokeStyle = "#000";
    context.lineWidth = 1 / scale;
    for (const { x, y } of handlesOf(box)) {
      context.fillRect(x - half, y - half, 2 * half, 2 * half);
      context.strokeRect(x - half, y - half, 2 * half, 2 * half);
    }
  }
}

/**
 * @param {TruthBoxes} truth
 * @param {() => void} redraw
 */
export const createPen = (truth, redraw) => new Pen(truth, redraw);
