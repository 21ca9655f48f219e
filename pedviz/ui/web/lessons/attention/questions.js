/**
 * What the lesson on attention asks.
 *
 * @import { Question } from "../kit/questions.js"
 * @import { State, Values } from "./values.js"
 */

/**
 * @template Said
 * @typedef {(i: number, j: number, values: Values, state: State) => Said} About the query i and another, j
 */

import { format } from "../../base/numbers.js";
import { AXES, KEYS } from "./values.js";
import { chosenOf } from "./weights.js";

const ROUGH = 0.01;

/**
 * A question about the query and what it is compared with.
 * @param {Omit<Question<State, Values>, "asks"|"answer"|"explains"> &
 *   {asks: About<string>, answer: About<number|null>, explains: About<string>}} question
 */
const about = ({ asks, answer, explains, ...rest }) => {
  /** @type {<Said>(ask: About<Said>) => (state: State, values: Values) => Said} */
  const given = (ask) => (state, values) => ask(...chosenOf(state), values, state);
  return { ...rest, asks: given(asks), answer: given(answer), explains: given(explains) };
};

/** @type {Question<State, Values>[]} */
export const QUESTIONS = [
  about({
    key: "dot",
    tolerance: ROUGH,
    asks: (i, j, _, { alpha }) => `What is ${KEYS[i]} · ${KEYS[j]}, with α = ${format(alpha, 2)}?`,
    answer: (i, j, { gram }) => Number(gram[i][j]),
    explains: () => "Coordinate times coordinate, summed, times α squared.",
  }),
  about({
    key: "norm",
    tolerance: ROUGH,
    asks: (i) => `How long is ${KEYS[i]}?`,
    answer: (i, _, { norms }) => norms[i],
    explains: () => "The root of its dot product with itself.",
  }),
  about({
    key: "linear",
    after: "weights",
    tolerance: ROUGH / 2,
    asks: (i, j) => `Which linear weight does ${KEYS[i]} give to ${KEYS[j]}?`,
    answer: (i, j, { weights }) => (weights.linear[i] ? Number(weights.linear[i][j]) : null),
    explains: (i, j, { weights }) =>
      weights.linear[i] ? `Exactly ${weights.linear[i][j]}.` : "Its row sums to 0, and nothing can be divided by 0.",
  }),
  about({
    key: "scaled",
    after: "weights",
    tolerance: ROUGH / 2,
    asks: (i, j) =>
      `And which with softmax of similarity / √d, d = ${AXES.length}?`.replace(
        "which",
        `which does ${KEYS[i]} give to ${KEYS[j]}`,
      ),
    answer: (i, j, { weights }) => weights.scaled[i][j],
    explains: () => "Exponentials of the halved similarities, over their sum.",
  }),
  {
    key: "cost",
    after: "order",
    tolerance: 0,
    asks: ({ n, d }) => `How many multiplications does (Q Kᵀ) V take for n = ${n}, d = ${d}?`,
    answer: (_, { costs }) => costs.scores,
    explains: ({ n, d }) => `${n} × ${n} × (${d} + ${d}).`,
  },
];
