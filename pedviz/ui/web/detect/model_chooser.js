/** The detector of one pane: which one, what it is, and what it is doing. */

import { make } from "../base/dom.js";

function optionText(model) {
  return model.missing === null ? model.label : `${model.label} · ${model.missing.short}`;
}

/** What the visitor reads below the select; the training command is set as code. */
function description(model) {
  if (model.missing === null) return [model.summary];
  const parts = [model.summary, " ", model.missing.sentence];
  if (model.missing.command) parts.push(" ", make("code", {}, model.missing.command));
  return parts;
}

/**
 * A labelled select with the detector's one-sentence summary and a line for its running detection.
 * @param {HTMLElement} root an empty element
 * @param {Object} options
 *   pane: "a" or "b"
 *   badge: {colour, text} of the pane
 *   models: [{id, label, summary, missing: null | {short, sentence, command}}]
 *   onChange(id): another detector was chosen
 *   onCancel(): the running detection is no longer wanted
 *   onAgain(): a stopped or failed detection is wanted after all
 */
export function createModelChooser(root, { pane, badge, models, onChange, onCancel, onAgain }) {
  const name = pane.toUpperCase();
  const byId = new Map(models.map((model) => [model.id, model]));
  const select = make("select", { id: `pv-model-${pane}`, class: "pv-select" });
  const [here, elsewhere] = [models.filter(({ missing }) => !missing), models.filter(({ missing }) => missing)];
  const options = (some) => some.map((model) => make("option", { value: model.id }, optionText(model)));
  select.append(
    make("optgroup", { label: "Ready to run" }, ...options(here)),
    ...(elsewhere.length ? [make("optgroup", { label: "Weights not installed" }, ...options(elsewhere))] : []),
  );
  const summary = make("p", { class: "pv-muted" });
  const text = make("span", {});
  const cancel = make("button", { type: "button", class: "pv-button pv-small", onclick: onCancel }, "Cancel");
  cancel.setAttribute("aria-label", `Cancel detection ${name}`);
  const again = make("button", { type: "button", class: "pv-button pv-small", onclick: onAgain }, "Run again");
  again.setAttribute("aria-label", `Run detection ${name} again`);
  const job = make("div", { class: "pv-job" }, text, cancel, again);
  root.append(
    make(
      "div",
      { class: "pv-model-row" },
      make(
        "span",
        {
          class: "pv-badge",
          "aria-hidden": "true",
          style: `--pv-badge: ${badge.colour}; --pv-badge-text: ${badge.text}`,
        },
        name,
      ),
      make("label", { for: select.id, class: "pv-hidden" }, `Detector ${name}`),
      select,
    ),
    make("div", { class: "pv-model-text" }, summary, job),
  );
  const describe = () => summary.replaceChildren(...description(byId.get(select.value)));
  const showJob = (words, { running = false, stopped = false } = {}) => {
    text.textContent = words;
    cancel.hidden = !running;
    again.hidden = !stopped;
    job.classList.toggle("pv-running", running);
    job.classList.toggle("pv-stopped", stopped);
  };
  select.addEventListener("change", () => {
    describe();
    onChange(select.value);
  });
  describe();
  showJob("");

  return {
    /** The chosen detector. */
    get model() {
      return byId.get(select.value);
    },
    /** Choose without telling `onChange`. */
    choose(id) {
      select.value = id;
      describe();
    },
    /** A detection is on its way. */
    setRunning(words) {
      showJob(words, { running: true });
    },
    /** It was stopped or it failed. */
    setStopped() {
      showJob("", { stopped: true });
    },
    /** There is nothing to wait for. */
    setIdle() {
      showJob("");
    },
  };
}
