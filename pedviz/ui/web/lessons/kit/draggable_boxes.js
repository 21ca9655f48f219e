/** The two boxes of the IoU lesson as things to drag, and the window in which they are seen. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { AnyLesson, Common, Lesson } from "./kit.js"
 * @import { NumbersSetting, Problems, Range, State } from "./settings.js"
 * @typedef {ReturnType<typeof import("../../charts/stage.js").createStage>} Stage
 * @typedef {{a: Box, b: Box}} Boxes
 * @typedef {{x1: number, y1: number, x2: number, y2: number}} Area
 */

/**
 * @typedef {Object} BoxOptions
 * @property {string} key of the setting
 * @property {string} label
 * @property {(state: State) => number} step as of a handle
 * @property {string} [of] the thing that gives its colour, where that is not the key
 */

import { areaOf, sharedBox } from "../../base/boxes.js";
import { clamp, format, roundTo } from "../../base/numbers.js";
import { line, words } from "../../base/svg.js";
import { niceTicks } from "../../charts/axes.js";
import { addHandle } from "../../charts/handles.js";

export const NAMES = { a: "A", b: "B" };
/** @type {("a"|"b")[]} */
const ORDER = ["b", "a"]; // A's handles lie above B's
export const EDGES = ["x1", "y1", "x2", "y2"];
export const HEIGHT_SHARE = 0.75; // of the figure's width
// Widths in pixels of the boxes.
const WINDOWS = [20, 26, 32, 40, 60, 80, 120, 160, 240, 320, 400, 480, 560, 640, 960, 1280, 1800];
const MARGIN = 0.04; // of the width, left of and above 0
const LETTER = 8; // pixels, at most, of a digit of the ticks
const CORNERS = [
  { name: "upper left corner", edges: [0, 1], cursor: "nwse-resize" },
  { name: "upper right corner", edges: [2, 1], cursor: "nesw-resize" },
  { name: "lower left corner", edges: [0, 3], cursor: "nesw-resize" },
  { name: "lower right corner", edges: [2, 3], cursor: "nwse-resize" },
];

/**
 * A sentence for a box whose corners are the wrong way round, else null.
 * @type {(name: string, box: Box) => string|null}
 */
export function reversedBox(name, [x1, y1, x2, y2]) {
  if (x1 > x2) return `The corners of ${name} are reversed: x1 = ${format(x1)} is right of x2 = ${format(x2)}.`;
  if (y1 > y2) return `The corners of ${name} are reversed: y1 = ${format(y1)} is below y2 = ${format(y2)}.`;
  return null;
}

/** What is wrong with each of both boxes, by its key. @type {(boxes: Boxes) => Problems} */
export function reversedCorners(boxes) {
  const [a, b] = [reversedBox(NAMES.a, boxes.a), reversedBox(NAMES.b, boxes.b)];
  return { ...(a && { a }), ...(b && { b }) };
}

/** The smallest round window from 0 that shows both boxes: {x, y, width, height}. @param {Boxes} boxes */
export function windowAround({ a, b }) {
  const need = Math.max(a[2], b[2], Math.max(a[3], b[3]) / HEIGHT_SHARE) * 1.04;
  const inside = WINDOWS.find((width) => width >= need) ?? Math.max(...WINDOWS);
  const width = inside * (1 + MARGIN);
  return { x: -inside * MARGIN, y: -inside * MARGIN, width, height: width * HEIGHT_SHARE };
}

/** Lines and numbers of the grid of a stage. @param {Stage} stage */
export function grid(stage) {
  const { view } = stage;
  const across = niceTicks(0, view.x + view.width, stage.width / 48);
  const step = across[1] - across[0];
  const down = across.length ? niceTicks(0, view.y + view.height, view.height / step) : [];
  const fits = (/** @type {number} */ x) => stage.px(x) + 3 + LETTER * format(x).length < stage.width;
  return [
    ...across.map((x) => line(stage.px(x), 0, stage.px(x), stage.height, { class: "pvg-grid" })),
    ...down.map((y) => line(0, stage.py(y), stage.width, stage.py(y), { class: "pvg-grid" })),
    ...across
      .slice(1)
      .filter(fits)
      .map((x) => words(stage.px(x) + 3, 12, format(x), { class: "pvg-tick" })),
    ...down.slice(1).map((y) => words(3, stage.py(y) - 3, format(y), { class: "pvg-tick" })),
  ];
}

