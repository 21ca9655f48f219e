/**
 * The Detect page of a copy without a server: the parts that Gradio's components are elsewhere. Samples and their
 * results are files of the site, so what reaches these parts is only what such a copy cannot do. Answers come after
 * the question was asked, as a server's do: whoever asks knows the ticket only then.
 */

import { mount as mountPart } from "./page.js";
import { PANES } from "./scene.js";

/**
 * @import { SetupPayload } from "../payloads.d.ts"
 * @import { Part, Requests, RunAnswer, SamplesListing } from "./channel.js"
 */

const NOT_STORED =
  "Its result is not part of this copy of the site: it needs the server. Install PedViz and run: pedviz app";

/**
 * What a component of Gradio's is to a module: an element and a value that is watched.
 * @template Value
 * @param {HTMLElement} element
 * @param {Value} value
 * @returns {Part<Value> & {answer: (given: Value) => void}}
 */
function createPart(element, value) {
  /** @type {(() => void)[]} */
  const listeners = [];
  const props = { value };
  return {
    element,
    props,
    watch: (_, listener) => listeners.push(listener),
    trigger() {},
    answer(given) {
      props.value = given;
      for (const listener of listeners) listener();
    },
  };
}

/** Of one that has not answered yet. @type {RunAnswer} */
const NO_ANSWER = { ticket: 0 };

/**
 * Start the page.
 * @param {HTMLElement} main with the channel, two panes and the stage
 * @param {{setup: SetupPayload, samples: SamplesListing}} data as pedviz/ui/detect.py gives them to the components
 */
export function mount(main, { setup, samples }) {
  /** @type {NodeListOf<HTMLElement>} */
  const [first, second] = main.querySelectorAll(".pv-panes > .pv-root");
  const photo = createPart(main, NO_ANSWER);
  const panes = { a: createPart(first, NO_ANSWER), b: createPart(second, NO_ANSWER) };
  /** @type {Requests} */
  const asked = {};
  const carrier = createPart(main, asked);
  const props = Object.assign(carrier.props, { setup });
  const trigger = (/** @type {string} */ event) => {
    const requests = props.value;
    if (event === "choose") queueMicrotask(() => photo.answer({ ticket: requests.photo.ticket }));
    const pane = PANES.find((one) => event === `run_${one}`);
    if (pane) queueMicrotask(() => panes[pane].answer({ ticket: requests[pane].ticket, error: NOT_STORED }));
  };
  mountPart("channel", { ...carrier, props, trigger });
  mountPart("photo", photo);
  mountPart("samples", createPart(main, samples));
  mountPart("batch", createPart(main, NO_ANSWER));
  mountPart("pane_a", panes.a);
  mountPart("pane_b", panes.b);
  mountPart("stage", createPart(main, null));
}
