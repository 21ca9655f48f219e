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

/** The select, with variants that lack their weights in a group of their own. */
function selectOf(pane, models) {
  const [here, elsewhere] = [models.filter(({ missing }) => !missing), models.filter(({ missing }) => missing)];
  const options = (some) => some.map((model) => make("option", { value: model.id }, optionText(model)));
  return make(
    "select",
    { id: `pv-model-${pane}`, class: "pv-select" },
    make("optgroup", { label: "Ready to run" }, ...options(here)),
    elsewhere.length ? make("optgroup", { label: "Weights not installed" }, ...options(elsewhere)) : null,
  );
}

function badgeOf(name, { colour, text }) {
  const style = `--pv-badge: ${colour}; --pv-badge-text: ${text}`;
  return make("span", { class: "pv-badge", "aria-hidden": "true", style }, name);
}

/** What the detector is doing, with a button to stop it or to start it again. */
function createJob(name, { onCancel, onAgain }) {
  const text = make("span", {});
  const button = (words, label, onclick) =>
    make("button", { type: "button", class: "pv-button pv-small", "aria-label": label, onclick }, words);
  const cancel = button("Cancel", `Cancel detection ${name}`, onCancel);
  const again = button("Run again", `Run detection ${name} again`, onAgain);
  const element = make("div", { class: "pv-job" }, text, cancel, again);
  return {
    element,
    show(words, { running = false, stopped = false } = {}) {
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
 * @param {{pane: string, badge: {colour: string, text: string},
 *   models: import("../payloads.d.ts").ChoicePayload[], onChange: (id: string) => void, onCancel: () => void,
 *   onAgain: () => void}} options onChange: another detector was chosen; onCancel: the running detection is no longer
 *   wanted; onAgain: a stopped or failed detection is wanted after all
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
  const describe = () => summary.replaceChildren(...description(byId.get(select.value)));
  select.addEventListener("change", () => {
    describe();
    onChange(select.value);
  });
  describe();
  job.show("");
  return {
    /** The chosen detector. */
    get model() {
      return /** @type {import("../payloads.d.ts").ChoicePayload} */ (byId.get(select.value));
    },
    /** Choose without telling `onChange`. */
    choose(id) {
      select.value = id;
      describe();
    },
    /** A detection is on its way. */
    setRunning: (words) => job.show(words, { running: true }),
    /** It was stopped or it failed. */
    setStopped: () => job.show("", { stopped: true }),
    /** There is nothing to wait for. */
    setIdle: () => job.show(""),
  };
}
