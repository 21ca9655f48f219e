/**
 * Lesson 5, attention.
 *
 * @import { State } from "./values.js"
 */

import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { createLesson } from "../kit/kit.js";
import { frac, name, root, row, sub, sup, symbol, text, under } from "../kit/mathml.js";
import { addCrossing } from "./crossing.js";
import { addOrder } from "./order.js";
import { addBars } from "./picture.js";
import { addPlanes, describe } from "./planes.js";
import { QUESTIONS } from "./questions.js";
import { addTurn } from "./turn.js";
import { KEYS, rowStatesOf, valuesOf } from "./values.js";
import { addWeights, dotLine, mixtureLines } from "./weights.js";
import { vectorName } from "./written.js";

const INKS = { z1: 1, z2: 2, z3: 3, projection: 4, region: 4, share: 6, scores: 2, summary: 1 };

const similarity = (/** @type {string} */ other) => row(sub("z", "i"), "·", sub("z", other));
const raised = (/** @type {string} */ other) => sup("e", row(similarity(other), "/", root("d")));
const share = (/** @type {(other: string) => Element} */ part) =>
  frac(part("j"), row(under(name("∑"), "k"), part("k")));
const DEFINITION = row(
  symbol("share", sub("w", row("i", "j")), "weight that i gives to j, between 0 and 1 or not"),
  "=",
  share(similarity),
  text("  or  "),
  share(raised),
);
const MIXTURE = row(
  sub("z", "i"),
  "→",
  sub("y", "i"),
  "=",
  ...KEYS.flatMap((key, place) => [
    ...(place ? ["+"] : []),
    sub("w", row("i", String(place + 1))),
    vectorName(place, `vector ${key}`),
  ]),
);

/**
 * Rows whose similarities cancel have no linear weights.
 * @param {State} state
 */
function notice(state) {
  const rows = rowStatesOf(state);
  return Object.fromEntries(
    KEYS.filter((_, place) => rows[place] === "undefined").map((key) => [
      key,
      `The similarities of ${key} sum to ` +
        `0${state.ask ? "." : ", and nothing can be divided by 0: it has no linear weights."}`,
    ]),
  );
}

/**
 * Three vectors without negative coordinates and none without length, and a pair to compare.
 * @param {import("../kit/random.js").Random} random
 */
function vary({ whole, pick }) {
  const vector = (/** @type {number} */ place) =>
    [0, 1, 2, 3].map((axis) => (axis === place ? whole(1, 3) : whole(0, 2)));
  return {
    z1: vector(0),
    z2: vector(1),
    z3: vector(2),
    row: pick(["1", "2", "3"]),
    key: pick(["1", "2", "3"]),
    n: whole(2, 40),
    d: pick([4, 8, 16]),
  };
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/attention.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, {
    inks: INKS,
    notice,
    describe,
    derive: valuesOf,
    questions: QUESTIONS,
    apart: ["how", "t"],
    vary,
  });
  addPlanes(lesson, lesson.main);
  addBars(lesson, lesson.main);
  addField(lesson, lesson.side, "how");
  addFormula(lesson, lesson.side, {
    label: "Weights and mixture",
    fixed: [DEFINITION, MIXTURE],
    live: (state, values) => [dotLine(state, values), ...mixtureLines(state, values)],
  });
  for (const key of KEYS) addField(lesson, lesson.side, key, { of: key });
  addField(lesson, lesson.side, "alpha");
  addWeights(lesson, lesson.section("weights"));
  addTurn(lesson, lesson.section("turn", { layout: "split" }));
  addCrossing(lesson, lesson.section("crossing", { layout: "split" }));
  addOrder(lesson, lesson.section("order", { layout: "split" }));
  lesson.start();
}
