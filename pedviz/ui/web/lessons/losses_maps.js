/** The mask loss over whole maps: a truth and two class maps to paint, and what each cell costs. */

import { make } from "../dom.js";
import { packCells, SIDE, unpackCells } from "./cells.js";
import { addField } from "./fields.js";
import { addFormula } from "./formula.js";
import { paintHeat } from "./heat.js";
import { competingMaskLoss, maskLoss } from "./losses.js";
import { blank, number, row, text } from "./mathml.js";
import { format } from "./numbers.js";
import { addPaintGrid } from "./paint.js";
import { whenChanged } from "./remember.js";

const TRUE_CLASS = 1; // of background, person, bicycle
const TOP = 255;
const SHARES = { alone: "Sigmoid, cell by cell", shared: "Softmax, cell by cell" };

const asRows = (cells, value) => Array.from({ length: SIDE }, (_, i) => Array.from({ length: SIDE }, (_, j) => value(cells[i * SIDE + j])));

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
    label, side: SIDE,
    look: () => { const { cells } = lesson.values().maps; const other = key({ brush: "mp" }); return cells.mt.map((bit, cell) => bit + 2 * cells[other][cell]); },
    isPainted: (cell, state) => painted(state)[cell] === 1,
    paint: (cell, on, state) => ({ [key(state)]: packCells(painted(state).with(cell, Number(on))) }),
    describe,
  });
}

/** What every cell costs, in the colours of the feature maps; one scale for both losses. */
function addCosts(lesson, host) {
  const canvases = Object.entries(SHARES).map(([key, title]) => {
    const canvas = make("canvas", { role: "img", class: "pvl-map" });
    host.append(make("figure", { class: "pvl-panel", "data-answer": "any" }, make("figcaption", {}, title), canvas));
    return [key, title, canvas];
  });
  lesson.onDraw(whenChanged((_, { maps }) => [maps], (_, { maps }) => {
    const most = Math.max(...Object.keys(SHARES).flatMap((key) => maps[key].cells.flat()), 1e-9);
    for (const [key, title, canvas] of canvases) {
      const pixels = Uint8Array.from(maps[key].cells.flat(), (loss) => Math.round((TOP * loss) / most));
      paintHeat(canvas, { pixels, columns: SIDE, rows: SIDE });
      canvas.setAttribute("aria-label", `${title}: mean ${format(maps[key].value)}, at most ${format(Math.max(...maps[key].cells.flat()))}.`);
    }
  }));
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
  addGrid(lesson, grids, { label: "The truth (blue) and the person map (orange); green: both", key: ({ brush }) => brush, describe: (state, values) => `The person map differs from the truth in ${count(state, values)} of ${SIDE * SIDE} cells.` });
  addGrid(lesson, grids, { label: "The truth (blue) and the bicycle map (orange), painted here", key: () => "mo", describe: (_, { maps: { cells } }) => `The bicycle map claims ${cells.mo.reduce((sum, bit) => sum + bit, 0)} cells.` });
  addCosts(lesson, costs);
  addField(lesson, words, "sure", { of: "cell" });
  const pull = ({ slopes }) => slopes[2].flat().filter((slope) => Math.abs(slope) > 1e-9).length;
  addFormula(lesson, words, {
    label: "The loss of whole maps", fixed: [],
    live: (_, { maps: { alone, shared } }) => [
      row(text("sigmoid, person map: "), blank("map", number("cell", alone.value))),
      row(text("softmax, all classes: "), blank("any", number("shared", shared.value))),
      row(text("bicycle cells pulled: "), blank("any", row(number("cell", pull(alone)), text(" and "), number("shared", pull(shared))))),
    ],
  });
}
