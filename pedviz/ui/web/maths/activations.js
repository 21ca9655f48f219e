/** From logits to probabilities, without overflow: the twin of pedviz/theory/activations.py. */

/**
 * The probability of yes, in [0, 1].
 * @param {number} logit
 */
export function sigmoid(logit) {
  const shrunk = Math.exp(-Math.abs(logit));
  return (logit >= 0 ? 1 : shrunk) / (1 + shrunk);
}

/**
 * Shares of 1 among scores: the larger a score, the larger its share.
 * @param {number[]} scores
 */
export function softmax(scores) {
  const largest = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - largest));
  const sum = raised.reduce((total, value) => total + value, 0);
  return raised.map((value) => value / sum);
}
