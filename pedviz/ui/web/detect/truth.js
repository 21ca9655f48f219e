/** The people that really are in the photo: given with it, or drawn by the visitor. Every change can be undone. */

const HISTORY = 50;
const SMALLEST = 2; // pixels of the photo

/** Corners in order, inside the photo, at least SMALLEST apart; null where that cannot be. */
function tidyBox([x1, y1, x2, y2], width, height) {
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

/** @param {() => void} onChange */
export function createTruth(onChange) {
  let boxes = null; // null: unknown; a list may be empty: nobody is there
  let given = null;
  let selected = -1;
  let history = [];
  let size = [1, 1];

  function change(next, select = selected) {
    history = [...history.slice(1 - HISTORY), { boxes, selected }];
    boxes = next;
    selected = Math.min(select, (boxes?.length ?? 0) - 1);
    onChange();
  }

  return {
    /** All boxes as one array of four numbers each, or null while nobody has said anything. */
    get array() {
      return boxes && Float32Array.from(boxes.flat());
    },
    get boxes() {
      return boxes ?? [];
    },
    get selected() {
      return selected;
    },
    get isGiven() {
      return given !== null && boxes === given;
    },
    get hasGiven() {
      return given !== null;
    },
    get canUndo() {
      return history.length > 0;
    },
    /** A new photo, with its people where they are known. */
    reset(width, height, known) {
      [size, given, boxes, selected, history] = [[width, height], known, known, -1, []];
      onChange();
    },
    select(place) {
      selected = place;
      onChange();
    },
    /** Add a box and select it; false where it is too small. */
    add(box) {
      const tidy = tidyBox(box, ...size);
      if (!tidy) return false;
      change([...(boxes ?? []), tidy], boxes?.length ?? 0);
      return true;
    },
    /** Put a box in another place; false where it would vanish. */
    set(place, box) {
      const tidy = tidyBox(box, ...size);
      if (!tidy) return false;
      change(boxes.map((old, i) => (i === place ? tidy : old)));
      return true;
    },
    /** A box moved by pixels without leaving the photo. */
    shifted([x1, y1, x2, y2], dx, dy) {
      const across = Math.min(Math.max(dx, -x1), size[0] - x2);
      const down = Math.min(Math.max(dy, -y1), size[1] - y2);
      return [x1 + across, y1 + down, x2 + across, y2 + down];
    },
    remove(place) {
      change(
        boxes.filter((_, i) => i !== place),
        place - 1,
      );
    },
    /** Forget what was drawn: back to what came with the photo. */
    clear() {
      change(given, -1);
    },
    undo() {
      const last = history.pop();
      if (last) [boxes, selected] = [last.boxes, last.selected];
      onChange();
    },
  };
}

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

/** Where the eight handles of a box are, as {x, y, edges}; edges are the numbers of the box they move. */
export function handlesOf(box) {
  return HANDLES.map((edges) => ({
    x: edges[0] === null ? (box[0] + box[2]) / 2 : box[edges[0]],
    y: edges[1] === null ? (box[1] + box[3]) / 2 : box[edges[1]],
    edges,
  }));
}

/**
 * What a press at a photo point would take hold of.
 * @returns {{place: number, edges: Array|null}|null} a handle of the selected box, a box, or nothing
 */
export function grab(truth, x, y, reach) {
  const chosen = truth.boxes[truth.selected];
  if (chosen) {
    const near = handlesOf(chosen).find((handle) => Math.hypot(handle.x - x, handle.y - y) <= reach);
    if (near) return { place: truth.selected, edges: near.edges };
  }
  const inside = (box) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  const hits = truth.boxes.map((box, place) => ({ box, place })).filter(({ box }) => inside(box));
  if (!hits.length) return null;
  const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  return { place: hits.reduce((a, b) => (size(b) < size(a) ? b : a)).place, edges: null };
}

/** A box after a drag of one of its handles, or of all of it, from one point to another. */
export function dragged(box, edges, dx, dy) {
  const next = [...box];
  const moved = edges ?? [0, 1, 2, 3];
  for (const edge of moved) if (edge !== null) next[edge] += edge % 2 ? dy : dx;
  return next;
}
