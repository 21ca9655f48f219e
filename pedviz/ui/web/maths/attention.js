/**
 * Attention with numbers small enough to follow by hand: the twin of pedviz/theory/attention.py, held equal
 * to it by a test.
 *
 * A matrix is an array of rows, of floats or of Fractions. What only adds, multiplies and divides keeps
 * fractions exact.
 *
 * @import { Scalar } from "./fractions.js"
 * @typedef {"proper"|"outside"|"undefined"} RowState
 * @typedef {"scores_first"|"summary_first"} Order
 * @typedef {number|string|Written[]} Written nested arrays of whole numbers, or of texts such as "2.5" or "3/10"
 * @typedef {Fraction|Exact[]} Exact the same, never rounded
 */

import { softmax } from "./activations.js";
import { exceeds, Fraction, over, plus, times } from "./fractions.js";

/** @type {<Cell>(matrix: Cell[][]) => Cell[][]} */
const transposed = (matrix) => matrix[0].map((_, column) => matrix.map((row) => row[column]));
/** @type {<Value extends Scalar>(values: Value[]) => Value} */
const total = (values) => values.reduce(plus);
/** @type {<Value extends Scalar>(first: Value[][], second: Value[][]) => Value[][]} */
const product = (first, second) => {
  const columns = transposed(second);
  return first.map((row) => columns.map((column) => total(row.map((value, k) => times(value, column[k])))));
};

/**
 * Numbers that are never rounded.
 * @param {Written} numbers
 * @returns {Exact}
 */
export function asFractions(numbers) {
  return Array.isArray(numbers) ? numbers.map(asFractions) : Fraction.of(numbers);
}

/**
 * Every dot product of every vector with every vector.
 * @template {Scalar} Value
 * @param {Value[][]} vectors
 */
export function gram(vectors) {
  return product(vectors, transposed(vectors));
}

/**
 * The length of each vector, as floats.
 * @param {Scalar[][]} gramMatrix
 */
export function lengths(gramMatrix) {
  return gramMatrix.map((row, place) => Math.sqrt(Number(row[place])));
}

/**
 * Per row "proper" (linear weights within [0, 1]), "outside", or "undefined" (the sum is 0).
 * @template {Scalar} Value
 * @param {Value[][]} similarities
 * @returns {RowState[]}
 */
export function linearRowStates(similarities) {
  return similarities.map((row) => {
    if (Number(total(row)) === 0) return "undefined";
    return row.some((value) => Number(value) < 0) && row.some((value) => Number(value) > 0) ? "outside" : "proper";
  });
}

/**
 * Each row divided by its sum.
 * @template {Scalar} Value
 * @param {Value[][]} similarities
 * @throws {RangeError} a row sums to 0: its weights do not exist
 */
export function linearWeights(similarities) {
  const place = linearRowStates(similarities).indexOf("undefined");
  if (place >= 0) throw new RangeError(`row ${place} sums to 0, so its linear weights do not exist`);
  return similarities.map((row) => row.map((value) => over(value, total(row))));
}

/**
 * What a transformer does instead: softmax of each row, as floats, divided by sqrt(dimension) unless that is 0.
 * @param {Scalar[][]} similarities
 * @returns {number[][]}
 */
export function softmaxWeights(similarities, { dimension = 0 } = {}) {
  const scale = dimension ? Math.sqrt(dimension) : 1;
  return similarities.map((row) => softmax(row.map((value) => Number(value) / scale)));
}

/**
 * The output of attention: each row of weights mixes the vectors.
 * @template {Scalar} Value
 * @param {Value[][]} weights
 * @param {Value[][]} vectors
 */
export function mixtures(weights, vectors) {
  return product(weights, vectors);
}

/**
 * Every cross similarity that exceeds a self similarity: {first, second, itself}, first < second.
 * @param {Scalar[][]} gramMatrix
 */
export function crossings(gramMatrix) {
  const places = gramMatrix.map((_, place) => place);
  return places.flatMap((first) =>
    places
      .slice(first + 1)
      .flatMap((second) =>
        places
          .filter((itself) => exceeds(gramMatrix[first][second], gramMatrix[itself][itself]))
          .map((itself) => ({ first, second, itself })),
      ),
  );
}

/**
 * Whether a vector is more similar to another, `lengthRatio` times as long, than to itself.
 * @param {number} lengthRatio
 * @param {number} cosine
 */
export function exceedsItself(lengthRatio, cosine) {
  return lengthRatio * cosine > 1;
}

/**
 * How many numbers Q K^T V multiplies with each other.
 * @param {Order} order
 * @param {{count: number, dimension: number, others?: number, width?: number}} sizes n, d, m and e
 */
export function multiplications(order, { count, dimension, others = count, width = dimension }) {
  return order === "scores_first" ? count * others * (dimension + width) : dimension * width * (count + others);
}

/**
 * Q K^T V in one of its two orders.
 * @template {Scalar} Value
 * @param {Value[][]} queries n x d
 * @param {Value[][]} keys m x d
 * @param {{values: Value[][], order?: Order}} how values, m x e
 * @returns between, the intermediate matrix
 */
export function linearAttention(queries, keys, { values, order = "scores_first" }) {
  const sizes = { count: queries.length, dimension: queries[0].length, others: keys.length, width: values[0].length };
  const scoresFirst = order === "scores_first";
  const between = scoresFirst ? product(queries, transposed(keys)) : product(transposed(keys), values);
  const result = scoresFirst ? product(between, values) : product(queries, between);
  return { result, between, multiplications: multiplications(order, sizes) };
}
