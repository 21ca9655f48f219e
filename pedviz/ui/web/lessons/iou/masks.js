/** Masks in the IoU lesson: two of 28 x 28 cells to paint, their IoU, and that of the boxes around them. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { LessonPayload } from "../../payloads.d.ts"
 * @import { Section } from "../kit/frame.js"
 * @import { IouLesson, State, Values } from "./derive.js"
 */

import { make, say } from "../../base/dom.js";
import { remembering, whenChanged } from "../../base/memo.js";
import { format } from "../../base/numbers.js";
import { svg } from "../../base/svg.js";
import { boxSimilarity, pairTerms } from "../../maths/iou_losses.js";
import { area, maskIou } from "../../maths/masks.js";
import { addPaintGrid } from "../kit/cell_grid.js";
import { packCells, SIDE, unpackCells } from "../kit/cells.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { blank, frac, name, number, row, sub, symbol } from "../kit/mathml.js";
import { addMaskCases } from "./cases.js";

const WHOLE = { x: 0, y: 0, width: SIDE, height: SIDE };
/** @type {("m1"|"m2")[]} */
const KEYS = ["m1", "m2"];
const MASKS = { m1: "mask-a", m2: "mask-b" };

/**
 * The smallest box around the cells of a mask, in cells; [0, 0, 0, 0] for an empty one.
 * @param {Uint8Array} cells
 * @returns {Box}
 */
function boxAround(cells) {
  const painted = [...cells.keys()].filter((cell) => cells[cell]);
  if (!painted.length) return [0, 0, 0, 0];
  const columns = painted.map((cell) => cell % SIDE);
  const rows = painted.map((cell) => Math.floor(cell / SIDE));
  return [Math.min(...columns), Math.min(...rows), Math.max(...columns) + 1, Math.max(...rows) + 1];
}

/** A function that remembers its last result while the masks stay the same. */
export const rememberMasks = () => remembering(["m1", "m2"], maskValues);

/**
 * What follows from two masks: `cells` of each, the number that they `shared` and cover together (`covered`),
 * `maskIou`, the `boxes` around them and the `terms` and `boxIou` of those.
 * @param {{m1: string, m2: string}} state packed masks
 */
function maskValues({ m1, m2 }) {
  const cells = { m1: unpackCells(m1), m2: unpackCells(m2) };
  const shared = cells.m1.reduce((total, bit, cell) => total + (bit & cells.m2[cell]), 0);
  const boxes = { m1: boxAround(cells.m1), m2: boxAround(cells.m2) };
  return {
    cells,
    shared,
    covered: area(cells.m1) + area(cells.m2) - shared,
    maskIou: maskIou(WHOLE, cells.m1, WHOLE, cells.m2),
    boxes,
    terms: pairTerms(boxes.m1, boxes.m2, { directions: [] }),
    boxIou: boxSimilarity(boxes.m1, boxes.m2, { kind: "iou" }),
  };
}

/** @param {State} _ @param {Values} values @param {Stage} stage */
function drawnBoxes(_, { masks }, stage) {
  return KEYS.map((key) => {
    const [x1, y1, x2, y2] = masks.boxes[key];
    const [x, y] = [stage.px(x1), stage.py(y1)];
    return svg("rect", {
      x,
      y,
      width: stage.px(x2) - x,
      height: stage.py(y2) - y,
      class: `pvl-mask-box pvl-box-${key}`,
      "data-of": MASKS[key],
    });
  });
}

/** @param {State} state @param {Values} values */
function describe({ ask }, { masks }) {
  const { cells, shared, covered } = masks;
  const counts = `Mask A has ${area(cells.m1)} cells, mask B ${area(cells.m2)}.`;
  return ask
    ? counts
    : `${counts} They share ${shared} of ${covered}: mask IoU ${format(masks.maskIou)}, box IoU ` +
        `${format(masks.boxIou)}.`;
}

const quotient = () =>
  frac(
    row("|", symbol("mask-a", "A"), "∩", symbol("mask-b", "B"), "|"),
    row("|", symbol("mask-a", "A"), "∪", symbol("mask-b", "B"), "|"),
  );

/** @param {State} _ @param {Values} values */
function liveLines(_, { masks }) {
  const { terms } = masks;
  /** @type {(word: string, top: number, bottom: number, result: number) => Element} */
  const line = (word, top, bottom, result) =>
    row(
      sub("J", name(word)),
      "=",
      blank(
        "any",
        row(frac(number("mask-both", top, 2), number("union", bottom, 2)), "=", number("mask-both", result)),
      ),
    );
  return [
    line("mask", masks.shared, masks.covered, masks.maskIou),
    line("box", terms.intersection.value, terms.union.value, masks.boxIou),
  ];
}

/** @type {{of: string, label: string, has: (a: number, b: number) => number, answer?: string}[]} */
const PANELS = [
  { of: "mask-a", label: "A", has: (a, _) => a },
  { of: "mask-b", label: "B", has: (_, b) => b },
  { of: "mask-both", label: "A ∩ B", has: (a, b) => a & b, answer: "any" },
  { of: "union", label: "A ∪ B", has: (a, b) => a | b, answer: "any" },
];

/**
 * Both masks, what they share and what they cover together, each alone and side by side.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 */
function addPanels(lesson, host) {
  const panels = PANELS.map(({ of, label, answer }) => {
    const cells = svg("path", { class: "pvl-panel-cells", "data-of": of });
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "pvl-mask-panel", "aria-hidden": "true" },
      cells,
    );
    const count = make("span", answer ? { "data-answer": answer } : {});
    const caption = make("figcaption", { "data-of": of }, `${label}: `, count);
    return { cells, count, panel: make("figure", { class: "pvl-panel" }, picture, caption) };
  });
  host.append(make("div", { class: "pvl-mask-panels" }, ...panels.map(({ panel }) => panel)));
  lesson.onDraw(
    whenChanged(
      (_, { masks }) => [masks],
      (_, { masks: { cells } }) => {
        PANELS.forEach(({ has }, place) => {
          const inside = [...cells.m1.keys()].filter((cell) => has(cells.m1[cell], cells.m2[cell]));
          const square = (/** @type {number} */ cell) => `M${cell % SIDE},${Math.floor(cell / SIDE)}h1v1h-1z`;
          panels[place].cells.setAttribute("d", inside.map(square).join(""));
          say(panels[place].count, `${inside.length} cells`);
        });
      },
    ),
    host,
  );
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 * @param {LessonPayload} data
 */
export function addMasks(lesson, { text, figure }, data) {
  const picture = make("div", { class: "pvl-mask" });
  lesson.addPresets(figure, "masks");
  addField(lesson, figure, "brush", { things: MASKS });
  figure.append(picture);
  addPaintGrid(lesson, picture, {
    label: "Two masks of 28 by 28 cells",
    side: SIDE,
    look: () => lesson.values().masks.cells.m1.map((bit, cell) => bit + 2 * lesson.values().masks.cells.m2[cell]),
    isPainted: (cell, state) => lesson.values().masks.cells[state.brush][cell] === 1,
    paint: (cell, on, state) => {
      const cells = lesson.values().masks.cells[state.brush].with(cell, Number(on));
      return { [state.brush]: packCells(cells) };
    },
    over: drawnBoxes,
    describe,
  });
  addPanels(lesson, figure);
  addFormula(lesson, text, { label: "IoU of two masks", fixed: [row("J", "=", quotient())], live: liveLines });
  addMaskCases(lesson, text, data);
}
