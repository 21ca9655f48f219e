/**
 * Everything that follows from the state of the lesson on attention.
 *
 * @import { Common } from "../kit/kit.js"
 * @typedef {"z1"|"z2"|"z3"} Key
 * @typedef {"linear"|"softmax"|"scaled"} How
 * @typedef {Record<Key, number[]> & Record<"alpha"|"t"|"n"|"d", number> & Record<"row"|"key", string> & {how: How}
 *   & Common} State
 * @typedef {ReturnType<typeof valuesOf>} Values
 * @typedef {import("../kit/kit.js").Lesson<State, Values>} Lesson
 */

import {
  crossings,
  gram,
  lengths,
  linearAttention,
  linearRowStates,
  linearWeights,
  mixtures,
  multiplications,
  softmaxWeights,
} from "../../maths/attention.js";
import { Fraction, over, plus, times } from "../../maths/fractions.js";

export const AXES = ["p", "q", "r", "s"];
/** @type {Key[]} */
export const KEYS = ["z1", "z2", "z3"];

const PLACES = KEYS.map((_, place) => place);
const [FIRST, SECOND, TURNED] = PLACES; // the last one is multiplied by t
const exact = (/** @type {number} */ value) => Fraction.simplest(value);
const floats = (/** @type {Fraction[][]} */ matrix) => matrix.map((row) => row.map(Number));

/**
 * Something for both orders.
 * @template Found
 * @param {(order: "scores_first"|"summary_first") => Found} find
 */
const byOrder = (find) => ({ scores: find("scores_first"), summary: find("summary_first") });

const vectorsOf = (/** @type {State} */ state) => KEYS.map((key) => state[key].map(exact));

/** How each row of similarities fares when it is divided by its sum: "proper", "outside" or "undefined". */
export const rowStatesOf = (/** @type {State} */ state) => linearRowStates(gram(vectorsOf(state)));

/**
 * Each row's linear weights in exact fractions; null for a row that sums to 0.
 * @param {Fraction[][]} similarities
 * @param {ReturnType<typeof rowStatesOf>} states
 */
function linearRows(similarities, states) {
  return similarities.map((row, place) => (states[place] === "undefined" ? null : linearWeights([row])[0]));
}

/**
 * The cosine of the angle between every two vectors; null where one has no length.
 * @param {Fraction[][]} similarities
 * @param {number[]} norms
 */
function cosinesOf(similarities, norms) {
  return PLACES.map((i) =>
    PLACES.map((j) => {
      const both = norms[i] * norms[j];
      return both > 0 ? Math.max(-1, Math.min(1, Number(similarities[i][j]) / both)) : null;
    }),
  );
}

/**
 * Every i·j against every k·k: `cosine` of the angle, and `bar`, k·k over both lengths, which it has to pass.
 * @param {number[]} norms
 * @param {(number|null)[][]} cosines
 * @param {ReturnType<typeof crossings>} found
 */
function comparisonsOf(norms, cosines, found) {
  const pairs = PLACES.flatMap((i) => PLACES.slice(i + 1).map((j) => ({ i, j, cosine: cosines[i][j] })));
  return pairs.flatMap(({ i, j, cosine }) =>
    cosine === null
      ? []
      : PLACES.map((k) => ({
          i,
          j,
          k,
          cosine,
          bar: norms[k] ** 2 / (norms[i] * norms[j]),
          exceeds: found.some(({ first, second, itself }) => first === i && second === j && itself === k),
        })),
  );
}

/**
 * What becomes of one row's linear weights when the last vector is multiplied by t: exact with fractions.
 * @template {number|Fraction} Value
 * @param {Value[][]} vectors
 * @param {number} place
 * @param {Value} t
 */
export function turnedRow(vectors, place, t) {
  const turned = vectors.with(
    TURNED,
    vectors[TURNED].map((value) => times(value, t)),
  );
  const row = gram(turned)[place];
  const [state] = linearRowStates([row]);
  return { row, state, sum: row.reduce(plus), weights: state === "undefined" ? null : linearWeights([row])[0] };
}

/**
 * Where that row's sum is 0, as exact fractions of t.
 * @param {Fraction[][]} similarities
 * @param {number} place
 */
function polesOf(similarities, place) {
  const row = similarities[place];
  const others = plus(row[FIRST], row[SECOND]);
  const outer = Number(row[TURNED]) === 0 ? [] : [times(over(others, row[TURNED]), exact(-1))];
  return place === TURNED ? [exact(0), ...outer.filter((pole) => Number(pole) !== 0)] : outer;
}

/**
 * Multiplications of both orders for n queries, keys and values of d coordinates each.
 * @param {{n: number, d: number}} sizes
 */
export function costsOf({ n, d }) {
  return byOrder((order) => multiplications(order, { count: n, dimension: d }));
}

/**
 * @param {State} state
 * `vectors` and `similarities` in multiples of alpha and of its square, `gram` with it, all exact;
 *   `norms` with alpha; `cosines`; `rows`, how each row fares when divided by its sum; `weights` and `outputs` by
 *   kind, linear ones exact, null where a row has none; `crossings` and `comparisons` with self similarities;
 *   `turned` and `poles` of the chosen row; `products` of the vectors and `costs` of n and d in both orders
 */
export function valuesOf(state) {
  const vectors = vectorsOf(state);
  const similarities = gram(vectors);
  const square = times(exact(state.alpha), exact(state.alpha));
  const whole = similarities.map((row) => row.map((value) => times(value, square)));
  const [rows, bare, found] = [linearRowStates(similarities), lengths(similarities), crossings(similarities)];
  const weights = {
    linear: linearRows(similarities, rows),
    softmax: softmaxWeights(whole),
    scaled: softmaxWeights(whole, { dimension: AXES.length }),
  };
  const cosines = cosinesOf(similarities, bare);
  const looking = Number(state.row) - 1;
  return {
    vectors,
    similarities,
    gram: whole,
    norms: bare.map((length) => length * state.alpha),
    cosines,
    rows,
    weights,
    outputs: {
      linear: weights.linear.map((row) => row && mixtures([row], vectors)[0]),
      softmax: mixtures(weights.softmax, floats(vectors)),
      scaled: mixtures(weights.scaled, floats(vectors)),
    },
    crossings: found,
    comparisons: comparisonsOf(bare, cosines, found),
    turned: turnedRow(vectors, looking, exact(state.t)),
    poles: polesOf(similarities, looking),
    products: byOrder((order) => linearAttention(vectors, vectors, { values: vectors, order })),
    costs: costsOf(state),
  };
}
