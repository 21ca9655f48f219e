/** Lesson 1, intersection over union. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { LessonPayload, PresetData } from "../../payloads.d.ts"
 * @import { Question } from "../kit/questions.js"
 * @import { Random } from "../kit/random.js"
 * @import { IouLesson, State, Values } from "./derive.js"
 */

import { format } from "../../base/numbers.js";
import { createStage } from "../../charts/stage.js";
import {
  addBoxHandles,
  HEIGHT_SHARE,
  NAMES,
  reversedBox,
  reversedCorners,
  windowAround,
} from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { createLesson } from "../kit/kit.js";
import { blank, frac, name, number, row, sub, symbol, text } from "../kit/mathml.js";
import { addBound } from "./bound.js";
import { addCases } from "./cases.js";
import { addCrowd } from "./crowd.js";
import { deriver } from "./derive.js";
import { addDescent } from "./descent.js";
import { addFour, addScores } from "./four.js";
import { addGuess } from "./guess.js";
import { addMasks } from "./masks.js";
import { addOrigin } from "./origin.js";
import { addPath } from "./path.js";
import { addPhoto } from "./photo.js";
import { drawBoxes } from "./picture.js";

const INKS = {
  a: 1,
  b: 2,
  inter: 3,
  union: 6,
  enclosing: 5,
  centre: 4,
  shape: 4,
  slope: 1,
  iou: 3,
  giou: 5,
  diou: 4,
  ciou: 6,
  "mask-a": 1,
  "mask-b": 2,
  "mask-both": 3,
};
const AREA_TOLERANCE = 0.5; // square pixels
const SCORE_TOLERANCE = 0.01;
const LONG = 100;

/**
 * A live number; longer ones have fewer decimals, so that a line fits.
 * @type {(of: string, value: number) => Element}
 */
const live = (of, value) => number(of, value, Math.abs(value) < LONG ? 2 : 1);

/** @type {["mine"|"k1"|"k2"|"k3"|"k4", string][]} */
const MORE_BOXES = [
  ["mine", "your box"],
  ["k1", "detection 1"],
  ["k2", "detection 2"],
  ["k3", "detection 3"],
  ["k4", "detection 4"],
];

/**
 * Boxes whose corners are the wrong way round.
 * @param {State} state
 */
function check(state) {
  const wrong = MORE_BOXES.map(([key, name]) => [key, reversedBox(name, state[key])]);
  return { ...reversedCorners(state), ...Object.fromEntries(wrong.filter(([, problem]) => problem)) };
}

/** @type {("a"|"b")[]} */
const BOTH = ["a", "b"];

/** @param {State} state */
function notice(state) {
  const empty = BOTH.filter((key) => state[key][0] === state[key][2] || state[key][1] === state[key][3]);
  return Object.fromEntries(
    empty.map((key) => [key, `${NAMES[key]} has no area${state.ask ? "" : ", so it can share none: IoU is 0"}.`]),
  );
}

/** @param {State} state @param {Values} values */
function describe(state, values) {
  const place = (/** @type {"a"|"b"} */ key) =>
    `${NAMES[key]} runs from ${format(state[key][0])}, ${format(state[key][1])} to ${format(state[key][2])}, ` +
    `${format(state[key][3])}`;
  const boxes = `${place("a")}; ${place("b")}.`;
  if (state.ask) return boxes;
  const { iou, giou, diou, ciou } = values.similarity;
  return (
    `${boxes} They share ${format(values.intersection, 2)} of ${format(values.union, 2)} square pixels: IoU ` +
    `${format(iou)}, ` +
    `GIoU ${format(giou)}, DIoU ${format(diou)}, CIoU ${format(ciou)}.`
  );
}

const boxText = (/** @type {Box} */ box) => `(${box.map((edge) => format(edge)).join(", ")})`;
/** @type {Question<State, Values>[]} */
const QUESTIONS = [
  {
    key: "inter",
    asks: ({ a, b }) => `A = ${boxText(a)} and B = ${boxText(b)}. How many square pixels do they share?`,
    answer: (_, values) => values.intersection,
    tolerance: AREA_TOLERANCE,
    explains: (_, { common: [x1, y1, x2, y2] }) =>
      `Width max(0, ${format(x2)} − ${format(x1)}) times height max(0, ${format(y2)} − ${format(y1)}).`,
  },
  {
    key: "union",
    asks: () => "How many square pixels do they cover together?",
    answer: (_, values) => values.union,
    tolerance: AREA_TOLERANCE,
    explains: (_, values) =>
      `${format(values.areaA, 2)} + ${format(values.areaB, 2)} − ${format(values.intersection, 2)}: what is shared ` +
      "counts once.",
  },
  {
    key: "iou",
    asks: () => "What is their IoU?",
    answer: (_, values) => (values.union ? values.similarity.iou : null),
    tolerance: SCORE_TOLERANCE,
    explains: (_, values) =>
      `${format(values.intersection, 2)} / ` +
      `${format(values.union, 2)}${values.union ? "" : " does not exist; detectors count it as 0"}.`,
  },
  {
    key: "giou",
    after: "four",
    asks: () => "And their GIoU?",
    answer: (_, values) => (values.union ? values.similarity.giou : null),
    tolerance: SCORE_TOLERANCE,
    explains: (_, values) =>
      values.union
        ? `The smallest enclosing box has ${format(values.enclosingArea, 2)} square pixels: ` +
          `${format(values.similarity.iou)} − ` +
          `(${format(values.enclosingArea, 2)} − ${format(values.union, 2)}) / ${format(values.enclosingArea, 2)}.`
        : "It begins with the IoU, which does not exist.",
  },
];

