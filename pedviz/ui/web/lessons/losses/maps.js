/** The mask loss over whole maps: a truth and two class maps to paint, and what each cell costs. */

/**
 * @import { Section } from "../kit/frame.js"
 * @import { LossesLesson, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { format } from "../../base/numbers.js";
import { competingMaskLoss, maskLoss } from "../../maths/losses.js";
import { addPaintGrid } from "../kit/cell_grid.js";
import { packCells, SIDE, unpackCells } from "../kit/cells.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { HEAT_GRADIENT, paintHeat } from "../kit/heat.js";
import { blank, number, row, text } from "../kit/mathml.js";

/** @typedef {"mt"|"mp"|"mo"} MapKey */

const TRUE_CLASS = 1; // of background, person, bicycle
const TOP = 255;
/** @type {["alone"|"shared", string][]} */
const SHARES = [
  ["alone", "Sigmoid, cell by cell"],
  ["shared", "Softmax, cell by cell"],
];

/** @type {(cells: Uint8Array, value: (bit: number) => number) => number[][]} */
const asRows = (cells, value) =>
  Array.from({ length: SIDE }, (_, i) => Array.from({ length: SIDE }, (_, j) => value(cells[i * SIDE + j])));

/**
 * Both losses of three painted maps: `cells` of each map, and `alone` and `shared` as maskLoss gives them.
 * @param {Record<MapKey, string> & {sure: number}} state
 */
export function mapLosses({ mt, mp, mo, sure }) {
  const cells = { mt: unpackCells(mt), mp: unpackCells(mp), mo: unpackCells(mo) };
  const map = (/** @type {MapKey} */ key) => asRows(cells[key], (bit) => (bit ? sure : -sure));
  const logits = [asRows(cells.mt, () => 0), map("mp"), map("mo")];
  const target = asRows(cells.mt, Number);
  const how = { trueClass: TRUE_CLASS };
  return { cells, alone: maskLoss(logits, target, how), shared: competingMaskLoss(logits, target, how) };
}

/** @type {(first: Uint8Array, second: Uint8Array) => number} */
export const differing = (first, second) => first.reduce((count, bit, cell) => count + Number(bit !== second[cell]), 0);

/**
 * @param {LossesLesson} lesson
 * @param {HTMLElement} host
 * @param {{label: string, key: (state: Pick<State, "brush">) => MapKey,
 *   describe: (state: State, values: Values) => string}} options `key`, the map that is painted
 */
function addGrid(lesson, host, { label, key, describe }) {
  const figure = make("figure", { class: "pvl-panel" }, make("figcaption", {}, label));
  host.append(figure);
  const painted = (/** @type {State} */ state) => lesson.values().maps.cells[key(state)];
  addPaintGrid(lesson, figure, {
    label,
    side: SIDE,
    look: () => {
      const { cells } = lesson.values().maps;
      const other = key({ brush: "mp" });
      return cells.mt.map((bit, cell) => bit + 2 * cells[other][cell]);
    },
    isPainted: (cell, state) => painted(state)[cell] === 1,
    paint: (cell, on, state) => ({ [key(state)]: packCells(painted(state).with(cell, Number(on))) }),
    describe,
  });
}

/**
 * One loss of every cell, from 0 to its own largest, so that it stays as it is whatever the other loss does.
 * @param {LossesLesson} lesson
 * @param {HTMLElement} host
 * @param {typeof SHARES[number]} share
 */
function addCost(lesson, host, [key, title]) {
  const canvas = make("canvas", { role: "img", class: "pvl-map" });
  const most = make("output", { "data-answer": "any" });
  host.append(
    make(
      "figure",
      { class: "pvl-panel" },
      make("figcaption", {}, title),
      make("div", { class: "pvl-map-frame", "data-answer": "any" }, canvas),
      make(
        "p",
        { class: "pvl-photo-scale" },
        "0",
        make("span", { style: `background: ${HEAT_GRADIENT}`, "aria-hidden": "true" }),
        most,
      ),
    ),
  );
  lesson.onDraw(
    whenChanged(
      ({ ask }, { maps }) => [ask, maps],
      ({ ask }, { maps }) => {
        const { cells, value } = maps[key];
        const losses = cells.flat();
        const largest = Math.max(...losses);
        paintHeat(canvas, {
          pixels: Uint8Array.from(losses, (loss) => Math.round((TOP * loss) / largest)),
          columns: SIDE,
          rows: SIDE,
        });
        most.textContent = format(largest);
        canvas.setAttribute("aria-label", ask ? title : `${title}: mean ${format(value)}, at most ${format(largest)}.`);
      },
    ),
    host,
  );
}

/**
 * @param {LossesLesson} lesson
 * @param {Section} section
 */
export function addMaps(lesson, { text: words, figure }) {
  const [grids, costs] = [make("div", { class: "pvl-panels pvl-pair" }), make("div", { class: "pvl-panels pvl-pair" })];
  lesson.addPresets(figure, "maps");
  addField(lesson, figure, "brush", { things: { mt: "log", mp: "none" } });
  figure.append(grids, costs);
  const count = (/** @type {Values} */ { maps: { cells } }) => differing(cells.mt, cells.mp);
  addGrid(lesson, grids, {
    label: "The ground truth (blue) and the person map (orange); green: both",
    key: ({ brush }) => brush,
    describe: (_, values) =>
      `The person map differs from the ground truth in ${count(values)} of ${SIDE * SIDE} cells.`,
  });
  addGrid(lesson, grids, {
    label: "The ground truth (blue) and the bicycle map (orange), painted here",
    key: () => "mo",
    describe: (_, { maps: { cells } }) =>
      `The bicycle map claims ${cells.mo.reduce((sum, bit) => sum + bit, 0)} cells.`,
  });
  for (const share of SHARES) addCost(lesson, costs, share);
  addField(lesson, words, "sure", { of: "cell" });
  /** @param {ReturnType<typeof maskLoss>} loss */
  const pull = ({ slopes }) => slopes[2].flat().filter((slope) => Math.abs(slope) > 1e-9).length;
  addFormula(lesson, words, {
    label: "The loss of whole maps",
    fixed: [],
    live: (_, { maps: { alone, shared } }) => [
      row(text("sigmoid, person map: "), blank("map", number("cell", alone.value))),
      row(text("softmax, all classes: "), blank("any", number("shared", shared.value))),
      row(
        text("bicycle cells pulled: "),
        blank("any", row(number("cell", pull(alone)), text(" and "), number("shared", pull(shared)))),
      ),
    ],
  });
}
