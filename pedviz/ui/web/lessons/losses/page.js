/** Lesson 4, losses. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Question } from "../kit/questions.js"
 * @import { Random } from "../kit/random.js"
 * @import { State, Values } from "./values.js"
 */

import { format } from "../../base/numbers.js";
import { arrow, words } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";
import { addBoxHandles, grid, HEIGHT_SHARE, NAMES, reversedCorners, windowAround } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { createLesson } from "../kit/kit.js";
import { blank, frac, name, number, row, sub, symbol, text } from "../kit/mathml.js";
import { addAnchors } from "./anchors.js";
import { addMaps, differing } from "./maps.js";
import { addLog, addMaskCell, addRegression } from "./plots.js";
import { addStep } from "./step.js";
import { deriver, hasArea } from "./values.js";

const NAMED = 110; // pixels that a box must be wide to hold its name and its corners
const ROOM_ABOVE = 34; // pixels down to which the axis has its numbers
const INKS = {
  a: 1,
  b: 2,
  shift: 3,
  stretch: 4,
  smooth: 1,
  l1: 5,
  l2: 2,
  log: 1,
  none: 2,
  cell: 3,
  shared: 2,
  positive: 3,
  ignored: 4,
  background: 6,
};
const CODES = ["x", "y", "w", "h"];

/** @param {State} state */
function notice(state) {
  const empty = /** @type {("a"|"b")[]} */ (["a", "b"]).filter((key) => !hasArea(state[key]));
  const why = state.ask ? "" : ": its sides are divided by, and their logarithm is taken, so there is no code";
  const crossed =
    state.low > state.high
      ? { low: "Above the threshold for people: nothing is ignored, and all below that one is background." }
      : {};
  return Object.fromEntries(
    empty.map((key) => [key, `${NAMES[key]} has no area${why}.`]).concat(Object.entries(crossed)),
  );
}

/** @param {State} state @param {Values} values */
function describe({ a, b, ask }, { code, boxLoss }) {
  const corners = (/** @type {Box} */ box) => box.map((edge) => format(edge)).join(", ");
  const boxes = `Anchor A at ${corners(a)}; person B at ${corners(b)}.`;
  if (ask) return boxes;
  if (!code) return `${boxes} One of them has no area, so there is no code.`;
  return (
    `${boxes} The code is ${code.map((value) => format(value, 3)).join(", ")}; predicting 0 has a loss of ` +
    `${format(boxLoss, 3)}.`
  );
}

const NO_WIDTH = "The anchor's width is 0, and nothing can be divided by 0.";
/** @param {number[]} box */
const width = ([x1, , x2]) => x2 - x1;
/** @param {number[]} box */
const middle = ([x1, , x2]) => (x1 + x2) / 2;
/** @type {Question<State, Values>[]} */
const QUESTIONS = [
  {
    key: "tx",
    asks: ({ a, b }) =>
      `The centre of B is ${format(middle(b) - middle(a))} pixels right of the centre of A, which is ` +
      `${format(width(a))} wide. What is the target for x?`,
    answer: ({ a, b }) => (width(a) ? (middle(b) - middle(a)) / width(a) : null),
    tolerance: 0.01,
    explains: ({ a }) => (width(a) ? "The shift over the anchor's width." : NO_WIDTH),
  },
  {
    key: "tw",
    asks: ({ a, b }) => `A is ${format(width(a))} wide, B ${format(width(b))}. What is the target for w?`,
    answer: ({ a, b }) => (width(a) ? Math.log(width(b) / width(a)) : null),
    tolerance: 0.01,
    explains: ({ a }) => (width(a) ? "The natural logarithm of the widths' ratio." : NO_WIDTH),
  },
  {
    key: "smooth",
    after: "regression",
    asks: ({ r, beta }) => `What is smooth L1 for an error of ${format(r, 2)} with β = ${format(beta, 2)}?`,
    answer: (_, { at }) => at.smooth.loss,
    tolerance: 0.01,
    explains: ({ r, beta }) =>
      Math.abs(r) < beta ? "x² / (2 β), for the error is below β." : "|x| − β / 2, for the error is beyond β.",
  },
  {
    key: "log",
    after: "log",
    asks: ({ p, y }) =>
      `The detector gives “person” the probability ${format(p, 2)}, and ${y === "1" ? "a person" : "nobody"} is ` +
      "there. What is the cross-entropy?",
    answer: (_, { log }) => log.loss,
    tolerance: 0.01,
    explains: () => "Minus the natural logarithm of the probability of the true answer.",
  },
  {
    key: "alone",
    after: "mask",
    asks: ({ z }) =>
      `A cell belongs to a person whose map has the logit ${format(z[0], 1)} there. What is the binary cross-entropy?`,
    answer: (_, { cell }) => cell.alone.loss,
    tolerance: 0.01,
    explains: () => "log(1 + exp(−z)); the other maps do not matter.",
  },
  {
    key: "map",
    after: "maps",
    asks: ({ sure }, { maps: { cells } }) =>
      `The person map is wrong in ${differing(cells.mp, cells.mt)} of 784 cells, with logits of ±${format(sure, 1)}. ` +
      "What is the mean sigmoid loss?",
    answer: (_, { maps }) => maps.alone.value,
    tolerance: 0.01,
    explains: () => "Right cells have log(1 + exp(−z)), wrong ones log(1 + exp(z)).",
  },
];