const A = () => symbol("a", "A", "A, the predicted box");
const B = () => symbol("b", "B", "B, the true box");
const size = (/** @type {Element} */ content) => row("|", content, "|");

function definition() {
  const top = symbol("inter", size(row("A", "∩", "B")), "the area that both share");
  const bottom = symbol("union", size(row("A", "∪", "B")), "the area that they cover together");
  return [row("J", row("(", A(), ",", B(), ")"), "=", frac(top, bottom))];
}

/**
 * One side of what is shared: the smaller right edge minus the larger left edge, never below 0.
 * @param {string} letter
 * @param {number} low edge
 * @param {number} high edge
 * @param {State} state
 * @param {Box} common
 */
function side(letter, low, high, { a, b }, common) {
  const pair = (/** @type {number} */ edge) => row("(", live("a", a[edge]), ",", live("b", b[edge]), ")");
  return row(
    symbol("inter", sub(letter, "∩")),
    "=",
    name("max"),
    "(",
    "0",
    ",",
    name("min"),
    pair(high),
    "−",
    name("max"),
    pair(low),
    ")",
    "=",
    blank("inter", live("inter", Math.max(0, common[high] - common[low]))),
  );
}

/** @param {State} state @param {Values} values */
function substituted(state, values) {
  const { common, areaA, areaB, intersection, union, similarity } = values;
  return [
    side("w", 0, 2, state, common),
    side("h", 1, 3, state, common),
    row(
      symbol("inter", size(row("A", "∩", "B"))),
      "=",
      sub("w", "∩"),
      "·",
      sub("h", "∩"),
      "=",
      blank("inter", live("inter", intersection)),
    ),
    row(
      symbol("union", size(row("A", "∪", "B"))),
      "=",
      live("a", areaA),
      "+",
      live("b", areaB),
      "−",
      blank("inter", live("inter", intersection)),
      "=",
      blank("union", live("union", union)),
    ),
    row(
      "J",
      "=",
      frac(blank("inter", live("inter", intersection)), blank("union", live("union", union))),
      "=",
      blank("iou", union ? number("inter", similarity.iou) : text("none, counted as 0")),
    ),
  ];
}

/**
 * Two boxes with whole corners that overlap by at least two pixels each way.
 * @param {Random} random
 */
function vary({ whole }) {
  const a = [whole(1, 8), whole(1, 6), 0, 0];
  [a[2], a[3]] = [a[0] + whole(6, 12), a[1] + whole(5, 10)];
  const b = [whole(a[0] + 1, a[2] - 2), whole(a[1] + 1, a[3] - 2), 0, 0];
  [b[2], b[3]] = [b[0] + whole(6, 12), b[1] + whole(5, 10)];
  return { a, b };
}

// No question is about these.
const APART = ["found", "step", "loss", "path", "n", "rate", "brush", "photo", "truth", "floor"].concat(
  MORE_BOXES.map(([key]) => key),
);

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {LessonPayload} data of pedviz/lessons/iou.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, {
    inks: INKS,
    check,
    notice,
    describe,
    questions: QUESTIONS,
    apart: APART,
    vary,
    derive: deriver(data.settings, data.data),
  });
  addOrigin(
    lesson,
    lesson.main,
    data.presets.filter(({ group }) => group === ""),
  );
  const stage = createStage(lesson, lesson.main, { label: "Two boxes", heightFor: (width) => width * HEIGHT_SHARE });
  lesson.onDraw((state, values) => {
    stage.view = windowAround(state);
    drawBoxes(stage, state, values);
    stage.describe(describe(state, values));
  });
  addBoxHandles(lesson, stage);
  addFormula(lesson, lesson.side, { label: "Intersection over union", fixed: definition(), live: substituted });
  addField(lesson, lesson.side, "a", { of: "a" });
  addField(lesson, lesson.side, "b", { of: "b" });
  addBound(lesson, lesson.section("bound", { host: lesson.side }));
  addScores(lesson, lesson.main);
  addSections(lesson, data);
  lesson.start();
}

/** @param {IouLesson} lesson @param {LessonPayload} data */
function addSections(lesson, data) {
  addFour(lesson, lesson.section("four", { layout: "split" }));
  addPath(lesson, lesson.section("path", { layout: "split" }));
  addDescent(
    lesson,
    lesson.section("descent"),
    /** @type {PresetData} */ (data.presets.find(({ key }) => key === "apart")),
  );
  addPhoto(lesson, lesson.section("photo", { layout: "split" }), data.data.photos);
  addMasks(lesson, lesson.section("masks", { layout: "split" }), data);
  addGuess(lesson, lesson.section("guess", { layout: "split" }));
  addCrowd(lesson, lesson.section("crowd", { layout: "split" }), data.data.crowd);
  addCases(lesson, lesson.section("cases", { layout: "split" }), data);
}