/**
 * The box moved so that its upper left corner is at (x, y), kept within what its setting allows.
 * @type {(setting: Range, box: Box, x: number, y: number) => Box}
 */
export function movedTo(setting, box, x, y) {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  /** @type {(start: number, length: number) => number} */
  const place = (start, length) => clamp(roundTo(start, setting.step), setting.low, setting.high - length);
  const [left, top] = [place(x, width), place(y, height)];
  return [left, top, left + width, top + height];
}

/**
 * The box with one corner at (x, y), as far as the opposite corner allows.
 * @param {Box} box
 * @param {number[]} edges which two of it meet there
 * @param {{x: number, y: number}} to
 */
function cornerAt(box, [across, down], { x, y }) {
  const next = [...box];
  next[across] = across === 0 ? Math.min(x, box[2]) : Math.max(x, box[0]);
  next[down] = down === 1 ? Math.min(y, box[3]) : Math.max(y, box[1]);
  return next;
}

/** @type {(box: Box) => Area} */
function asArea([x1, y1, x2, y2]) {
  return { x1, y1, x2, y2 };
}

/**
 * A over B, unless B is the smaller one: then A leaves B free.
 * @type {(key: "a"|"b", boxes: Boxes) => Area & {hole?: Area}}
 */
function placeOf(key, { a, b }) {
  if (key === "b" || areaOf(a) <= areaOf(b)) return asArea(key === "a" ? a : b);
  const hole = asArea(sharedBox(a, b));
  return { ...asArea(a), hole: hole.x1 < hole.x2 && hole.y1 < hole.y2 ? hole : undefined };
}

/** @type {(state: State, key: string) => Box} */
const boxIn = (state, key) => /** @type {Box} */ (state[key]);

/**
 * Make both boxes draggable, as a whole and by their corners.
 * @param {Lesson<State & Common & Boxes, unknown>} lesson
 * @param {Stage} stage
 */
export function addBoxHandles(lesson, stage) {
  const step = () => Math.max(lesson.setting("a").step, Math.round(stage.view.width / 80));
  for (const key of ORDER)
    addWholeHandle(lesson, stage, {
      key,
      label: `Box ${NAMES[key]}`,
      step,
      place: (/** @type {Boxes} */ boxes) => placeOf(key, boxes),
    });
  for (const key of ORDER) addCornerHandles(lesson, stage, { key, label: NAMES[key], step });
}

/**
 * Make one box draggable as a whole.
 * @param {AnyLesson} lesson
 * @param {Stage} stage
 * @param {BoxOptions & {place?(state: State): Area}} options place, the area to grip, where it is not the box
 */
export function addWholeHandle(lesson, stage, { key, label, step, of = key, place }) {
  addHandle(lesson, stage, {
    label,
    of,
    step,
    place: place ?? ((state) => asArea(boxIn(state, key))),
    move: ({ x, y }, state) => ({
      [key]: movedTo(/** @type {NumbersSetting} */ (lesson.setting(key)), boxIn(state, key), x, y),
    }),
  });
}

/**
 * Make one box draggable by its corners.
 * @param {AnyLesson} lesson
 * @param {Stage} stage
 * @param {BoxOptions} options
 */
export function addCornerHandles(lesson, stage, { key, label, step, of = key }) {
  for (const { name, edges, cursor } of CORNERS) {
    addHandle(lesson, stage, {
      label: `${label}, ${name}`,
      of,
      step,
      cursor,
      place: (state) => ({ x: boxIn(state, key)[edges[0]], y: boxIn(state, key)[edges[1]] }),
      move: (to, state) => lesson.fit({ [key]: cornerAt(boxIn(state, key), edges, to) }),
    });
  }
}
