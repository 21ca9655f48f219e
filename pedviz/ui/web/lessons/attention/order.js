/**
 * The product of attention without softmax, worked out in both orders, and what each costs.
 *
 * @import { PlotData } from "../../charts/plot.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Lesson, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { whole } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { blank, row, sup, symbol, text } from "../kit/mathml.js";
import { costsOf } from "./values.js";
import { matrix } from "./written.js";

const SAMPLES = 100;

const scores = (label = "") => symbol("scores", row("(", "Q", sup("K", "T"), ")", "V"), label);
const summary = (label = "") => symbol("summary", row("Q", "(", sup("K", "T"), "V", ")"), label);

/** @param {State} state @param {Values} values */
function costLines({ n, d }, { costs }) {
  return [
    row(
      scores("scores first"),
      ":",
      String(n),
      "×",
      String(n),
      "×",
      String(2 * d),
      "=",
      blank("cost", symbol("scores", whole(costs.scores))),
    ),
    row(
      summary("summary first"),
      ":",
      String(d),
      "×",
      String(d),
      "×",
      String(2 * n),
      "=",
      blank("any", symbol("summary", whole(costs.summary))),
    ),
  ];
}

/** @type {(state: State, values: Values) => PlotData} */
function plotData({ n, d, ask }, { costs }) {
  const longest = Math.max(2 * d, n);
  const lengths = Array.from({ length: SAMPLES + 1 }, (_, index) => (index * longest) / SAMPLES);
  const all = lengths.map((length) => costsOf({ n: length, d }));
  const points = (/** @type {"scores"|"summary"} */ order) => all.map((cost, place) => [lengths[place], cost[order]]);
  const mark = (/** @type {"scores"|"summary"} */ order) => ({
    x: n,
    y: costs[order],
    of: order,
    title: whole(costs[order]),
  });
  return {
    x: { label: "Vectors in the sequence, n", low: 0, high: longest },
    y: { label: "Multiplications", low: 0, high: Math.max(...all.flatMap((cost) => Object.values(cost))) },
    series: [
      { of: "scores", label: "scores first", dash: "8 4", points: points("scores") },
      { of: "summary", label: "summary first", strong: true, points: points("summary") },
    ],
    guides: [{ x: d, label: "n = d: equal" }],
    marks: [mark("scores"), mark("summary")],
    alt:
      "Scores first grows with the square of n, summary first in " +
      `proportion.${ask ? "" : ` At n = ${n}: ${whole(costs.scores)} and ${whole(costs.summary)}.`}`,
  };
}

/**
 * Fields for the size, the costs, their plot, and both products of the vectors above.
 * @param {Lesson} lesson
 * @param {Section} section
 */
export function addOrder(lesson, { text: words, figure }) {
  for (const key of /** @type {const} */ (["n", "d"])) addField(lesson, words, key);
  addFormula(lesson, words, { label: "Multiplications of both orders", fixed: [], live: costLines });
  addPlot(lesson, figure, { label: "Multiplications over the length of the sequence", data: plotData });
  figure.append(make("p", {}, "With Q, K and V all made of the three vectors above, one a row, α = 1:"));
  addFormula(lesson, figure, {
    label: "The same product in both orders",
    fixed: [],
    live: (_, { vectors, products }) => [
      scores(),
      row("=", blank("any", matrix(products.scores.between)), matrix(vectors)),
      row("=", symbol("scores", blank("any", matrix(products.scores.result)))),
      summary(),
      row("=", matrix(vectors), matrix(products.summary.between)),
      row("=", symbol("summary", blank("any", matrix(products.summary.result)))),
      row(
        text("multiplications: "),
        blank(
          "any",
          row(
            symbol("scores", whole(products.scores.multiplications)),
            text(" vs. "),
            symbol("summary", whole(products.summary.multiplications)),
          ),
        ),
      ),
    ],
  });
}
