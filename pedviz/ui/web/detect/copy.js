/**
 * The Detect page of a copy without a server. Samples and their results are files of the site, so what is asked here
 * is only what such a copy cannot do. Answers come after the question was asked, as a server's do: whoever asks knows
 * the ticket only then.
 */

import { startPage } from "./page.js";
import { createParts } from "./parts.js";
import { PANES } from "./scene.js";

/** @import { DetectData } from "./parts.js" */

const NOT_STORED =
  "Its result is not part of this copy of the site: it needs the server. Install PedViz and run: pedviz app";

/**
 * Start the page.
 * @param {HTMLElement} main with the channel, two panes and the stage
 * @param {DetectData} data
 */
export function mount(main, data) {
  const parts = createParts(main, data, (event, requests) => {
    const pane = PANES.find((one) => event === `run_${one}`);
    if (event === "choose") queueMicrotask(() => parts.photo.answer({ ticket: requests.photo.ticket }));
    if (pane) {
      const { ticket } = requests[pane];
      queueMicrotask(() => parts[`pane_${pane}`].answer({ ticket, error: NOT_STORED }));
    }
  });
  startPage(parts);
}
