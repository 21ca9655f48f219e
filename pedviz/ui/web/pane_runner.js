/** One pane: the detector chosen for it, and the detection that is running or shown. */

import { createModelChooser } from "./model_chooser.js";

/**
 * @param {"a"|"b"} pane
 * @param {Object} options
 *   desk: asks the server, see detect_page.js
 *   part: Gradio's component that brings this pane's answers and holds its chooser
 *   setup: {models, palette}
 *   comparison: what shows the result
 *   photo(): the photo on the stage or null
 *   onModel(): another detector was chosen
 */
export function createPaneRunner(pane, { desk, part, setup, comparison, photo, onModel }) {
  let asked = null; // the ticket of the detection waited for
  const chooser = createModelChooser(part.element.querySelector(".pv-pane"), {
    pane,
    badge: setup.palette.roles[pane],
    models: setup.models,
    onChange: () => {
      onModel();
      run();
    },
    onCancel: () => giveUp("cancel"),
    onAgain: () => run(),
  });

  function settle(error) {
    asked = null;
    comparison.setBusy(pane, null);
    comparison.setError(pane, error);
    if (error) chooser.setStopped();
    else chooser.setIdle();
  }

  function giveUp(verb) {
    if (asked === null) return;
    desk.ask(`${verb}_${pane}`, `stop_${pane}`, { until: asked });
    settle(verb === "cancel" ? "Stopped before it finished." : null);
  }

  function run(ids = null) {
    if (!photo()) return;
    giveUp("stop"); // what runs now is for an older wish
    const { id, label } = chooser.model;
    asked = desk.ask(`run_${pane}`, pane, { photo_id: photo().id, model_id: id, ids });
    const words = ids ? "Fetching more masks …" : `${label} is looking for people …`;
    chooser.setRunning(words);
    comparison.setError(pane, null);
    if (!ids) comparison.setBusy(pane, words);
  }

  part.watch("value", () => {
    const answer = part.props.value;
    if (answer.ticket !== asked) return; // an answer to an older wish
    settle(answer.error ?? null);
    if (answer.result) comparison.setResult(pane, answer.result);
  });

  return {
    /** The id of the chosen detector. */
    get modelId() { return chooser.model.id; },
    /** Choose a detector without running it. */
    choose: (id) => chooser.choose(id),
    /** Detect in the photo on the stage; with `ids`, fetch the masks of those candidates too. */
    run,
    /** Whatever runs is no longer of use. */
    stop: () => giveUp("stop"),
  };
}