/** @type {(of: string, index: string) => Element} */
const T = (of, index) => symbol(of, sub("t", index), `t for ${index}`);
/** @type {(axis: string, side: string) => Element} */
const shifted = (axis, side) => row(T("shift", axis), "=", frac(row(axis, "−", sub(axis, "a")), sub(side, "a")));
/** @type {(side: string) => Element} */
const stretched = (side) => row(T("stretch", side), "=", name("log"), frac(side, sub(side, "a")));

/** @param {State} state @param {Values} values */
function liveCodes({ a, b }, { code, decoded, boxLoss }) {
  if (!code) return [row(blank("any", text("no code: a box without an area")))];
  /** @type {(box: Box, axis: number) => number} */
  const side = (box, axis) => box[axis + 2] - box[axis];
  const shifts = [0, 1].map((axis) =>
    row(
      T("shift", CODES[axis]),
      "=",
      frac(
        row(number("b", middle(b.slice(axis))), "−", number("a", middle(a.slice(axis)))),
        number("a", side(a, axis)),
      ),
      "=",
      blank(axis ? "any" : "tx", number("shift", code[axis])),
    ),
  );
  const stretches = [0, 1].map((axis) =>
    row(
      T("stretch", CODES[axis + 2]),
      "=",
      name("log"),
      frac(number("b", side(b, axis)), number("a", side(a, axis))),
      "=",
      blank(axis ? "any" : "tw", number("stretch", code[axis + 2])),
    ),
  );
  return [
    ...shifts,
    ...stretches,
    row(text(`decoded: (${decoded.map((edge) => format(edge, 2)).join(", ")})`)),
    row(text("loss of predicting 0 four times: "), blank("any", number("smooth", boxLoss))),
  ];
}

/**
 * An anchor and a person beside it, in tens of pixels, and the numbers of the other questions.
 * @param {Random} random
 * @returns {Partial<State>}
 */
function vary({ whole, pick }) {
  /** @type {(x: number, y: number) => Box} */
  const box = (x, y) => [x, y, x + 10 * whole(5, 15), y + 10 * whole(10, 25)];
  return {
    a: box(10 * whole(5, 15), 10 * whole(3, 8)),
    b: box(10 * whole(8, 20), 10 * whole(3, 10)),
    r: (pick([-1, 1]) * whole(2, 28)) / 10,
    p: whole(1, 9) / 10,
    y: pick(["0", "1"]),
    z: [whole(-30, 30) / 10, whole(-20, 20) / 10, whole(-20, 20) / 10],
  };
}

/** @type {(box: Box) => [number, number]} */
const centre = ([x1, y1, x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2];

/**
 * Draw both boxes, their names and the shift between their centres.
 * @param {Stage} stage
 * @param {State} state
 * @param {Values} values
 */
function drawCode(stage, { a, b }, { code }) {
  const [[ax, ay], [bx, by]] = [centre(a), centre(b)];
  const shift = arrow(stage.px(ax), stage.py(ay), stage.px(bx), stage.py(by), { "data-of": "shift" });
  /** @type {(key: "a"|"b", edges: Box) => SVGElement} */
  const box = (key, edges) => stage.rectangle(edges, { class: `pvl-box pvl-box-${key}`, "data-of": key });
  const isWide = (/** @type {Box} */ [x1, , x2]) => stage.length(x2 - x1) > NAMED;
  /** @type {(key: string, text: string, x: number, y: number, anchor: string) => SVGElement} */
  const label = (key, text, x, y, anchor) =>
    words(x, y, text, { "data-of": key, class: "pvl-name pvl-halo", "text-anchor": anchor });
  const above = stage.py(a[1]) - 8; // within, a handle of B may cover it
  stage.draw([
    ...grid(stage),
    box("b", b),
    box("a", a),
    ...(shift ? [shift] : []),
    label("a", isWide(a) ? "A, anchor" : "A", stage.px(a[0]) + 10, above > ROOM_ABOVE ? above : above + 30, "start"),
    label("b", isWide(b) ? "B, person" : "B", stage.px(b[2]) - 10, stage.py(b[3]) - 10, "end"),
    ...(code
      ? [
          words(stage.px(bx) + 10, stage.py(by) + 4, `${format(code[0], 2)}, ${format(code[1], 2)}`, {
            "data-of": "shift",
            "data-answer": "tx",
            class: "pvl-halo",
          }),
        ]
      : []),
  ]);
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/losses.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, {
    inks: INKS,
    check: reversedCorners,
    notice,
    describe,
    questions: QUESTIONS,
    derive: deriver(data.data),
    apart: ["draw", "brush"],
    vary,
  });
  const stage = createStage(lesson, lesson.main, {
    label: "An anchor and a person",
    heightFor: (width) => width * HEIGHT_SHARE,
  });
  lesson.onDraw((state, values) => {
    stage.view = windowAround(state);
    drawCode(stage, state, values);
    stage.describe(describe(state, values));
  });
  addBoxHandles(lesson, stage);
  addFormula(lesson, lesson.side, {
    label: "From an anchor to a box in four numbers",
    fixed: [shifted("x", "w"), shifted("y", "h"), stretched("w"), stretched("h")],
    live: liveCodes,
  });
  addField(lesson, lesson.side, "a", { of: "a" });
  addField(lesson, lesson.side, "b", { of: "b" });
  addRegression(lesson, lesson.section("regression", { layout: "split" }));
  addLog(lesson, lesson.section("log", { layout: "split" }));
  addAnchors(lesson, lesson.section("anchors", { layout: "split" }), data.data.picture);
  addStep(lesson.section("five"), data.data.step);
  addMaskCell(lesson, lesson.section("mask", { layout: "split" }));
  addMaps(lesson, lesson.section("maps", { layout: "split" }));
  lesson.start();
}
