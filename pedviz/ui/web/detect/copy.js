/**
 * The Detect page of a copy without a server: the parts that Gradio's components are elsewhere. Samples and their
 * results are files of the site, so what reaches these parts is only what such a copy cannot do. Answers come after
 * the question was asked, as a server's do: whoever asks knows the ticket only then.
 */

import { mount as mountPart } from "./page.js";

const NOT_STORED =
  "Its result is not part of this copy of the site: it needs the server. Install PedViz and run: pedviz app";

/**
 * What a component of Gradio's is to a module: an element and a value that is watched.
 * @param {Element} element
 * @param {any} value
 */
function createPart(element, value, props = {}) {
  const listeners = [];
  /** @type {any} */
  const part = {
    element,
    props: { ...props, value },
    watch: (_, listener) => listeners.push(listener),
    trigger() {},
    answer(given) {
      part.props.value = given;
      for (const listener of listeners) listener();
    },
  };
  return part;
}

/**
 * Start the page.
 * @param {HTMLElement} main with the channel, two panes and the stage
 * @param {{setup: Object, samples: Object}} data as pedviz/ui/detect.py gives them to the components
 */
export function mount(main, { setup, samples }) {
  const [a, b] = main.querySelectorAll(".pv-panes > .pv-root");
  const parts = {
    channel: createPart(main, {}, { setup }),
    photo: createPart(main, {}),
    samples: createPart(main, samples),
    batch: createPart(main, {}),
    pane_a: createPart(a, {}),
    pane_b: createPart(b, {}),
    stage: createPart(main, {}),
  };
  parts.channel.trigger = (event) => {
    const requests = parts.channel.props.value;
    const pane = event.at(-1);
    const answer = (part, request, rest) => queueMicrotask(() => part.answer({ ticket: request.ticket, ...rest }));
    if (event === "choose") answer(parts.photo, requests.photo, {});
    else if (event.startsWith("run_")) answer(parts[`pane_${pane}`], requests[pane], { error: NOT_STORED });
  };
  for (const [name, part] of Object.entries(parts)) mountPart(name, part);
}
