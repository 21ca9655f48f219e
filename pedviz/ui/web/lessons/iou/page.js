/** Lesson 1, intersection over union. */

import { remembering } from "../../base/memo.js";
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
import { addCrowd, rememberCrowd } from "./crowd.js";
import { addDescent, descents } from "./descent.js";
import { addFour, addScores } from "./four.js";
import { addGuess } from "./guess.js";
import { addMasks, rememberMasks } from "./masks.js";
import { addOrigin } from "./origin.js";
import { addPath, journey } from "./path.js";
import { addPhoto, rememberDrawn } from "./photo.js";
import { drawBoxes } from "./picture.js";
import { valuesOf } from "./values.js";

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

/** A live number; longer ones have fewer decimals, so that a line fits. */
const live = (of, value) => number(of, value, Math.abs(value) < LONG ? 2 : 1);

const MORE_BOXES = { mine: "your box", k1: "detection 1", k2: "detection 2", k3: "detection 3", k4: "detection 4" };

/** Boxes whose corners are the wrong way round. */
function check(state) {
  const wrong = Object.entries(MORE_BOXES).map(([key, name]) => [key, reversedBox(name, state[key])]);
  return { ...reversedCorners(state), ...Object.fromEntries(wrong.filter(([, problem]) => problem)) };
}

function notice(state) {
  const empty = ["a", "b"].filter((key) => state[key][0] === state[key][2] || state[key][1] === state[key][3]);
  return Object.fromEntries(
    empty.map((key) => [key, `${NAMES[key]} has no area${state.ask ? "" : ", so it can share none: IoU is 0"}.`]),
  );
}

function describe(state, values) {
  const place = (key) =>
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

const boxText = (box) => `(${box.map((edge) => format(edge)).join(", ")})`;
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
const size = (content) => row("|", content, "|");

function definition() {
  const top = symbol("inter", size(row("A", "∩", "B")), "the area that both share");
  const bottom = symbol("union", size(row("A", "∪", "B")), "the area that they cover together");
  return [row("J", row("(", A(), ",", B(), ")"), "=", frac(top, bottom))];
}

/** One side of what is shared: the smaller right edge minus the larger left edge, never below 0. */
function side(letter, low, high, { a, b }, common) {
  const pair = (edge) => row("(", live("a", a[edge]), ",", live("b", b[edge]), ")");
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

/** Two boxes with whole corners that overlap by at least two pixels each way. */
function vary({ whole }) {
  const a = [whole(1, 8), whole(1, 6), 0, 0];
  [a[2], a[3]] = [a[0] + whole(6, 12), a[1] + whole(5, 10)];
  const b = [whole(a[0] + 1, a[2] - 2), whole(a[1] + 1, a[3] - 2), 0, 0];
  [b[2], b[3]] = [b[0] + whole(6, 12), b[1] + whole(5, 10)];
  return { a, b };
}

const WAY = ["a", "b", "path", "loss"]; // what the way of A follows from
// No question is about these.
const APART = ["found", "step", "loss", "path", "n", "rate", "brush", "photo", "truth", "floor"].concat(
  Object.keys(MORE_BOXES),
);

/** All that follows from a state; each part is computed once somebody asks, and anew only where it changes. */
function deriver({ settings, data }) {
  const boxSetting = settings.find(({ key }) => key === "a");
  const boxes = remembering(["a", "b"], valuesOf);
  const way = remembering(WAY, (state) => journey(state, boxSetting));
  const trails = remembering(["a", "b", "n", "rate"], (state) => descents(state, boxes(state).enclosingArea));
  const masks = rememberMasks();
  const drawn = rememberDrawn(data.photos);
  const crowd = rememberCrowd(data.crowd);
  return (state) => ({
    ...boxes(state),
    get masks() {
      return masks(state);
    },
    get drawn() {
      return drawn(state);
    },
    get crowd() {
      return crowd(state);
    },
    get way() {
      return way(state);
    },
    get trails() {
      return trails(state);
    },
  });
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/iou.py
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
    derive: deriver(data),
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

function addSections(lesson, data) {
  addFour(lesson, lesson.section("four", { layout: "split" }));
  addPath(lesson, lesson.section("path", { layout: "split" }));
  addDescent(
    lesson,
    lesson.section("descent"),
    data.presets.find(({ key }) => key === "apart"),
  );
  addPhoto(lesson, lesson.section("photo", { layout: "split" }), data.data.photos);
  addMasks(lesson, lesson.section("masks", { layout: "split" }), data);
  addGuess(lesson, lesson.section("guess", { layout: "split" }));
  addCrowd(lesson, lesson.section("crowd", { layout: "split" }), data.data.crowd);
  addCases(lesson, lesson.section("cases", { layout: "split" }), data);
}
