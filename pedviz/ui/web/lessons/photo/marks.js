/**
 * What each stage draws over the photo, as SVG: boxes, anchors, padding, and the words beside them.
 *
 * @import { Stage } from "../../charts/stage.js"
 * @import { Trace } from "../kit/trace.js"
 * @import { Ready, State } from "./values.js"
 * @typedef {number[]|Float32Array} Edges x1, y1, x2, y2 in pixels of the photo
 * @typedef {(stage: Stage, state: State, values: Ready, pointed: number|null) => SVGElement[]} Marks
 */

import { boxOf } from "../../base/decode.js";
import { line, svg, words } from "../../base/svg.js";
import { anchorGrid } from "../../maths/anchors.js";
import { expandedBox } from "../../maths/masks.js";
import { overlap } from "./values.js";

const HATCH_PIXELS = 9;
const [TAG_WIDTH, TAG_HEIGHT] = [70, 20];

/** @param {Stage} stage @param {Edges} edges */
function place(stage, [x1, y1, x2, y2]) {
  const [x, y] = [stage.px(x1), stage.py(y1)];
  return { x, y, width: Math.max(stage.px(x2) - x, 0), height: Math.max(stage.py(y2) - y, 0) };
}

/**
 * A box that stays readable on any photo: a wider line in the page's colour lies below it.
 * @param {Stage} stage
 * @param {Edges} edges
 * @param {{of: string, kind?: string, title?: string}} looks
 */
function box(stage, edges, { of, kind = "", title = "" }) {
  const shape = place(stage, edges);
  const upper = svg("rect", { ...shape, class: `pvl-photo-box ${kind}`, "data-of": of });
  if (title) upper.append(svg("title", {}, title));
  return [svg("rect", { ...shape, class: `pvl-photo-halo ${kind}` }), upper];
}

/**
 * Many boxes of one kind as two paths, which is quicker to draw than two shapes a box.
 * @param {Stage} stage
 * @param {Edges[]} all
 * @param {{of: string, kind: string}} looks
 */
function boxes(stage, all, { of, kind }) {
  const outline = all
    .map((edges) => {
      const { x, y, width, height } = place(stage, edges);
      return `M${x},${y}h${width}v${height}h${-width}z`;
    })
    .join("");
  return [
    svg("path", { d: outline, class: `pvl-photo-halo ${kind}` }),
    svg("path", { d: outline, class: `pvl-photo-box ${kind}`, "data-of": of }),
  ];
}

/**
 * Words at the upper left corner of a box, kept within the stage and below those in `taken`.
 * @param {Stage} stage
 * @param {Edges} edges
 * @param {string} text
 * @param {{of: string, taken?: {x: number, y: number}[]}} options
 */
function tag(stage, edges, text, { of, taken = [] }) {
  const x = Math.max(stage.px(edges[0]), 2) + 4;
  let y = Math.max(stage.py(edges[1]), TAG_HEIGHT) - 5;
  const covered = (/** @type {{x: number, y: number}} */ other) =>
    Math.abs(other.x - x) < TAG_WIDTH && Math.abs(other.y - y) < TAG_HEIGHT;
  while (taken.some(covered)) y += TAG_HEIGHT;
  taken.push({ x, y });
  return words(x, y, text, { class: "pvl-halo pvl-photo-tag", "data-of": of });
}

/**
 * A tag with its number and score for each of some candidates.
 * @param {Stage} stage
 * @param {Trace} trace
 * @param {number[]} ids
 */
function tags(stage, trace, ids) {
  /** @type {{x: number, y: number}[]} */
  const taken = [];
  return ids.map((id) => tag(stage, boxOf(trace.detections, id), named(trace, id), { of: "kept", taken }));
}

/** @param {Trace} trace @param {number} id */
const named = ({ detections }, id) => `${id + 1} · ${detections.scores[id].toFixed(2)}`;

/**
 * @param {Stage} stage
 * @param {number[]} edges
 * @param {string} of
 */
function hatched(stage, [x1, y1, x2, y2], of) {
  const shape = place(stage, [x1, y1, x2, y2]);
  if (!shape.width || !shape.height) return [];
  const lines = [];
  for (let at = -shape.height; at < shape.width; at += HATCH_PIXELS) {
    const [from, to] = [Math.max(at, 0), Math.min(at + shape.height, shape.width)];
    lines.push(
      line(shape.x + from, shape.y + from - at, shape.x + to, shape.y + to - at, { class: "pvl-photo-hatch" }),
    );
  }
  return [svg("g", { "data-of": of }, svg("rect", { ...shape, class: "pvl-photo-hatched" }), ...lines)];
}

/** @type {Marks} */
function input(stage, _, { trace: { resized, padded } }) {
  const [height, width] = resized;
  return [
    ...hatched(stage, [width, 0, padded[1], height], "pad"),
    ...hatched(stage, [0, height, padded[1], padded[0]], "pad"),
    ...box(stage, [0, 0, width, height], { of: "net" }),
    ...box(stage, [0, 0, padded[1], padded[0]], { of: "pad", kind: "pvl-dashed" }),
    words(stage.px(0) + 10, stage.py(height) - 10, `${width} × ${height}`, {
      class: "pvl-halo pvl-photo-tag",
      "data-of": "net",
      "data-answer": "size",
    }),
  ];
}

