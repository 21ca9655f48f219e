/**
 * The Gram matrix, the lengths and the three kinds of weights in tables.
 *
 * @import { Fraction } from "../../maths/fractions.js"
 * @import { Section } from "../kit/frame.js"
 * @import { How, Lesson, State, Values } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { fixed, format } from "../../base/numbers.js";
import { patchChildren } from "../../base/patch.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { blank, number, root, row, symbol, text } from "../kit/mathml.js";
import { AXES, KEYS } from "./values.js";
import { sumOf, vectorName, written, writtenMath } from "./written.js";

/** @type {[how: How, title: string][]} */
const TITLES = [
  ["linear", "Linear"],
  ["softmax", "Softmax"],
  ["scaled", "Softmax of similarity / √d"],
];
const FATES = {
  proper: "all weights within 0 and 1",
  outside: "weights outside 0 and 1",
  undefined: "the sum is 0: no weights",
};
const DIGITS = 3;

/** @returns {[number, number]} */
export const chosenOf = (/** @type {State} */ { row: looking, key }) => [Number(looking) - 1, Number(key) - 1];

const head = (/** @type {string} */ key) =>
  make("th", { scope: "col", "data-of": KEYS.some((one) => one === key) ? key : null }, key);
const outside = (/** @type {number|Fraction} */ value) => Number(value) < 0 || Number(value) > 1;

/**
 * A table with a row and a column for every vector.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {Object} options
 * @param {string} options.title
 * @param {string} options.answer key of the question about the chosen cell
 * @param {(values: Values, row: number, column: number) => {text: string, bent?: boolean}} options.cell
 * @param {{title: string, cell: (values: Values, row: number) => string}} [options.last] one more column
 */
function addMatrix(lesson, host, { title, answer, cell, last }) {
  const body = make("tbody");
  const heads = ["", ...KEYS, ...(last ? [last.title] : [])].map(head);
  host.append(framedTable({ label: title, caption: title, heads, rows: body }));
  lesson.onDraw((state, values) => {
    const [i, j] = chosenOf(state);
    patchChildren(
      body,
      KEYS.map((key, p) =>
        make(
          "tr",
          {},
          make("th", { scope: "row", "data-of": key }, key),
          ...KEYS.map((_, q) => {
            const { text: content, bent = false } = cell(values, p, q);
            const isChosen = p === i && q === j;
            const classes = [isChosen && "pvl-chosen", bent && "pvl-bent"].filter(Boolean).join(" ");
            return make("td", { "data-answer": isChosen ? answer : "any", class: classes || null }, content);
          }),
          ...(last ? [make("td", { "data-answer": "any" }, last.cell(values, p))] : []),
        ),
      ),
    );
  }, host);
}

/**
 * @param {How} how
 * @returns {(values: Values, row: number, column: number) => {text: string, bent?: boolean}}
 */
function weightCell(how) {
  return ({ weights }, p, q) => {
    const value = weights[how][p]?.[q];
    if (value === undefined) return { text: "none", bent: true };
    return { text: typeof value === "number" ? fixed(value, DIGITS) : written(value), bent: outside(value) };
  };
}

/**
 * Similarities, lengths, and each row turned into weights in three ways.
 * @param {Lesson} lesson
 * @param {Section} section
 */
export function addWeights(lesson, { figure }) {
  const host = make("div", { class: "pvl-att-tables" });
  figure.append(host);
  addMatrix(lesson, host, {
    title: "Similarities (Gram matrix)",
    answer: "dot",
    cell: ({ gram }, p, q) => ({ text: written(gram[p][q], DIGITS) }),
    last: {
      title: "sum",
      cell: ({ gram }, p) =>
        written(
          gram[p].reduce((sum, value) => sum.plus(value)),
          DIGITS,
        ),
    },
  });
  for (const [how, title] of TITLES)
    addMatrix(lesson, host, { title, answer: how === "softmax" ? "any" : how, cell: weightCell(how) });
  const states = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  figure.append(states);
  lesson.onDraw((_, { rows }) => {
    say(states, `Linear weights: ${rows.map((kind, place) => `${KEYS[place]}: ${FATES[kind]}`).join("; ")}.`);
  }, figure);
  addLengths(lesson, figure);
}

/** @param {Lesson} lesson @param {HTMLElement} host */
function addLengths(lesson, host) {
  const size = (/** @type {number} */ place) => row(text("|"), vectorName(place), text("|"));
  addFormula(lesson, host, {
    label: "Lengths",
    fixed: [],
    live: (state, { gram, norms }) =>
      norms.map((length, place) =>
        row(
          size(place),
          "=",
          blank(
            place === chosenOf(state)[0] ? "norm" : "any",
            row(
              symbol(KEYS[place], root(writtenMath(gram[place][place]))),
              text(" ≈ "),
              number(KEYS[place], length, DIGITS),
            ),
          ),
        ),
      ),
  });
}

/**
 * Each vector as it is, and as the mixture that it becomes, in the colours of what it is made of.
 * @param {State} state
 * @param {Values} values
 */
export function mixtureLines({ how }, { vectors, weights, outputs }) {
  const axis = (/** @type {number} */ place) => text(AXES[place]);
  return KEYS.flatMap((_, place) => {
    const [mine, output] = [weights[how][place], outputs[how][place]];
    const name = vectorName(place);
    if (!mine || !output) return [row(name, "→", blank("any", text("does not exist: its similarities sum to 0")))];
    const mixture = sumOf(mine, (other) => vectorName(other), { digits: DIGITS, of: (other) => KEYS[other] });
    return [
      row(name, "=", sumOf(vectors[place], axis), "→", blank("any", mixture)),
      row(text("\u2003"), "=", blank("any", sumOf(output, axis, { digits: DIGITS }))),
    ];
  });
}

/**
 * A dot product, coordinate by coordinate.
 * @param {State} state
 * @param {Values} values
 */
export function dotLine(state, { vectors, gram }) {
  const [i, j] = chosenOf(state);
  const terms = vectors[i].flatMap((value, axis) => [
    ...(axis ? ["+"] : []),
    symbol(KEYS[i], writtenMath(value)),
    "·",
    symbol(KEYS[j], writtenMath(vectors[j][axis])),
  ]);
  const alpha = state.alpha === 1 ? [] : [text(` times ${format(state.alpha)}²`)];
  return row(
    vectorName(i),
    "·",
    vectorName(j),
    "=",
    ...(alpha.length ? ["(", ...terms, ")"] : terms),
    ...alpha,
    "=",
    blank("dot", symbol(KEYS[j], writtenMath(gram[i][j]))),
  );
}
