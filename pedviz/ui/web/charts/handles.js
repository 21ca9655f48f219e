/** Things in an image that mouse, finger and arrow keys move. */

import { svg } from "../base/svg.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGE = 10; // steps with the shift key
const DOT = 7; // pixels
const REACH = 20; // pixels around a dot that a finger may hit

let drags = 0;

/**
 * @typedef {Object} HandleOptions
 * @property {string} label what it is, for screen readers
 * @property {string} of the thing it belongs to; gives its colour
 * @property {(state: any, values: any) => {x?: number, y?: number, x1?: number, y1?: number, x2?: number,
 *   y2?: number, hole?: Object}} place in units of the stage: a dot, or an area that is dragged as a whole, but
 *   for its hole, which leaves room for what lies beneath
 * @property {(to: {x: number, y: number}, state: Object) => Object} move settings for the dot, or the area's
 *   upper left corner, being there; must be allowed ones
 * @property {(state: Object) => number} step units that an arrow key moves; ten times that with shift
 * @property {string} [cursor] CSS cursor
 */

/**
 * Put a handle over a stage; it follows the state by itself.
 * @param {Object} lesson from createLesson
 * @param {Object} stage from createStage
 * @param {HandleOptions} options
 */
export function addHandle(lesson, stage, options) {
  const { label, of, place, move, step, cursor = "move" } = options;
  const shape = svg("g", {
    class: "pvl-handle",
    tabindex: 0,
    role: "button",
    "aria-label": label,
    "aria-roledescription": "handle, moved by arrow keys",
    style: `--ink: ${lesson.ink(of)}; cursor: ${cursor}`,
  });
  stage.handles.append(shape);
  const anchor = () => {
    const { x, y, x1, y1 } = place(lesson.state(), lesson.values());
    return { x: /** @type {number} */ (x ?? x1), y: /** @type {number} */ (y ?? y1) };
  };
  lesson.onDraw((state, values) => drawHandle(stage, shape, place(state, values)), stage.frame);
  listenToPointer(lesson, stage, { shape, anchor, move });
  shape.addEventListener("keydown", (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    const by = step(lesson.state()) * (event.shiftKey ? LARGE : 1);
    const { x, y } = anchor();
    lesson.set(move({ x: x + dx * by, y: y + dy * by }, lesson.state()), `keys ${label}`);
  });
  shape.addEventListener("blur", () => lesson.seal());
}

function drawHandle(stage, shape, place) {
  const isDot = place.x1 === undefined;
  if (shape.childNodes.length === 0)
    shape.append(...(isDot ? dotParts() : [svg("path", { class: "pvl-area", "fill-rule": "evenodd" })]));
  if (!isDot)
    return shape.firstChild.setAttribute("d", outline(stage, place) + (place.hole ? outline(stage, place.hole) : ""));
  for (const circle of shape.childNodes) {
    circle.setAttribute("cx", stage.px(place.x));
    circle.setAttribute("cy", stage.py(place.y));
  }
}

function dotParts() {
  return [svg("circle", { class: "pvl-reach", r: REACH }), svg("circle", { class: "pvl-dot", r: DOT })];
}

function outline(stage, { x1, y1, x2, y2 }) {
  return `M${stage.px(x1)},${stage.py(y1)}H${stage.px(x2)}V${stage.py(y2)}H${stage.px(x1)}Z`;
}

function listenToPointer(lesson, stage, { shape, anchor, move }) {
  /** @type {{x: number, y: number, tag: string}|null} */
  let grip = null; // from the pointer to the anchor, while dragging
  shape.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const [pointer, start] = [stage.unitsAt(event), anchor()];
    drags += 1;
    grip = { x: start.x - pointer.x, y: start.y - pointer.y, tag: `drag ${drags}` };
    shape.setPointerCapture(event.pointerId);
    shape.classList.add("pvl-dragged");
  });
  shape.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const pointer = stage.unitsAt(event);
    lesson.set(move({ x: pointer.x + grip.x, y: pointer.y + grip.y }, lesson.state()), grip.tag);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    shape.addEventListener(end, () => {
      grip = null;
      shape.classList.remove("pvl-dragged");
      lesson.seal();
    });
  }
}
