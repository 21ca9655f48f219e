/** Drawing and changing boxes of the ground truth by hand, on either pane: pointer and keys. */

import { dragged, grab, handlesOf } from "./truth.js";

const HANDLE = 5; // screen pixels
const REACH = 12;
const KEY_STEP = 1; // photo pixels
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const CORNER_CURSORS = { "0,1": "nwse-resize", "2,3": "nwse-resize", "0,3": "nesw-resize", "2,1": "nesw-resize" };

function cursorOf(edges) {
  if (!edges) return "move";
  return CORNER_CURSORS[edges.join()] ?? (edges[0] === null ? "ns-resize" : "ew-resize");
}

/**
 * One pen for both panes; a box under way is seen in both.
 * @param {Object} truth see truth.js
 * @param {() => void} redraw
 */
export function createPen(truth, redraw) {
  let draft = null; // {place, edges, start, box, from}: the box under the hand; place -1 for a new one
  let selected = -1; // before the press, to go back to

  const unit = (scale) => 1 / scale; // photo pixels for one screen pixel

  return {
    get active() {
      return draft !== null;
    },
    /** A press at a photo point: take hold of what is there, or begin a box. */
    start(x, y, scale) {
      selected = truth.selected;
      const held = grab(truth, x, y, REACH * unit(scale));
      const place = held?.place ?? -1;
      const start = held ? truth.boxes[place] : [x, y, x, y];
      draft = { place, edges: held ? held.edges : [2, 3], start, box: [...start], from: [x, y] };
      if (held) truth.select(place);
    },
    move(x, y) {
      const [dx, dy] = [x - draft.from[0], y - draft.from[1]];
      draft.box = draft.edges ? dragged(draft.start, draft.edges, dx, dy) : truth.shifted(draft.start, dx, dy);
      redraw();
    },
    end() {
      const { place, box, start } = draft;
      draft = null;
      if (place < 0) {
        if (!truth.add(box)) truth.select(-1);
      } else if (box.some((edge, i) => edge !== start[i])) truth.set(place, box);
      redraw();
    },
    /** The press was the beginning of something else, a pinch. */
    cancel() {
      if (!draft) return;
      draft = null;
      truth.select(selected);
    },
    /** What a pointer at a photo point would do, as a CSS cursor. */
    cursor(x, y, scale) {
      const held = grab(truth, x, y, REACH * unit(scale));
      return held ? cursorOf(held.edges) : "crosshair";
    },
    /** Keys for the chosen box; true where one was used. */
    key({ key, shiftKey }) {
      const place = truth.selected;
      if (place < 0) return false;
      if (MOVES[key]) {
        const [dx, dy] = MOVES[key].map((way) => way * KEY_STEP);
        if (shiftKey) truth.set(place, dragged(truth.boxes[place], [2, 3], dx, dy));
        else truth.set(place, truth.shifted(truth.boxes[place], dx, dy));
      } else if (key === "Delete" || key === "Backspace") truth.remove(place);
      else if (key === "Escape") truth.select(-1);
      else return false;
      return true;
    },
    /** All boxes with the one under way, four numbers each. */
    boxes() {
      const boxes = [...truth.boxes];
      if (draft) boxes[draft.place < 0 ? boxes.length : draft.place] = draft.box;
      return Float32Array.from(boxes.flat());
    },
    drawHandles(context, scale) {
      const box = draft?.box ?? truth.boxes[truth.selected];
      if (!box) return;
      const half = HANDLE * unit(scale);
      context.fillStyle = "#fff";
      context.strokeStyle = "#000";
      context.lineWidth = unit(scale);
      for (const { x, y } of handlesOf(box)) {
        context.fillRect(x - half, y - half, 2 * half, 2 * half);
        context.strokeRect(x - half, y - half, 2 * half, 2 * half);
      }
    },
  };
}
