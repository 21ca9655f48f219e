/**
 * The Detect page of a copy without a server: the parts that Gradio's components are elsewhere, answered from stored
 * files instead of events.
 */

import { fetchJson } from "../base/json_cache.js";
import { mount as mountPart } from "./page.js";

const NO_PHOTO = "This picture could not be fetched: check the connection and try again.";
const NOT_STORED =
  "Its result is not part of this copy of the site: it needs the server. Install PedViz and run: pedviz app";

/** What a component of Gradio's is to a module: an element and a value that is watched. */
function createPart(element, value, props = {}) {
  const listeners = [];
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
    pane_a: createPart(a, {}),
    pane_b: createPart(b, {}),
    stage: createPart(main, {}),
  };
  let shown = null; // the sample on the stage

  async function choose({ sample, ticket }) {
    const photo = await fetchJson(`samples/${sample}.json`);
    if (photo) shown = sample;
    parts.photo.answer(photo ? { ticket, sample, photo } : { ticket, error: NO_PHOTO });
  }

  async function run(pane, { model_id: model, ticket }) {
    const result = await fetchJson(`samples/${shown}/${model}.json`);
    parts[`pane_${pane}`].answer(result ? { ticket, result } : { ticket, error: NOT_STORED });
  }

  parts.channel.trigger = (event) => {
    const requests = parts.channel.props.value;
    if (event === "choose") choose(requests.photo);
    else if (event.startsWith("run_")) run(event.at(-1), requests[event.at(-1)]);
  };
  for (const [name, part] of Object.entries(parts)) mountPart(name, part);
}
