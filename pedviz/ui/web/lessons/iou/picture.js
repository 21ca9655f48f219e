/** The figure of the IoU lesson: two boxes, what they share, what they cover, and where descent pushes. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { State, Values } from "./derive.js"
 */

import { format } from "../../base/numbers.js";
import { arrow, line, svg, words } from "../../base/svg.js";
import { grid, NAMES } from "../kit/draggable_boxes.js";

const LONGEST_ARROW = 0.15; // of the figure's width
const OFF_MIDDLE = 0.3; // of a side, so that labels and arrows do not meet
const ROOM = 26; // pixels that a label needs

/** @param {Stage} stage @param {Box} box */
function corners(stage, [x1, y1, x2, y2]) {
  return `M${stage.px(x1)},${stage.py(y1)}H${stage.px(x2)}V${stage.py(y2)}H${stage.px(x1)}Z`;
}

/** @param {Stage} stage @param {State} state */
function union(stage, { a, b }) {
  return svg("path", { class: "pvl-union", "data-of": "union", d: corners(stage, a) + corners(stage, b) });
}

/** @param {Stage} stage @param {"a"|"b"} key @param {Box} edges */
function box(stage, key, edges) {
  const [x, y, anchor] =
    key === "a"
      ? [stage.px(edges[0]) + 12, stage.py(edges[1]) + 24, "start"]
      : [stage.px(edges[2]) - 12, stage.py(edges[3]) - 12, "end"];
  const label = words(x, y, NAMES[key], { "data-of": key, class: "pvl-name pvl-halo", "text-anchor": anchor });
  return [stage.rectangle(edges, { class: `pvl-box pvl-box-${key}`, "data-of": key }), label];
}

function hatch() {
  const pattern = svg(
    "pattern",
    { id: "pvl-hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    line(0, 0, 0, 8, { class: "pvl-hatch" }),
  );
  return svg("defs", {}, pattern);
}

/**
 * What both share, with its width and height where there is room for them.
 * @param {Stage} stage
 * @param {Values} values
 */
function intersection(stage, { shared }) {
  if (!shared) return [];
  const [x1, y1, x2, y2] = shared;
  const [left, right, top, bottom] = [stage.px(x1), stage.px(x2), stage.py(y1), stage.py(y2)];
  const [across, down] = [left + (right - left) * OFF_MIDDLE, top + (bottom - top) * OFF_MIDDLE];
  const label = { "data-of": "inter", "data-answer": "inter", class: "pvl-halo", "text-anchor": "middle" };
  /** @type {SVGElement[]} */
  const parts = [stage.rectangle(shared, { class: "pvl-inter", "data-of": "inter", fill: "url(#pvl-hatch)" })];
  if (right - left > ROOM) parts.push(words(across, bottom - 7, format(x2 - x1, 2), label));
  if (bottom - top > ROOM * 1.6)
    parts.push(words(left + 7, down + 5, format(y2 - y1, 2), { ...label, "text-anchor": "start" }));
  return parts;
}

/** @param {Stage} stage @param {Box} edges */
function enclosing(stage, edges) {
  const label = words(stage.px(edges[2]) - 8, stage.py(edges[1]) + 20, "C", {
    "data-of": "enclosing",
    class: "pvl-name pvl-halo",
    "text-anchor": "end",
  });
  return [stage.rectangle(edges, { class: "pvl-enclosing", "data-of": "enclosing" }), label];
}

/** @param {Stage} stage @param {State} state @param {Box} enclosing */
function centres(stage, { a, b }, [x1, y1, x2, y2]) {
  const places = [a, b].map((edges) => [stage.px((edges[0] + edges[2]) / 2), stage.py((edges[1] + edges[3]) / 2)]);
  const [[ax, ay], [bx, by]] = places;
  return [
    line(stage.px(x1), stage.py(y1), stage.px(x2), stage.py(y2), { class: "pvl-diagonal", "data-of": "enclosing" }),
    line(ax, ay, bx, by, { class: "pvl-distance", "data-of": "centre" }),
    ...places.map(([cx, cy]) => svg("circle", { cx, cy, r: 4, class: "pvl-centre", "data-of": "centre" })),
  ];
}

/**
 * The middles of the four edges of A, and along which axis each moves.
 * @param {Box} box
 */
function edgePlaces([x1, y1, x2, y2]) {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [
    [x1, y, 1, 0],
    [x, y1, 0, 1],
    [x2, y, 1, 0],
    [x, y2, 0, 1],
  ];
}

/**
 * At each edge of A an arrow down the gradient, and a ring where the gradient has two values.
 * @param {Stage} stage
 * @param {State} state
 * @param {Values} values
 */
function slopes(stage, { a, loss }, { gradients, kinked }) {
  const gradient = gradients[loss];
  const longest = Math.max(...gradient.map(Math.abs));
  const pixels = longest ? (LONGEST_ARROW * stage.width) / longest : 0;
  return edgePlaces(a).flatMap(([x, y, alongX, alongY], edge) => {
    const [px, py] = [stage.px(x), stage.py(y)];
    const push = -gradient[edge] * pixels;
    const shaft = arrow(px, py, px + alongX * push, py + alongY * push, { "data-of": "slope" });
    const ring = kinked[loss][edge]
      ? svg("circle", { cx: px, cy: py, r: 7, class: "pvl-kink", "data-of": "slope" })
      : null;
    return [shaft, ring];
  });
}

/**
 * Everything in the figure but the handles.
 * @param {Stage} stage
 * @param {State} state
 * @param {Values} values
 */
export function drawBoxes(stage, state, values) {
  const extras = state.loss === "iou" ? [] : enclosing(stage, values.enclosing);
  const lines = ["diou", "ciou"].includes(state.loss) ? centres(stage, state, values.enclosing) : [];
  stage.draw([
    hatch(),
    ...grid(stage),
    union(stage, state),
    ...extras,
    ...box(stage, "b", state.b),
    ...box(stage, "a", state.a),
    ...intersection(stage, values),
    ...lines,
    ...slopes(stage, state, values),
  ]);
}
