/** Figures of the 8 x 8 map: cells with their values, bins, sample points, and small maps of gradients. */

/**
 * @import { Stage } from "../../charts/stage.js"
 * @import { Pooled } from "../../maths/roi.js"
 * @import { RoiLesson, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { format } from "../../base/numbers.js";
import { patchChildren } from "../../base/patch.js";
import { line, svg, words } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";
import { SIDE } from "./values.js";

const MARGIN = 0.3; // cells around the map
const SMALL = 460; // pixels below which values are written small
const VIEW = { x: -MARGIN, y: -MARGIN, width: SIDE + 2 * MARGIN, height: SIDE + 2 * MARGIN };

/**
 * A stage of the whole map.
 * @param {RoiLesson} lesson
 * @param {HTMLElement} host
 * @param {string} label
 */
export function mapStage(lesson, host, label) {
  const stage = createStage(lesson, host, { label, heightFor: (width) => Math.min(width, 620) });
  const fit = () => {
    // a square in the middle of what may be wider
    const wide = (VIEW.height * stage.width) / stage.height;
    stage.view = { ...VIEW, x: VIEW.x - (wide - VIEW.width) / 2, width: wide };
  };
  return { stage, fit };
}

/**
 * Every cell, tinted by its value, with the value in its middle. Cells stay while the region moves over them: only
 * those whose value has changed are touched.
 * @param {Stage} stage
 * @returns {(map: number[][]) => SVGElement} what to draw
 */
export function createCells(stage) {
  const group = svg("g", {});
  let laidOut = ""; // size of the stage for which the cells have their places
  /** @type {[SVGRectElement, SVGTextElement][]} */
  let nodes = [];
  /** @type {{value: number, share: string}[]} */
  let shown = []; // value and share of each cell
  function layOut() {
    const size = stage.width < SMALL ? "pvl-roi-value pvl-roi-tight" : "pvl-roi-value";
    nodes = Array.from({ length: SIDE * SIDE }, (_, cell) => {
      const [x, y] = [cell % SIDE, Math.floor(cell / SIDE)];
      return [
        stage.rectangle([x, y, x + 1, y + 1], { class: "pvl-roi-cell" }),
        words(stage.px(x + 0.5), stage.py(y + 0.5) + 5, "", { class: size, "text-anchor": "middle" }),
      ];
    });
    group.replaceChildren(...nodes.flat());
    shown = [];
  }
  return (map) => {
    const place = `${stage.width} ${stage.height}`;
    if (place !== laidOut) layOut();
    laidOut = place;
    const all = map.flat();
    const [low, high] = [Math.min(...all), Math.max(...all)];
    all.forEach((value, cell) => {
      const share = `${high > low ? Math.round((100 * (value - low)) / (high - low)) : 0}%`;
      if (shown[cell]?.value === value && shown[cell].share === share) return;
      shown[cell] = { value, share };
      nodes[cell][0].style.setProperty("--share", share);
      nodes[cell][1].textContent = format(value, 2);
    });
    return group;
  };
}

/**
 * Bins of RoIPool as rectangles, and a ring around each maximum.
 * @param {Stage} stage
 * @param {Pooled} pooled
 */
export function poolParts(stage, { bins, cells }) {
  const ring = (/** @type {number} */ cell) =>
    svg("circle", {
      cx: stage.px((cell % SIDE) + 0.5),
      cy: stage.py(Math.floor(cell / SIDE) + 0.5),
      r: stage.length(0.42),
      class: "pvl-roi-max",
      "data-of": "max",
      "data-answer": "pool",
    });
  const boxes = bins.rows.flatMap(([top, bottom], p) =>
    bins.columns.map(([left, right], q) => {
      const inset = top < bottom && left < right ? ((p + q) % 2) * 0.05 : 0; // so that bins that overlap are told apart
      return stage.rectangle([left + inset, top + inset, right - inset, bottom - inset], {
        class: "pvl-roi-bin",
        "data-of": "bin",
      });
    }),
  );
  return [
    stage.rectangle(bins.region, { class: "pvl-roi-whole", "data-of": "whole" }),
    ...boxes,
    ...[...new Set(cells.flat().filter((cell) => cell >= 0))].map(ring),
  ];
}

