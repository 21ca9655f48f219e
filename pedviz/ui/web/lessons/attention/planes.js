/**
 * The vectors and what becomes of them as arrows, in two planes that show all four coordinates together.
 *
 * @import { Stage } from "../../charts/stage.js"
 * @import { How, Key, Lesson, State, Values } from "./values.js"
 * @typedef {[across: number, up: number]} Plane its axes
 */

import { make } from "../../base/dom.js";
import { clamp, format, roundTo } from "../../base/numbers.js";
import { arrow, line, svg, words } from "../../base/svg.js";
import { niceTicks } from "../../charts/axes.js";
import { addHandle } from "../../charts/handles.js";
import { createStage } from "../../charts/stage.js";
import { AXES, KEYS } from "./values.js";
import { written } from "./written.js";

/** @type {Plane[]} */
const PLANES = [
  [0, 1],
  [2, 3],
];
const WINDOWS = [2, 3, 4, 6, 8, 10]; // largest coordinate that is seen
const MARGIN = 1.12; // beyond the longest arrow
const BELOW = 0.24; // of the window left of and below 0, while nothing is negative
const NEAR = 1e-9;
const ROOM_FOR_A_NAME = 24; // pixels between a tip and the axis below it
const TICKS = 6;

/**
 * The window of both planes: from `low` to `high` in every axis.
 * @param {number[][]} vectors
 */
function windowOf(vectors) {
  const all = vectors.flat();
  const size = Math.max(...all.map(Math.abs)) * MARGIN;
  const high = WINDOWS.find((reach) => reach >= size) ?? size;
  return { low: all.some((value) => value < 0) ? -high : -high * BELOW, high };
}

/** @param {Stage} stage @param {{low: number, high: number}} view @param {Plane} plane */
function axes(stage, { low, high }, [across, up]) {
  const edge = (high - low) / TICKS / 2; // where a number would be cut off, or stand on the axis's name
  const ticks = niceTicks(low, high, TICKS).filter((tick) => tick !== 0 && tick < high - edge);
  const [x, y] = [stage.px(0), stage.py(0)];
  return [
    ...ticks.flatMap((tick) => [
      line(stage.px(tick), 0, stage.px(tick), stage.height, { class: "pvg-grid" }),
      line(0, stage.py(-tick), stage.width, stage.py(-tick), { class: "pvg-grid" }),
      words(stage.px(tick), y + 16, format(tick), { class: "pvg-tick pvl-halo", "text-anchor": "middle" }),
      words(x - 6, stage.py(-tick) + 4, format(tick), { class: "pvg-tick pvl-halo", "text-anchor": "end" }),
    ]),
    line(0, y, stage.width, y, { class: "pvg-zero" }),
    line(x, 0, x, stage.height, { class: "pvg-zero" }),
    words(stage.width - 14, y + 20, AXES[across], { class: "pvl-name", "text-anchor": "middle" }),
    words(x + 14, 20, AXES[up], { class: "pvl-name", "text-anchor": "middle" }),
  ];
}

/**
 * An arrow from 0 with its name at the tip; a name alone where it would have no length.
 * @param {Stage} stage
 * @param {number[]} tip
 * @param {{of: string, name: string, isOutput?: boolean, attributes?: Object<string, string>}} looks
 */
function vectorParts(stage, [x, y], { of, name, isOutput = false, attributes = {} }) {
  if (Math.hypot(x, y) < NEAR) return [];
  const [tipX, tipY] = [stage.px(x), stage.py(-y)];
  const side = x < 0 ? -1 : 1;
  const drop = isOutput && stage.py(0) - tipY > ROOM_FOR_A_NAME ? 18 : -9; // beside the vector that it is close to
  const shaft = arrow(stage.px(0), stage.py(0), tipX, tipY, { "data-of": of, ...attributes });
  return [
    ...(shaft ? [shaft] : []),
    words(tipX + 11 * side, tipY + drop, name, {
      "data-of": of,
      class: "pvl-halo",
      "text-anchor": side < 0 ? "end" : "start",
    }),
  ];
}

