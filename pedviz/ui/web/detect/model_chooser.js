/** The detector of one pane: which one, what it is, and what it is doing. */

import { make } from "../base/dom.js";

/**
 * @import { ChoicePayload, PersonColour } from "../payloads.d.ts"
 *
 * @typedef {{onCancel: () => void, onAgain: () => void}} JobHooks onCancel: the running detection is no longer wanted;
 *   onAgain: a stopped or failed detection is wanted after all
 * @typedef {Object} ChooserOptions
 * @property {string} pane
 * @property {PersonColour} badge
 * @property {ChoicePayload[]} models
 * @property {(id: string) => void} onChange another detector was chosen
 */

/** @param {ChoicePayload} model */
function optionText(model) {
  return model.missing === null ? model.label : `${model.label} · ${model.missing.short}`;
}

/**
 * What the visitor reads below the select; the training command is set as code.
 * @param {ChoicePayload} model
 */
function description(model) {
  if (model.missing === null) return [model.summary];
  /** @type {(string|Node)[]} */
  const parts = [model.summary, " ", model.missing.sentence];
  if (model.missing.command) parts.push(" ", make("code", {}, model.missing.command));
  return parts;
}

/**
 * The select, with variants that lack their weights in a group of their own.
 * @param {string} pane
 * @param {ChoicePayload[]} models
 */
function selectOf(pane, models) {
  const [here, elsewhere] = [models.filter(({ missing }) => !missing), models.filter(({ missing }) => missing)];
  const options = (/** @type {ChoicePayload[]} */ some) =>
    some.map((model) => make("option", { value: model.id }, optionText(model)));
  return make(
    "select",
    { id: `pv-model-${pane}`, class: "pv-select" },
    make("optgroup", { label: "Ready to run" }, ...options(here)),
    elsewhere.length ? make("optgroup", { label: "Weights not installed" }, ...options(elsewhere)) : null,
  );
}

/** @type {(name: string, badge: PersonColour) => HTMLElement} */
function badgeOf(name, { colour, text }) {
  const style = `--pv-badge: ${colour}; --pv-badge-text: ${text}`;
  return make("span", { class: "pv-badge", "aria-hidden": "true", style }, name);
}

/**
 * What the detector is doing, with a button to stop it or to start it again.
 * @param {string} name
 * @param {JobHooks} hooks
 */
function createJob(name, { onCancel, onAgain }) {
  const text = make("span", {});
  /** @type {(words: string, label: string, onclick: () => void) => HTMLButtonElement} */
  const button = (words, label, onclick) =>
    make("button", { type: "button", class: "pv-button pv-small", "aria-label": label, onclick }, words);
  const cancel = button("Cancel", `Cancel detection ${name}`, onCancel);
  const again = button("Run again", `Run detection ${name} again`, onAgain);
  const element = make("div", { class: "pv-job" }, text, cancel, again);
  return {
    element,
    show(/** @type {string} */ words, { running = false, stopped = false } = {}) {
      text.textContent = words;
      cancel.hidden = !running;
      again.hidden = !stopped;
      element.classList.toggle("pv-running", running);
      element.classList.toggle("pv-stopped", stopped);
    },
  };
}

/**
 * A labelled select with the detector's one-sentence summary and a line for its running detection.
 * @param {HTMLElement} root an empty element
 * @param {ChooserOptions & JobHooks} options
 */
export function createModelChooser(root, { pane, badge, models, onChange, onCancel, onAgain }) {
  const name = pane.toUpperCase();
  const byId = new Map(models.map((model) => [model.id, model]));
  const select = selectOf(pane, models);
  const summary = make("p", { class: "pv-muted" });
  const job = createJob(name, { onCancel, onAgain });
  const label = make("label", { for: select.id, class: "pv-hidden" }, `Detector ${name}`);
  root.append(
    make("div", { class: "pv-model-row" }, badgeOf(name, badge), label, select),
    make("div", { class: "pv-model-text" }, summary, job.element),
  );
  const chosen = () => /** @type {ChoicePayload} */ (byId.get(select.value)); // the options are of these
  const describe = () => summary.replaceChildren(...description(chosen()));
  select.addEventListener("change", () => {
    describe();
    onChange(select.value);
  });
  describe();
  job.show("");
  return {
    /** The chosen detector. */
    get model() {
      return chosen();
    },
    /** Choose without telling `onChange`. */
    choose(/** @type {string} */ id) {
      select.value = id;
      describe();
    },
    /** A detection is on its way. */
    setRunning: (/** @type {string} */ words) => job.show(words, { running: true }),
    /** It was stopped or it failed. */
    setStopped: () => job.show("", { stopped: true }),
    /** There is nothing to wait for. */
    setIdle: () => job.show(""),
  };
}