/**
 * The anchors of the cell in the middle of the chosen level, in pixels of the photo.
 * @param {Ready} values
 */
function middleAnchors({ trace, level }) {
  const { padded, resized, photo, ratios } = trace;
  const [rows, columns] = level.grid;
  const stride = [Math.floor(padded[0] / rows), Math.floor(padded[1] / columns)]; // as torchvision takes them
  const [row, column] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const scale = [photo.width / resized[1], photo.height / resized[0]];
  const shift = [column * stride[1], row * stride[0]];
  return anchorGrid([1, 1], { stride, sides: level.sides, ratios }).map((edges) =>
    edges.map((edge, k) => (edge + shift[k % 2]) * scale[k % 2]),
  );
}

/** @type {Marks} */
function proposals(stage, state, values) {
  const { boxes: corners, scores } = values.trace.proposals;
  const places = Array.from({ length: values.proposals }, (_, place) => place).reverse();
  const anchors = state.anchors ? middleAnchors(values) : [];
  return [
    ...places.flatMap((i) =>
      box(stage, corners.subarray(4 * i, 4 * i + 4), {
        of: "proposal",
        kind: i ? "pvl-thin" : "",
        title: `Proposal ${i + 1}, score ${scores[i].toFixed(3)}`,
      }),
    ),
    ...anchors.flatMap((edges) => box(stage, edges, { of: "anchor", kind: "pvl-dashed" })),
  ];
}

/** @type {Marks} */
function candidates(stage, _, { trace, fates, chosen }) {
  const { detections } = trace;
  const above = fates.kept.length + fates.gone.length;
  const below = Array.from({ length: detections.count - above }, (_, place) => above + place);
  const strong = Array.from({ length: above }, (_, id) => id).reverse();
  return [
    ...boxes(
      stage,
      below.map((id) => boxOf(detections, id)),
      { of: "below", kind: "pvl-faint pvl-dashed" },
    ),
    ...strong.flatMap((id) =>
      box(stage, boxOf(detections, id), {
        of: "candidate",
        kind: id === chosen ? "" : "pvl-thin",
        title: named(trace, id),
      }),
    ),
    ...(chosen === null ? [] : [tag(stage, boxOf(detections, chosen), named(trace, chosen), { of: "candidate" })]),
  ];
}

/** @type {Marks} */
function suppression(stage, _, { trace, fates, chosen }, pointed) {
  const { detections } = trace;
  const id = pointed ?? chosen;
  const reason = fates.gone.find((one) => one.id === id);
  const others = fates.gone.filter((one) => one.id !== id).reverse();
  const parts = [
    ...boxes(
      stage,
      others.map((one) => boxOf(detections, one.id)),
      { of: "gone", kind: "pvl-faint pvl-dashed" },
    ),
    ...fates.kept
      .toReversed()
      .flatMap((kept) => box(stage, boxOf(detections, kept), { of: "kept", kind: reason ? "pvl-thin" : "" })),
  ];
  if (!reason) return [...parts, ...tags(stage, trace, fates.kept)];
  const [lost, better] = [boxOf(detections, reason.id), boxOf(detections, reason.by)];
  const { shared } = overlap(lost, better);
  return [
    ...parts,
    ...hatched(stage, shared, "inter"),
    ...box(stage, better, { of: "kept" }),
    ...box(stage, lost, { of: "gone", kind: "pvl-dashed" }),
    tag(stage, better, `kept: ${named(trace, reason.by)}`, { of: "kept" }),
    words(Math.max(stage.px(lost[0]), 2) + 6, stage.py(lost[3]) - 8, `removed: ${named(trace, reason.id)}`, {
      class: "pvl-halo pvl-photo-tag",
      "data-of": "gone",
    }),
  ];
}

/** @type {Marks} */
function mask(stage, _, { trace, person }) {
  if (person.id === null) return [];
  const [x1, y1, x2, y2] = expandedBox(person.box);
  return [
    ...box(stage, [x1, y1, x2 + 1, y2 + 1], { of: "window", kind: "pvl-thin pvl-dashed" }),
    ...box(stage, person.box, { of: "kept" }),
    ...tags(stage, trace, [person.id]),
  ];
}

/** @type {Marks} */
function result(stage, _, { trace, people }) {
  return [
    ...people.toReversed().flatMap((id) => box(stage, boxOf(trace.detections, id), { of: "kept" })),
    ...tags(stage, trace, people),
  ];
}

/** @type {Marks[]} */
const STAGES = [input, () => [], proposals, candidates, suppression, mask, result];

/**
 * Everything that the present stage draws over the photo; `pointed` is the candidate that the table points at.
 * @type {Marks}
 */
export function stageMarks(stage, state, values, pointed) {
  return [svg("title", {}, "The photo"), ...STAGES[state.step - 1](stage, state, values, pointed)];
}