/**
 * Lines from the chosen sample point to the cells that it is read from.
 * @param {Stage} stage
 * @param {Values} values
 */
function links(stage, { chosen, point }) {
  if (!chosen || !point) return [];
  const [x, y] = [stage.px(chosen.x + 0.5), stage.py(chosen.y + 0.5)];
  const link = (/** @type {number} */ row, /** @type {number} */ column) =>
    line(x, y, stage.px(column + 0.5), stage.py(row + 0.5), { class: "pvl-roi-link", "data-of": "weight" });
  return point.rows.flatMap((row, r) =>
    point.columns.flatMap((column, c) => (point.weights[r][c] > 0 ? [link(row, column)] : [])),
  );
}

/**
 * The bins that RoIAlign reads, as lines through the region.
 * @param {Stage} stage
 * @param {Values} values
 * @param {State} state
 */
export function alignParts(stage, values, { half }) {
  const { aligned, samples, chosen } = values;
  const { grid } = aligned;
  const shift = half ? 0 : 0.5; // where a value is drawn is not where it is read, unless aligned
  const [x1, y1, x2, y2] = grid.region.map((edge) => edge + 0.5);
  /** @type {(low: number, high: number) => number[]} */
  const cut = (low, high) => grid.xs.map((_, place) => low + (place * (high - low)) / grid.xs.length).slice(1);
  const dots = samples.map((sample) =>
    svg("circle", {
      cx: stage.px(sample.x + 0.5),
      cy: stage.py(sample.y + 0.5),
      r: sample === chosen ? 7 : 4,
      "data-of": "sample",
      class: sample === chosen ? "pvl-point pvl-roi-chosen" : sample.share ? "pvl-point" : "pvl-point pvl-faint",
    }),
  );
  return [
    shift ? stage.rectangle([x1, y1, x2, y2], { class: "pvl-roi-whole", "data-of": "whole" }) : null,
    ...cut(x1, x2).map((x) =>
      line(stage.px(x), stage.py(y1), stage.px(x), stage.py(y2), { class: "pvl-roi-cut", "data-of": "bin" }),
    ),
    ...cut(y1, y2).map((y) =>
      line(stage.px(x1), stage.py(y), stage.px(x2), stage.py(y), { class: "pvl-roi-cut", "data-of": "bin" }),
    ),
    ...links(stage, values),
    ...dots,
  ];
}

/**
 * A table of outputs, P x Q, each a live number.
 * @param {HTMLElement} host
 * @param {{label: string, of: string, keyOf?: (row: number, column: number) => string}} options
 * @returns {(values: number[][]) => void} fills it
 */
export function outputTable(host, { label, of, keyOf = () => "any" }) {
  const body = make("tbody");
  host.append(make("table", { class: "pvl-table pvl-roi-output", "data-of": of }, make("caption", {}, label), body));
  return (values) =>
    patchChildren(
      body,
      values.map((row, p) =>
        make("tr", {}, ...row.map((value, q) => make("td", { "data-answer": keyOf(p, q) }, format(value, 3)))),
      ),
    );
}

/**
 * A small map of how much gradient each cell gets.
 * @param {RoiLesson} lesson
 * @param {HTMLElement} host
 * @param {{label: string, valuesOf: (values: Values) => number[][]}} options
 */
export function gradientPicture(lesson, host, { label, valuesOf }) {
  const figure = make("figure", { class: "pvl-panel" }, make("figcaption", {}, label));
  host.append(figure);
  const { stage, fit } = mapStage(lesson, figure, label);
  const cells = createCells(stage);
  const all = svg("g", { "data-answer": "any" }); // where it is not 0 are the maxima
  lesson.onDraw((state, values) => {
    fit();
    const gradient = valuesOf(values);
    const filled = gradient.flat().filter((value) => value > 0);
    const map = cells(gradient);
    if (map.parentNode !== all) all.append(map);
    stage.draw([all]);
    const sum = filled.reduce((total, value) => total + value, 0);
    stage.describe(
      `${label}: ` +
        (state.ask
          ? ""
          : `${filled.length} of ${SIDE * SIDE} cells get something, at most ` +
            `${format(Math.max(0, ...filled), 3)}, together ${format(sum, 3)}.`),
    );
  }, host);
}