/**
 * Names of what has no share in this plane.
 * @param {Stage} stage
 * @param {Values["vectors"]} vectors
 * @param {Plane} axesOfPlane
 */
function atZero(stage, vectors, axesOfPlane) {
  const names = KEYS.filter((_, place) => axesOfPlane.every((axis) => Number(vectors[place][axis]) === 0));
  return names.length
    ? [words(stage.px(0) - 8, stage.py(0) + 32, `${names.join(", ")} at 0`, { class: "pvg-tick pvl-halo" })]
    : [];
}

/** @param {Stage} stage @param {State} state @param {Values} values @param {Plane} plane */
function drawPlane(stage, { how, alpha }, { vectors, outputs }, plane) {
  const view = windowOf(vectors.map((vector) => vector.map((value) => alpha * Number(value))));
  stage.view = { x: view.low, y: -view.high, width: view.high - view.low, height: view.high - view.low };
  const inPlane = (/** @type {NonNullable<Values["outputs"][How][number]>} */ vector) =>
    plane.map((axis) => alpha * Number(vector[axis])); // the axes are alpha long
  const looks = { isOutput: true, attributes: { class: "pvl-arrow pvl-att-output" } };
  const becomes = outputs[how].flatMap((output, place) =>
    output ? vectorParts(stage, inPlane(output), { of: KEYS[place], name: `y${place + 1}`, ...looks }) : [],
  );
  stage.draw([
    ...axes(stage, view, plane),
    ...atZero(stage, vectors, plane),
    ...vectors.flatMap((vector, place) => vectorParts(stage, inPlane(vector), { of: KEYS[place], name: KEYS[place] })),
    svg("g", { "data-answer": "any" }, ...becomes),
  ]);
}

/**
 * What screen readers say instead of the figure.
 * @param {State} state
 * @param {Values} values
 */
export function describe({ alpha, how, ask }, { vectors, weights }) {
  /** @type {(vector: Values["vectors"][number], place: number) => string} */
  const named = (vector, place) => `${KEYS[place]} = (${vector.map((value) => written(value)).join(", ")})`;
  const what = `Three vectors with α = ${format(alpha, 2)}: ` + `${vectors.map(named).join("; ")}.`;
  if (ask) return what;
  const rows = weights[how].map(
    (row, place) =>
      `${KEYS[place]} ${row ? `has the weights ${row.map((weight) => written(weight)).join(", ")}` : "has no weights"}`,
  );
  return `${what} With ${how} weights ${rows.join("; ")}.`;
}

/** @param {Lesson} lesson @param {Stage} stage @param {{key: Key, plane: Plane}} options */
function addTip(lesson, stage, { key, plane }) {
  const { step, low, high } = lesson.setting(key);
  const fit = (/** @type {number} */ value) => clamp(roundTo(value, step), low, high);
  const [across, up] = plane;
  addHandle(lesson, stage, {
    label: `${key} in the plane of ${AXES[across]} and ${AXES[up]}`,
    of: key,
    step: ({ alpha }) => alpha * step,
    place: (state) => ({ x: state.alpha * state[key][across], y: -state.alpha * state[key][up] }),
    move: ({ x, y }, state) => ({
      [key]: state[key].with(across, fit(x / state.alpha)).with(up, fit(-y / state.alpha)),
    }),
  });
}

/**
 * Both planes side by side, with a handle at every tip.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addPlanes(lesson, host) {
  const panels = make("div", { class: "pvl-panels" });
  host.append(panels);
  const stages = PLANES.map((plane) => {
    const label = `The vectors in the plane of ${plane.map((axis) => AXES[axis]).join(" and ")}`;
    const stage = createStage(lesson, panels.appendChild(make("div")), { label, heightFor: (width) => width });
    lesson.onDraw((state, values) => drawPlane(stage, state, values, plane));
    return stage;
  });
  lesson.onDraw((state, values) => stages[0].describe(describe(state, values)));
  stages.forEach((stage, index) => KEYS.forEach((key) => addTip(lesson, stage, { key, plane: PLANES[index] })));
}
