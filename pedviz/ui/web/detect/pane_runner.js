/** One pane: the detector chosen for it, and the detection that is running or shown. */

import { megabytes } from "../base/dom.js";
import { createModelChooser } from "./model_chooser.js";

const ASK_AGAIN_MS = 1000; // while the server downloads weights

function fetchingWords({ done, total }) {
  return `Downloading its weights: ${megabytes(done)}${total ? ` of ${megabytes(total)}` : ""} …`;
}

/**
 * @param {"a"|"b"} pane
 * @param {Object} options
 *   channel: asks the server, see detect/page.js
 *   part: Gradio's component that brings this pane's answers and holds its chooser
 *   setup: {models, palette}
 *   comparison: what shows the result
 *   photo(): the photo on the stage or null
 *   stored(model): a promise of that variant's stored result for the photo, or null
 *   onServer(): a promise that resolves once the server has the photo too
 *   onModel(): another detector was chosen
 */
export function createPaneRunner(pane, { channel, part, setup, comparison, photo, stored, onServer, onModel }) {
  let asked = null; // the ticket of the detection waited for
  let waiting = false; // for that, or for the server to have the photo
  let turn = 0; // grows with every request: what an older one brings is dropped
  const chooser = createModelChooser(part.element.querySelector(".pv-pane"), {
    pane,
    badge: setup.palette.roles[pane],
    models: setup.models,
    onChange: () => {
      onModel();
      run();
    },
    onCancel: () => giveUp("Stopped before it finished."),
    onAgain: () => run(),
  });

  function settle(error) {
    asked = null;
    waiting = false;
    comparison.setBusy(pane, null);
    comparison.setError(pane, error);
    if (error) chooser.setStopped();
    else chooser.setIdle();
  }

  /** What runs is of no use any more, with a sentence where the visitor should know. */
  function giveUp(sentence = null) {
    turn += 1;
    if (asked !== null) channel.ask(`stop_${pane}`, `stop_${pane}`, { until: asked });
    if (asked !== null || waiting) settle(sentence);
  }

  function run(ids = null) {
    if (!photo()) return;
    giveUp(); // what runs now is for an older request
    const { id, label } = chooser.model;
    const known = ids ? null : stored(id);
    if (known) showKnown(known, label);
    else ask(ids, ids ? "Fetching more masks …" : `${label} is looking for people …`);
    comparison.setError(pane, null);
  }

  /** A result that is a file of the site; where it cannot be fetched after all, the detector runs. */
  async function showKnown(known, label) {
    const mine = turn;
    const result = await known;
    if (mine !== turn) return;
    if (result) comparison.setResult(pane, result);
    else ask(null, `${label} is looking for people …`);
  }

  async function ask(ids, words) {
    const mine = turn;
    waiting = true;
    chooser.setRunning(words);
    if (!ids) comparison.setBusy(pane, words);
    await onServer(); // a sample is shown before the server knows that it is on the stage
    if (mine !== turn) return;
    asked = channel.ask(`run_${pane}`, pane, { photo_id: photo().id, model_id: chooser.model.id, ids });
  }

  /** The weights are on their way: say how far, and ask again unless something newer is asked meanwhile. */
  function waitForWeights({ ticket, fetching }) {
    const words = fetchingWords(fetching);
    chooser.setRunning(words);
    comparison.setBusy(pane, words);
    setTimeout(() => {
      if (asked === ticket) ask(null, words);
    }, ASK_AGAIN_MS);
  }

  part.watch("value", () => {
    const answer = part.props.value;
    if (answer.ticket !== asked) return; // an answer to an older request
    if (answer.fetching) {
      waitForWeights(answer);
      return;
    }
    settle(answer.error ?? null);
    if (answer.result) comparison.setResult(pane, answer.result);
  });

  return {
    /** The id of the chosen detector. */
    get modelId() {
      return chooser.model.id;
    },
    /** Choose a detector without running it. */
    choose: (id) => chooser.choose(id),
    /** Detect in the photo on the stage; with `ids`, fetch the masks of those candidates too. */
    run,
    /** Whatever runs is no longer of use. */
    stop: () => giveUp(),
  };
}
