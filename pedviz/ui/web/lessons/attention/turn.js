/**
 * Linear weights while the last vector is stretched and turned round: where they leave [0, 1], and where they end.
 *
 * @import { PlotData } from "../../charts/plot.js"
 * @import { Fraction } from "../../maths/fractions.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Range } from "../kit/settings.js"
 * @import { Lesson, State, Values } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { format, roundTo } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { blank, frac, row, symbol, text } from "../kit/mathml.js";
import { KEYS, turnedRow } from "./values.js";
import { vectorName, written, writtenMath } from "./written.js";

const [LOW, HIGH] = [-2, 3]; // weights that are shown
const SAMPLES = 800;
const DASHES = [null, "9 5", "2 5"];
const FATES = {
  proper: "All three weights are within 0 and 1: a mixture.",
  outside: "The row has similarities of both signs: weights leave 0 to 1, and the result is no mixture.",
  undefined: "The similarities sum to 0, and nothing can be divided by 0: there are no weights.",
};

const shown = (/** @type {number} */ weight) => (weight >= LOW && weight <= HIGH ? weight : NaN);

/**
 * The weights of a row for many t: one list of points for each vector.
 * @param {Fraction[][]} vectors
 * @param {number} place
 * @param {Range} range of t
 */
function curves(vectors, place, { low, high }) {
  const floats = vectors.map((vector) => vector.map(Number));
  const steps = Array.from({ length: SAMPLES + 1 }, (_, index) => low + ((high - low) * index) / SAMPLES);
  const rows = steps.map((t) => turnedRow(floats, place, t).weights);
  return KEYS.map((_, other) => steps.map((t, index) => [t, shown(rows[index]?.[other] ?? NaN)]));
}

/** @param {Fraction[]|null} weights */
const listed = (weights) => weights?.map((weight) => written(weight)).join(", ") ?? "none, for the sum is 0";

/**
 * @param {Range} setting
 * @returns {(state: State, values: Values) => PlotData}
 */
function plotData(setting) {
  return ({ row: looking, t, ask }, { vectors, poles, turned }) => ({
    x: { label: "t, the factor of z3", low: setting.low, high: setting.high },
    y: { label: `Linear weights of z${looking}`, low: LOW, high: HIGH },
    series: [
      {
        of: "share",
        label: "0 and 1",
        points: [
          [setting.low, 1],
          [setting.high, 1],
          [setting.high, NaN],
          [setting.low, 0],
          [setting.high, 0],
        ],
      },
      ...curves(vectors, Number(looking) - 1, setting).map((points, other) => ({
        of: KEYS[other],
        label: `on ${KEYS[other]}`,
        dash: DASHES[other],
        strong: true,
        points,
      })),
    ],
    guides: poles
      .map(Number)
      .filter((pole) => pole >= setting.low && pole <= setting.high)
      .map((pole) => ({ x: pole, label: "sum is 0" })),
    marks: (turned.weights ?? [])
      .map((weight, other) => ({
        x: t,
        y: shown(Number(weight)),
        of: KEYS[other],
        title: `${KEYS[other]}: ${written(weight)}`,
      }))
      .filter(({ y }) => !Number.isNaN(y)),
    alt: `Linear weights of z${looking} over t.${ask ? "" : ` At t = ${format(t, 3)}: ${listed(turned.weights)}.`}`,
  });
}

/** @param {State} state @param {Values} values */
function liveLines({ row: looking }, { turned }) {
  const place = Number(looking) - 1;
  const terms = turned.row.flatMap((value, other) => [
    ...(other ? ["+"] : []),
    blank("any", symbol(KEYS[other], row("(", writtenMath(value), ")"))),
  ]);
  const sum = row(text("sum of the row: "), ...terms, "=", blank("any", writtenMath(turned.sum)));
  if (!turned.weights) return [sum, row(vectorName(place), "→", blank("any", text("divided by 0")))];
  return [
    sum,
    row(
      vectorName(place),
      text(" gives "),
      blank(
        "any",
        row(
          ...turned.weights.flatMap((weight, other) => [
            ...(other ? [text(",\u2002")] : []),
            symbol(KEYS[other], writtenMath(weight)),
            text(" to "),
            vectorName(other),
          ]),
        ),
      ),
    ),
  ];
}

/**
 * The plot with its cursor, the exact numbers beside it, and cases.
 * @param {Lesson} lesson
 * @param {Section} section
 */
export function addTurn(lesson, { text: words, figure }) {
  const setting = lesson.setting("t");
  const cases = make("div", {});
  const outcome = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  words.append(cases);
  lesson.addPresets(cases, "turn");
  addField(lesson, words, "row", { things: { 1: "z1", 2: "z2", 3: "z3" } });
  addField(lesson, words, "t", { of: "z3" });
  addFormula(lesson, words, {
    label: "The row divided by its sum",
    fixed: [row(text("weight = "), frac(text("similarity"), text("sum of the row")))],
    live: liveLines,
  });
  words.append(outcome);
  lesson.onDraw((_, { turned }) => {
    say(outcome, FATES[turned.state]);
  }, words);
  addPlot(lesson, figure, {
    label: "Linear weights while z3 turns",
    data: plotData(setting),
    cursor: {
      label: "t, the factor of z3",
      of: "share",
      step: () => setting.step,
      place: ({ t }) => ({ x: t, y: LOW }),
      move: ({ x }) => lesson.fit({ t: roundTo(x, setting.step) }),
    },
  });
}
