/** The parts of the Detect page's document, each with a value that is watched. */

/**
 * @import { SetupPayload } from "../payloads.d.ts"
 * @import { Part, Parts, Requests, RunAnswer, SamplesListing } from "./channel.js"
 *
 * @typedef {{setup: SetupPayload, samples: SamplesListing}} DetectData what the document holds for its module
 * @typedef {Exclude<keyof Parts, "channel">} Answering the parts that tell what the server has answered
 */

/**
 * @template Value
 * @param {HTMLElement} element
 * @param {Value} value
 * @returns {Part<Value> & {answer: (given: Value) => void}} answer: puts another value in its place
 */
function createPart(element, value) {
  /** @type {(() => void)[]} */
  const listeners = [];
  const props = { value };
  return {
    element,
    props,
    watch: (_, listener) => listeners.push(listener),
    answer(given) {
      props.value = given;
      for (const listener of listeners) listener();
    },
  };
}

/** Of one that has not answered yet. @type {RunAnswer} */
const NO_ANSWER = { ticket: 0 };

/**
 * @param {HTMLElement} main with the channel, two panes and the stage
 * @param {DetectData} data
 * @param {(event: string, requests: Requests) => void} ask passes on what the page asks of the server
 */
export function createParts(main, { setup, samples }, ask) {
  /** @type {NodeListOf<HTMLElement>} */
  const [a, b] = main.querySelectorAll(".pv-panes > .pv-root");
  /** @type {Requests} */
  const asked = {};
  const props = { value: asked, setup };
  return {
    channel: { element: main, props, trigger: (/** @type {string} */ event) => ask(event, props.value) },
    photo: createPart(main, NO_ANSWER),
    samples: createPart(main, samples),
    batch: createPart(main, NO_ANSWER),
    pane_a: createPart(a, NO_ANSWER),
    pane_b: createPart(b, NO_ANSWER),
  };
}
