/** A grid of cells that mouse, finger and keys paint; its figure follows the state. */

/**
 * @import { Lesson } from "./kit.js"
 * @typedef {ReturnType<typeof createStage>} Stage
 * @typedef {{x: number, y: number}} Place column and row of a cell
 * @typedef {{on: boolean, tag: string} & Place} Stroke one of paint or of wiping, and where it is
 */

import { patchChildren } from "../../base/patch.js";
import { svg } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";

/** @type {Object<string, number[]|undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LARGE = 7; // cells with the shift key

let strokes = 0;

/**
 * @template S
 * @typedef {Object} BrushOptions
 * @property {string} label what is painted, in a few words
 * @property {number} side cells across and down
 * @property {(cell: number, state: S) => boolean} isPainted whether painting would wipe this cell
 * @property {(cell: number, on: boolean, state: S) => Partial<S>} paint settings with this cell painted or wiped
 */

/**
 * @template S, V
 * @typedef {Object} GridLooks
 * @property {(state: S) => Uint8Array} look one number for each cell, row by row; cells of number k take the
 *   CSS class pvl-cell-k
 * @property {(state: S, values: V, stage: Stage) => SVGElement[]} [over] drawn above the cells
 * @property {(state: S, values: V) => string} describe the figure in words
 */

/**
 * Add a paintable grid. The first cell of a stroke decides whether the stroke paints or wipes.
 * @template S
 * @template V
 * @param {Lesson<S, V>} lesson
 * @param {HTMLElement} host what it is put into
 * @param {BrushOptions<S> & GridLooks<S, V>} options
 */
export function addPaintGrid(lesson, host, options) {
  const { label, side, look, over = () => [], describe } = options;
  const stage = createStage(lesson, host, { label, heightFor: (width) => width });
  stage.view = { x: 0, y: 0, width: side, height: side };
  const cells = Array.from({ length: side * side }, () => svg("rect", {}));
  const above = svg("g", {});
  stage.draw([...cells, above]);
  const shown = new Int16Array(side * side).fill(-1); // what each cell looks like now
  let drawnWidth = 0;
  lesson.onDraw((state, values) => {
    if (drawnWidth !== stage.width) layOut(stage, cells, side);
    drawnWidth = stage.width;
    look(state).forEach((kind, cell) => {
      if (shown[cell] !== kind) cells[cell].setAttribute("class", `pvl-cell-${kind}`);
      shown[cell] = kind;
    });
    patchChildren(above, over(state, values, stage));
    stage.describe(describe(state, values));
  }, stage.frame);
  addBrush(lesson, stage, options);
}

/** @type {(stage: Stage, cells: Element[], side: number) => void} */
function layOut(stage, cells, side) {
  const size = stage.width / side;
  cells.forEach((cell, index) => {
    const place = { x: (index % side) * size, y: Math.floor(index / side) * size, width: size, height: size };
    for (const [key, value] of Object.entries(place)) cell.setAttribute(key, String(value));
  });
}

/**
 * What paints: the pointer, or a cursor that arrow keys move and the space bar presses.
 * @template S
 */
class Brush {
  /** While painting. @type {Stroke|null} */
  stroke = null;

  /**
   * @param {Lesson<S, unknown>} lesson
   * @param {Stage} stage
   * @param {BrushOptions<S>} options
   */
  constructor(lesson, stage, { label, side, isPainted, paint }) {
    this.lesson = lesson;
    this.stage = stage;
    this.side = side;
    this.isPainted = isPainted;
    this.paint = paint;
    this.at = { x: Math.floor(side / 2), y: Math.floor(side / 2) };
    this.cursor = svg("rect", { class: "pvl-cell-cursor" });
    this.element = svg(
      "g",
      {
        class: "pvl-handle pvl-brush",
        tabindex: 0,
        role: "application",
        "aria-label": `${label}. Arrow keys move, space paints or wipes.`,
      },
      svg("rect", { class: "pvl-brush-area", width: "100%", height: "100%" }),
      this.cursor,
    );
  }

  /** @type {(place: Place, stroke: Stroke) => void} */
  dab({ x, y }, { on, tag }) {
    const { lesson, side } = this;
    const cell = y * side + x;
    if (this.isPainted(cell, lesson.state()) !== on) lesson.set(this.paint(cell, on, lesson.state()), tag);
  }

  /** A stroke that begins at a cell, which decides whether it paints or wipes. @type {(cell: Place) => Stroke} */
  begin({ x, y }) {
    strokes += 1;
    return { on: !this.isPainted(y * this.side + x, this.lesson.state()), tag: `stroke ${strokes}`, x, y };
  }

  /** @type {(event: PointerEvent) => Place} */
  cellAt(event) {
    const { x, y } = this.stage.unitsAt(event);
    const inside = (/** @type {number} */ value) => Math.min(Math.max(Math.floor(value), 0), this.side - 1);
    return { x: inside(x), y: inside(y) };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button !== 0) return;
    this.stroke = this.begin(this.cellAt(event));
    this.element.setPointerCapture(event.pointerId);
    this.dab(this.stroke, this.stroke);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.stroke) return;
    const to = this.cellAt(event);
    for (const cell of cellsBetween(this.stroke, to)) this.dab(cell, this.stroke);
    Object.assign(this.stroke, to);
  }

  end() {
    this.stroke = null;
    this.lesson.seal();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [dx, dy] = ARROWS[event.key] ?? [0, 0];
    if (event.key !== " " && !dx && !dy) return;
    event.preventDefault();
    const { at, side, lesson } = this;
    const by = event.shiftKey ? LARGE : 1;
    at.x = Math.min(Math.max(at.x + dx * by, 0), side - 1);
    at.y = Math.min(Math.max(at.y + dy * by, 0), side - 1);
    const press = event.key === " " ? this.begin(at) : null;
    const isOn = press?.on ?? this.isPainted(at.y * side + at.x, lesson.state());
    lesson.say(`Row ${at.y + 1}, column ${at.x + 1}: ${isOn ? "painted" : "empty"}.`);
    if (press) this.dab(at, press); // what it changes is said once the figure rests
    this.place();
  }

  place() {
    const size = this.stage.width / this.side;
    const { x, y } = this.at;
    for (const [key, value] of Object.entries({ x: x * size, y: y * size, width: size, height: size }))
      this.cursor.setAttribute(key, String(value));
  }
}

/**
 * @template S
 * @param {Lesson<S, unknown>} lesson
 * @param {Stage} stage
 * @param {BrushOptions<S>} options
 */
function addBrush(lesson, stage, options) {
  const brush = new Brush(lesson, stage, options);
  stage.handles.append(brush.element);
  brush.element.addEventListener("pointerdown", (event) => brush.down(event));
  brush.element.addEventListener("pointermove", (event) => brush.move(event));
  for (const end of ["pointerup", "pointercancel"]) brush.element.addEventListener(end, () => brush.end());
  brush.element.addEventListener("keydown", (event) => brush.key(event));
  lesson.onDraw(() => brush.place(), stage.frame);
}

/** The cells that a fast pointer passed between two events. @type {(from: Place, to: Place) => Place[]} */
function cellsBetween(from, to) {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  return Array.from({ length: steps + 1 }, (_, step) => ({
    x: Math.round(from.x + ((to.x - from.x) * step) / steps),
    y: Math.round(from.y + ((to.y - from.y) * step) / steps),
  }));
}
