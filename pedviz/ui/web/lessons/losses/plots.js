/** The plots of the losses lesson. */

/**
 * @import { PlotData } from "../../charts/plot.js"
 * @import { Section } from "../kit/frame.js"
 * @import { LossesLesson, Regression, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { format, roundTo } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { blank, name, number, row, sub, sup, text } from "../kit/mathml.js";
import { LOSSES, lossAt } from "./values.js";

const REACH = 3; // errors shown to either side
const POINTS = 241;
/** @type {Record<Regression, string|null>} */
const DASHES = { l2: "8 5", l1: "2 4", smooth: null };
const TOP = 5; // of the cross-entropy

const errors = Array.from({ length: POINTS }, (_, index) => -REACH + (2 * REACH * index) / (POINTS - 1));

/**
 * @param {"loss"|"slope"} part
 * @param {string} label
 * @param {number} low
 * @param {number} high
 * @returns {(state: State, values: Values) => PlotData}
 */
function lossPlot(part, label, low, high) {
  return ({ r, beta, ask }, values) => ({
    x: { label: "Error x", low: -REACH, high: REACH },
    y: { label, low, high },
    series: LOSSES.map(([kind, title]) => ({
      of: kind,
      label: title,
      dash: DASHES[kind],
      strong: kind === "smooth",
      points: errors.map((error) => [error, lossAt(kind, error, beta)[part]]),
    })),
    alt: `${label} over the error.${
      ask
        ? ""
        : ` At ${format(r, 2)}: ${LOSSES.map(([kind, title]) => `${title} ${format(values.at[kind][part], 3)}`).join(
            ", ",
          )}.`
    }`,
  });
}

/**
 * Three losses of one error and their gradients, with one cursor.
 * @param {LossesLesson} lesson
 * @param {Section} section
 */
export function addRegression(lesson, { text: words, figure }) {
  addField(lesson, words, "r", { of: "smooth" });
  addField(lesson, words, "beta", { of: "smooth" });
  const cursor = (/** @type {"loss"|"slope"} */ part) => ({
    label: "Error x",
    of: "smooth",
    step: () => 0.05,
    place: (/** @type {State} */ { r }, /** @type {Values} */ values) => ({ x: r, y: values.at.smooth[part] }),
    move: (/** @type {{x: number}} */ { x }) => lesson.fit({ r: roundTo(x, 0.01) }),
  });
  const parts = (/** @type {State} */ { r, beta }) => [r, beta];
  addPlot(lesson, figure, {
    label: "Three losses of an error",
    data: lossPlot("loss", "Loss", 0, 4.5),
    cursor: cursor("loss"),
    parts,
  });
  addPlot(lesson, figure, {
    label: "Their gradients",
    data: lossPlot("slope", "Gradient", -3, 3),
    cursor: cursor("slope"),
    shape: 0.4,
    parts,
  });
  addFormula(lesson, words, {
    label: "Losses at this error",
    fixed: [],
    live: ({ r }, { at }) =>
      LOSSES.map(([kind, title]) =>
        row(
          text(`${title}(`),
          number(kind, r),
          text(") = "),
          blank(kind === "smooth" ? "smooth" : "any", number(kind, at[kind].loss)),
          text(", gradient "),
          number(kind, at[kind].slope),
        ),
      ),
  });
}

/**
 * The cost of a probability, for both truths.
 * @param {LossesLesson} lesson
 * @param {Section} section
 */
export function addLog(lesson, { text: words, figure }) {
  addField(lesson, words, "p", { of: "log" });
  addField(lesson, words, "y");
  const steps = Array.from({ length: 200 }, (_, index) => (index + 0.5) / 200);
  addPlot(lesson, figure, {
    label: "Cross-entropy vs. probability",
    parts: ({ p, y }) => [p, y],
    data: ({ p, y, ask }, { log }) => ({
      x: { label: "Probability given to “person”", low: 0, high: 1 },
      y: { label: "Loss", low: 0, high: TOP },
      series: [
        {
          of: "log",
          label: "a person is there: −log p",
          strong: y === "1",
          points: steps.map((one) => [one, -Math.log(one)]),
        },
        {
          of: "none",
          label: "nobody is there: −log(1 − p)",
          dash: "8 5",
          strong: y === "0",
          points: steps.map((one) => [one, -Math.log(1 - one)]),
        },
      ],
      alt:
        "Cross-entropy vs. probability, for both " +
        `truths.${ask ? "" : ` At p = ${format(p, 2)} the loss is ${format(log.loss, 3)}.`}`,
    }),
    cursor: {
      label: "Probability p",
      of: "log",
      step: () => 0.01,
      place: ({ p }, { log }) => ({ x: p, y: Math.min(log.loss, TOP) }),
      move: ({ x }) => lesson.fit({ p: roundTo(x, 0.01) }),
    },
  });
  addFormula(lesson, words, {
    label: "Cross-entropy",
    fixed: [
      row(
        "L",
        "=",
        "−",
        name("log"),
        row("(", "p", "y", "+", row("(", "1", "−", "p", ")"), row("(", "1", "−", "y", ")"), ")"),
      ),
    ],
    live: ({ p, y }, { log, logitSlope }) => [
      row("L", "=", blank("log", Number.isFinite(log.loss) ? number("log", log.loss) : text("∞, given no chance"))),
      row(text("gradient at z: "), "p", "−", "y", "=", number("log", p, 2), "−", y, "=", number("log", logitSlope, 2)),
    ],
  });
}

/**
 * One cell of a mask: a sigmoid of its own class, or a softmax of all.
 * @param {LossesLesson} lesson
 * @param {Section} section
 */
export function addMaskCell(lesson, { text: words, figure }) {
  addField(lesson, words, "z", { of: "cell" });
  const body = make("tbody");
  figure.append(
    framedTable({
      label: "Losses of one cell",
      caption: "Loss of this cell, and the gradient that each class's map gets from it",
      heads: ["", "Loss", "person (true)", "bicycle", "dog"],
      rows: body,
    }),
  );
  lesson.onDraw(({ z }, { cell }) => {
    const slopes = [[cell.alone.slope, 0, 0], cell.shared.slope];
    /** @type {(title: string, loss: number, values: number[], key: string) => HTMLElement} */
    const line = (title, loss, values, key) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, title),
        make("td", { "data-answer": key }, format(loss, 4)),
        ...values.map((value) => make("td", {}, format(value, 4))),
      );
    body.replaceChildren(
      make(
        "tr",
        {},
        make("th", { scope: "row" }, "Logit z"),
        make("td", {}, ""),
        ...z.map((value) => make("td", {}, format(value, 1))),
      ),
      line("Sigmoid, Mask R-CNN", cell.alone.loss, slopes[0], "alone"),
      line("Softmax, competing", cell.shared.loss, slopes[1], "any"),
    );
  }, figure);
  addFormula(lesson, words, {
    label: "Both losses",
    fixed: [row(sub("L", "σ"), "=", name("log"), row("(", "1", "+", sup("e", row("−", "z")), ")"))],
    live: (_, { cell }) => [
      row(
        text("sigmoid: "),
        blank("alone", number("cell", cell.alone.loss)),
        text(", softmax: "),
        blank("any", number("shared", cell.shared.loss)),
      ),
    ],
  });
}
