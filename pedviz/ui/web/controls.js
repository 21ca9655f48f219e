/** Sliders, switches and views: every control of the comparison, none of which asks the server anything. */

import { make } from "./dom.js";

const THRESHOLDS = [
  { key: "score", label: "Score", min: 0.05, max: 1, hint: "Show people with a score above this." },
  { key: "mask", label: "Mask", min: 0.05, max: 0.95, hint: "A pixel belongs to a person above this probability." },
  { key: "nms", label: "Suppression (NMS)", min: 0.05, max: 0.95, hint: "Of two boxes that overlap more than this, the lower score goes." },
];
const OPACITY = { key: "opacity", label: "Mask opacity", min: 0, max: 1, hint: "How strongly masks colour the photo." };
const IOU = { key: "iou", label: "Matching IoU", min: 0.05, max: 0.95, hint: "Boxes that overlap at least this much are one person." };
const SWITCHES = [["masks", "Masks"], ["boxes", "Boxes"], ["labels", "Labels"]];
const STYLES = [["plain", "Plain"], ["report_a", "Report A"], ["report_b", "Report B"]];
const VIEWS = [["detections", "Detections"], ["disagreement", "Disagreement"], ["truth", "Ground truth"]];
const STEP = 0.01;
let made = 0;

/** A slider with its value in a number field; `change` gets every value while the finger moves. */
function slider({ label, min, max, hint }, change, suffix = "") {
  made += 1;
  const id = `pvc-slider-${made}`;
  const range = make("input", { id, type: "range", min, max, step: STEP, title: hint });
  const number = make("input", { type: "number", min, max, step: STEP, class: "pvc-number", "aria-label": `${label}${suffix}, as a number` });
  const take = (input) => {
    const value = Number(input.value);
    const usable = input.value !== "" && value >= min && value <= max;
    number.setAttribute("aria-invalid", String(!usable));
    if (usable) change(value);
  };
  range.addEventListener("input", () => take(range));
  number.addEventListener("input", () => take(number));
  const element = make("div", { class: "pvc-slider" },
    make("label", { for: id, title: hint }, label, suffix && make("span", { class: "pvc-suffix" }, suffix)), range, number);
  return {
    element,
    show(value) {
      range.value = value;
      if (document.activeElement !== number) number.value = value.toFixed(2);
      number.setAttribute("aria-invalid", "false");
    },
  };
}

/** A group of buttons of which one is down. */
export function choice(label, options, change) {
  const buttons = options.map(([value, text]) => make("button", {
    type: "button", class: "pvc-choice", "data-value": value, "aria-pressed": "false", onclick: () => change(value),
  }, text));
  const element = make("div", { class: "pvc-choices", role: "group", "aria-label": label }, ...buttons);
  return {
    element,
    show(value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
  };
}

function checkbox(label, change) {
  const input = make("input", { type: "checkbox" });
  input.addEventListener("change", () => change(input.checked));
  return { element: make("label", { class: "pvc-check" }, input, label), input };
}

/**
 * @param {function(Object): void} change gets the parts of the state that a control changed
 * @returns {{views: HTMLElement, element: HTMLElement, show: function(Object): void}}
 */
export function createControls(change) {
  const shown = [];
  const add = (control, update) => {
    shown.push(update);
    return control.element;
  };
  const forPane = (spec, key, suffix) => {
    const control = slider(spec, (value) => change({ [key]: value }), suffix);
    return add(control, (state) => control.show(state[key]));
  };
  const first = make("div", { class: "pvc-thresholds" }, ...THRESHOLDS.map((spec) => forPane(spec, spec.key, "")));
  const second = make("div", { class: "pvc-thresholds pvc-second" },
    ...THRESHOLDS.map((spec) => forPane(spec, `${spec.key}_b`, " of B")));
  const linked = make("button", { type: "button", class: "pvc-link", onclick: () => change({ linked: linked.getAttribute("aria-pressed") !== "true" }) });
  shown.push((state) => {
    linked.setAttribute("aria-pressed", String(state.linked));
    linked.textContent = state.linked ? "Same for A and B" : "Separate for A and B";
    linked.title = state.linked ? "Press for thresholds of their own" : "Press for shared thresholds";
    second.hidden = state.linked;
  });
  const opacity = forPane(OPACITY, "opacity", "");
  const iou = forPane(IOU, "iou", "");
  shown.push((state) => { iou.hidden = state.view === "detections"; });
  const switches = SWITCHES.map(([key, label]) => {
    const control = checkbox(label, (value) => change({ [key]: value }));
    return add(control, (state) => { control.input.checked = state[key]; });
  });
  const style = choice("Drawing style", STYLES, (value) => change(value === "report_a" ? { style: value, mask: 0.7, opacity: 0.5 } : { style: value }));
  const views = choice("View", VIEWS, (value) => change({ view: value }));
  shown.push((state) => { style.show(state.style); views.show(state.view); });
  const element = make("section", { class: "pvc-controls", "aria-label": "Thresholds and display" },
    make("div", { class: "pvc-row" }, first, linked), second,
    make("div", { class: "pvc-row pvc-display" }, opacity, iou, make("div", { class: "pvc-checks" }, ...switches),
      make("div", { class: "pvc-labelled" }, make("span", {}, "Style"), style.element)));
  return { views: views.element, element, show: (state) => shown.forEach((update) => update(state)) };
}
