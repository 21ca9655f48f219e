/** The two boxes of the IoU lesson as things to drag, and the window in which they are seen. */

import { areaOf } from "../../base/boxes.js";
import { clamp, format, roundTo } from "../../base/numbers.js";
import { line, words } from "../../base/svg.js";
import { niceTicks } from "../../charts/axes.js";
import { addHandle } from "../../charts/handles.js";

export const NAMES = { a: "A", b: "B" };
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

/** A sentence for a box whose corners are the wrong way round, else null. */
export function reversedBox(name, [x1, y1, x2, y2]) {
  if (x1 > x2) return `The corners of ${name} are reversed: x1 = ${format(x1)} is right of x2 = ${format(x2)}.`;
  if (y1 > y2) return `The corners of ${name} are reversed: y1 = ${format(y1)} is below y2 = ${format(y2)}.`;
  return null;
}

/** What is wrong with each of both boxes, by its key. */
export function reversedCorners(state) {
  const found = Object.entries(NAMES).map(([key, name]) => [key, reversedBox(name, state[key])]);
  return Object.fromEntries(found.filter(([, problem]) => problem));
}

/** The smallest round window from 0 that shows both boxes: {x, y, width, height}. */
export function windowAround({ a, b }) {
  const need = Math.max(a[2], b[2], Math.max(a[3], b[3]) / HEIGHT_SHARE) * 1.04;
  const inside = WINDOWS.find((width) => width >= need) ?? Math.max(...WINDOWS);
  const width = inside * (1 + MARGIN);
  return { x: -inside * MARGIN, y: -inside * MARGIN, width, height: width * HEIGHT_SHARE };
}

/** Lines and numbers of the grid of a stage. */
export function grid(stage) {
  const { view } = stage;
  const across = niceTicks(0, view.x + view.width, stage.width / 48);
  const step = across[1] - across[0];
  const down = across.length ? niceTicks(0, view.y + view.height, view.height / step) : [];
  const fits = (x) => stage.px(x) + 3 + LETTER * format(x).length < stage.width;
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

/** The box moved so that its upper left corner is at (x, y), kept within what its setting allows. */
export function movedTo(setting, box, x, y) {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  const place = (start, length) => clamp(roundTo(start, setting.step), setting.low, setting.high - length);
  const [left, top] = [place(x, width), place(y, height)];
  return [left, top, left + width, top + height];
}

/**
 * The box with one corner at (x, y), as far as the opposite corner allows.
 * @param {number[]} box
 * @param {number[]} edges which two of it meet there
 * @param {{x: number, y: number}} to
 */
function cornerAt(box, [across, down], { x, y }) {
  const next = [...box];
  next[across] = across === 0 ? Math.min(x, box[2]) : Math.max(x, box[0]);
  next[down] = down === 1 ? Math.min(y, box[3]) : Math.max(y, box[1]);
  return next;
}

function asArea([x1, y1, x2, y2]) {
  return { x1, y1, x2, y2 };
}

function shared(a, b) {
  return { x1: Math.max(a[0], b[0]), y1: Math.max(a[1], b[1]), x2: Math.min(a[2], b[2]), y2: Math.min(a[3], b[3]) };
}

/** A over B, unless B is the smaller one: then A leaves B free. */
function placeOf(key, { a, b }) {
  if (key === "b" || areaOf(a) <= areaOf(b)) return asArea(key === "a" ? a : b);
  const hole = shared(a, b);
  return { ...asArea(a), hole: hole.x1 < hole.x2 && hole.y1 < hole.y2 ? hole : null };
}

/**
 * Make both boxes draggable, as a whole and by their corners.
 * @param {Object} lesson
 * @param {Object} stage
 */
export function addBoxHandles(lesson, stage) {
  const step = () => Math.max(lesson.setting("a").step, Math.round(stage.view.width / 80));
  for (const key of ["b", "a"])
    addWholeHandle(lesson, stage, { key, label: `Box ${NAMES[key]}`, step, place: (state) => placeOf(key, state) });
  for (const key of ["b", "a"]) addCornerHandles(lesson, stage, { key, label: NAMES[key], step });
}

/**
 * Make one box draggable as a whole.
 * @param {Object} lesson
 * @param {Object} stage
 * @param {Object} options `key` of its setting, `label`, `step` as of a handle; `of`, the thing that gives its colour,
 *   and `place`, the area to grip, where they are not the key and the box
 */
export function addWholeHandle(lesson, stage, { key, label, step, of = key, place }) {
  addHandle(lesson, stage, {
    label,
    of,
    step,
    place: place ?? ((state) => asArea(state[key])),
    move: ({ x, y }, state) => ({ [key]: movedTo(lesson.setting(key), state[key], x, y) }),
  });
}

/** Make one box draggable by its corners; options as of addWholeHandle. */
export function addCornerHandles(lesson, stage, { key, label, step, of = key }) {
  for (const { name, edges, cursor } of CORNERS) {
    addHandle(lesson, stage, {
      label: `${label}, ${name}`,
      of,
      step,
      cursor,
      place: (state) => ({ x: state[key][edges[0]], y: state[key][edges[1]] }),
      move: (to, state) => lesson.fit({ [key]: cornerAt(state[key], edges, to) }),
    });
  }
}
