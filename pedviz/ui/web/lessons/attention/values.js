/** Everything that follows from the state of the lesson on attention. */

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
export const KEYS = ["z1", "z2", "z3"];
const ORDERS = { scores: "scores_first", summary: "summary_first" };

const PLACES = KEYS.map((_, place) => place);
const [FIRST, SECOND, TURNED] = PLACES; // the last one is multiplied by t
const exact = (value) => Fraction.simplest(value);
const floats = (matrix) => matrix.map((row) => row.map(Number));
const mapped = (table, change) => Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]));

const vectorsOf = (state) => KEYS.map((key) => state[key].map(exact));

/** How each row of similarities fares when it is divided by its sum: "proper", "outside" or "undefined". */
export const rowStatesOf = (state) => linearRowStates(gram(vectorsOf(state)));

/** Each row's linear weights in exact fractions; null for a row that sums to 0. */
function linearRows(similarities, states) {
  return similarities.map((row, place) => (states[place] === "undefined" ? null : linearWeights([row])[0]));
}

/** The cosine of the angle between every two vectors; null where one has no length. */
function cosinesOf(similarities, norms) {
  return PLACES.map((i) =>
    PLACES.map((j) => {
      const both = norms[i] * norms[j];
      return both > 0 ? Math.max(-1, Math.min(1, Number(similarities[i][j]) / both)) : null;
    }),
  );
}

/** Every i·j against every k·k: `cosine` of the angle, and `bar`, k·k over both lengths, which it has to pass. */
function comparisonsOf(norms, cosines, found) {
  const pairs = PLACES.flatMap((i) => PLACES.slice(i + 1).map((j) => [i, j])).filter(
    ([i, j]) => cosines[i][j] !== null,
  );
  return pairs.flatMap(([i, j]) =>
    PLACES.map((k) => ({
      i,
      j,
      k,
      cosine: cosines[i][j],
      bar: norms[k] ** 2 / (norms[i] * norms[j]),
      exceeds: found.some(({ first, second, itself }) => first === i && second === j && itself === k),
    })),
  );
}

/** What becomes of one row's linear weights when the last vector is multiplied by t: exact with fractions. */
export function turnedRow(vectors, place, t) {
  const turned = vectors.with(
    TURNED,
    vectors[TURNED].map((value) => times(value, t)),
  );
  const row = gram(turned)[place];
  const [state] = linearRowStates([row]);
  return { row, state, sum: row.reduce(plus), weights: state === "undefined" ? null : linearWeights([row])[0] };
}

/** Where that row's sum is 0, as exact fractions of t. */
function polesOf(similarities, place) {
  const row = similarities[place];
  const others = plus(row[FIRST], row[SECOND]);
  const outer = Number(row[TURNED]) === 0 ? [] : [times(over(others, row[TURNED]), exact(-1))];
  return place === TURNED ? [exact(0), ...outer.filter((pole) => Number(pole) !== 0)] : outer;
}

/** Multiplications of both orders for n queries, keys and values of d coordinates each. */
export function costsOf({ n, d }) {
  return mapped(ORDERS, (order) => multiplications(order, { count: n, dimension: d }));
}

/**
 * @param {Object} state
 * @returns {Object} `vectors` and `similarities` in multiples of alpha and of its square, `gram` with it, all exact;
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
    outputs: mapped(weights, (matrix) =>
      matrix.map((row) => row && mixtures([row], row[0] instanceof Fraction ? vectors : floats(vectors))[0]),
    ),
    crossings: found,
    comparisons: comparisonsOf(bare, cosines, found),
    turned: turnedRow(vectors, looking, exact(state.t)),
    poles: polesOf(similarities, looking),
    products: mapped(ORDERS, (order) => linearAttention(vectors, vectors, { values: vectors, order })),
    costs: costsOf(state),
  };
}
