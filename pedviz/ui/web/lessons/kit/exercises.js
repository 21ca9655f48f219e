/** Exercises to solve by hand, each with its answer to unfold. */

import { make } from "../../base/dom.js";

/**
 * @param {HTMLElement} host
 * @param {{asks: string, answer: string}[]} exercises of rising difficulty
 */
export function addExercises(host, exercises) {
  const item = ({ asks, answer }) =>
    make("li", {}, make("p", {}, asks), make("details", {}, make("summary", {}, "Answer"), make("p", {}, answer)));
  host.append(make("h2", {}, "Exercises"), make("ol", {}, ...exercises.map(item)));
}
