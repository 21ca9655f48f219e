/** Everything that follows from the state of the lesson on attention. */

import { crossings, exceedsItself, gram, lengths, linearRowStates, linearWeights, mixtures, softmaxWeights } from "./attention.js";
import { Fraction } from "./fractions.js";

export const AXES = ["p", "q", "r", "s"];
export const KEYS = ["z1", "z2", "z3"];
const DECIMALS = 6; // of a typed coordinate that count

const exact = (value) => Fraction.of(value.toFixed(DECIMALS));
const floats = (matrix) => matrix.map((row) => row.map(Number));

/** Each row's linear weights in exact fractions; null for a row that sums to 0. */
function linearRows(similarities, states) {
  return similarities.map((row, place) => (states[place] === "undefined" ? null : linearWeights([row])[0]));
}

/** Ordered pairs: how long i is against j, and the cosine of their angle; none where one has no length. */
function pairsOf(similarities, norms) {
  const places = KEYS.map((_, place) => place);
  return places.flatMap((i) => places.filter((j) => j !== i && norms[i] > 0 && norms[j] > 0).map((j) => {
    const cosine = Math.max(-1, Math.min(1, Number(similarities[i][j]) / (norms[i] * norms[j])));
    return { i, j, ratio: norms[i] / norms[j], cosine, exceeds: exceedsItself(norms[i] / norms[j], cosine) };
  }));
}

/**
 * @param {Object} state
 * @returns {Object} `similarities` (the Gram matrix without alpha, exact), `gram` (with it, floats), `norms` with alpha;
 *   `rows`, how each row fares when divided by its sum; `weights` by kind, linear ones exact or null a row; `outputs`
 *   of the chosen kind, null where there are no weights; `crossings`, `pairs`; `costs` of both orders
 */
export function valuesOf(state) {
  const vectors = KEYS.map((key) => state[key].map(exact));
  const similarities = gram(vectors);
  const scaled = floats(similarities).map((row) => row.map((value) => value * state.alpha ** 2));
  const rows = linearRowStates(similarities);
  const weights = { linear: linearRows(similarities, rows), softmax: softmaxWeights(scaled), scaled: softmaxWeights(scaled, { dimension: AXES.length }) };
  const numbers = floats(vectors);
  const norms = lengths(similarities);
  return {
    similarities, gram: scaled, norms: norms.map((length) => length * state.alpha), rows, weights, vectors: numbers,
    outputs: weights[state.how].map((row) => row && mixtures([row.map(Number)], numbers)[0]),
    crossings: crossings(similarities), pairs: pairsOf(similarities, norms), costs: costsOf(state),
  };
}

/** Multiplications of both orders for n queries, keys and values of d coordinates each. */
export function costsOf({ n, d }) {
  return { scores: n * n * (d + d), summary: d * d * (n + n) };
}
