/** The mask loss over whole maps: a truth and two class maps to paint, and what each cell costs. */

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

const TRUE_CLASS = 1; // of background, person, bicycle
const TOP = 255;
const SHARES = { alone: "Sigmoid, cell by cell", shared: "Softmax, cell by cell" };

const asRows = (cells, value) =>
  Array.from({ length: SIDE }, (_, i) => Array.from({ length: SIDE }, (_, j) => value(cells[i * SIDE + j])));

/** Both losses of three painted maps: `cells` of each map, and `alone` and `shared` as maskLoss gives them. */
export function mapLosses({ mt, mp, mo, sure }) {
  const cells = { mt: unpackCells(mt), mp: unpackCells(mp), mo: unpackCells(mo) };
  const map = (key) => asRows(cells[key], (bit) => (bit ? sure : -sure));
  const logits = [asRows(cells.mt, () => 0), map("mp"), map("mo")];
  const target = asRows(cells.mt, Number);
  const how = { trueClass: TRUE_CLASS };
  return { cells, alone: maskLoss(logits, target, how), shared: competingMaskLoss(logits, target, how) };
}

const differing = (first, second) => first.reduce((count, bit, cell) => count + (bit !== second[cell]), 0);

function addGrid(lesson, host, { label, key, describe }) {
  const figure = make("figure", { class: "pvl-panel" }, make("figcaption", {}, label));
  host.append(figure);
  const painted = (state) => lesson.values().maps.cells[key(state)];
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

/** One loss of every cell, from 0 to its own largest, so that it stays as it is whatever the other loss does. */
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
 * @param {Object} lesson
 * @param {{text: HTMLElement, figure: HTMLElement}} section
 */
export function addMaps(lesson, { text: words, figure }) {
  const [grids, costs] = [make("div", { class: "pvl-panels pvl-pair" }), make("div", { class: "pvl-panels pvl-pair" })];
  lesson.addPresets(figure, "maps");
  addField(lesson, figure, "brush", { things: { mt: "log", mp: "none" } });
  figure.append(grids, costs);
  const count = (_, { maps: { cells } }) => differing(cells.mt, cells.mp);
  addGrid(lesson, grids, {
    label: "The ground truth (blue) and the person map (orange); green: both",
    key: ({ brush }) => brush,
    describe: (state, values) =>
      `The person map differs from the ground truth in ${count(state, values)} of ${SIDE * SIDE} cells.`,
  });
  addGrid(lesson, grids, {
    label: "The ground truth (blue) and the bicycle map (orange), painted here",
    key: () => "mo",
    describe: (_, { maps: { cells } }) =>
      `The bicycle map claims ${cells.mo.reduce((sum, bit) => sum + bit, 0)} cells.`,
  });
  for (const share of Object.entries(SHARES)) addCost(lesson, costs, share);
  addField(lesson, words, "sure", { of: "cell" });
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
