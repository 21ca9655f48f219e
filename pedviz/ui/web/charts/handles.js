/** Things in an image that mouse, finger and arrow keys move. */

import { svg } from "../base/svg.js";

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGE = 10; // steps with the shift key
const DOT = 7; // pixels
const REACH = 20; // pixels around a dot that a finger may hit

let drags = 0;

/**
 * @import { Place, Stage } from "./stage.js"
 * @typedef {{x1: number, y1: number, x2: number, y2: number}} Area in units
 * @typedef {Area & {hole?: Area|null}} Grip an area that is dragged as a whole, but for its hole, which leaves room for
 *   what lies beneath
 */

/**
 * What moves with a handle: a lesson.
 * @template State, Values
 * @typedef {{
 *   state(): State,
 *   values(): Values,
 *   ink(of: string): string,
 *   onDraw(painter: (state: State, values: Values) => void, host: Element): void,
 *   set(patch: Partial<State>, tag: string): unknown,
 *   seal(): void,
 * }} Movable
 */

/**
 * @template State, Values
 * @typedef {Object} HandleOptions
 * @property {string} label what it is, for screen readers
 * @property {string} of the thing it belongs to; gives its colour
 * @property {(state: State, values: Values) => Place|Grip} place a dot or an area
 * @property {(to: Place, state: State) => Partial<State>} move settings for the dot, or the area's upper left corner,
 *   being there; must be allowed ones
 * @property {(state: State) => number} step units that an arrow key moves; ten times that with shift
 * @property {string} [cursor] CSS cursor
 */

/**
 * Put a handle over a stage; it follows the state by itself.
 * @template State, Values
 * @param {Movable<State, Values>} lesson
 * @param {Stage} stage
 * @param {HandleOptions<State, Values>} options
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
    const at = place(lesson.state(), lesson.values());
    return "x" in at ? at : { x: at.x1, y: at.y1 };
  };
  lesson.onDraw((state, values) => drawHandle(stage, shape, place(state, values)), stage.frame);
  const drag = (/** @type {Place} */ to, /** @type {string} */ tag) => lesson.set(move(to, lesson.state()), tag);
  listenToPointer(shape, { stage, anchor, drag, seal: () => lesson.seal() });
  shape.addEventListener("keydown", (event) => {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    const by = step(lesson.state()) * (event.shiftKey ? LARGE : 1);
    const { x, y } = anchor();
    drag({ x: x + dx * by, y: y + dy * by }, `keys ${label}`);
  });
  shape.addEventListener("blur", () => lesson.seal());
}

/** @type {(stage: Stage, shape: SVGElement, place: Place|Grip) => void} */
function drawHandle(stage, shape, place) {
  const isDot = "x" in place;
  if (shape.childNodes.length === 0)
    shape.append(...(isDot ? dotParts() : [svg("path", { class: "pvl-area", "fill-rule": "evenodd" })]));
  for (const part of shape.children) {
    if (isDot) {
      part.setAttribute("cx", String(stage.px(place.x)));
      part.setAttribute("cy", String(stage.py(place.y)));
    } else part.setAttribute("d", outline(stage, place) + (place.hole ? outline(stage, place.hole) : ""));
  }
}

function dotParts() {
  return [svg("circle", { class: "pvl-reach", r: REACH }), svg("circle", { class: "pvl-dot", r: DOT })];
}

/** @type {(stage: Stage, area: Area) => string} */
function outline(stage, { x1, y1, x2, y2 }) {
  return `M${stage.px(x1)},${stage.py(y1)}H${stage.px(x2)}V${stage.py(y2)}H${stage.px(x1)}Z`;
}

/**
 * @param {SVGElement} shape
 * @param {{stage: Stage, anchor: () => Place, drag: (to: Place, tag: string) => void, seal: () => void}} handle
 */
function listenToPointer(shape, { stage, anchor, drag, seal }) {
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
    drag({ x: pointer.x + grip.x, y: pointer.y + grip.y }, grip.tag);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    shape.addEventListener(end, () => {
      grip = null;
      shape.classList.remove("pvl-dragged");
      seal();
    });
  }
}
