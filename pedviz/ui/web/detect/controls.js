/** Sliders, switches and views: every control of the comparison, none of which asks the server anything. */

import { make, say } from "../base/dom.js";
import { icon } from "../base/icons.js";

/**
 * @import { StyleData, Thresholds } from "../payloads.d.ts"
 * @import { State, View } from "./scene.js"
 *
 * @typedef {{label: string, min: number, max: number, hint: string}} Range
 * @typedef {(parts: Partial<State>) => void} Change takes the parts of the state that a control changed
 */

/** @type {{key: "score"|"mask"|"nms", label: string, hint: string}[]} */
const THRESHOLDS = [
  { key: "score", label: "Score threshold", hint: "Show people with a score above this." },
  {
    key: "mask",
    label: "Mask threshold",
    hint: "A pixel belongs to a person above this probability.",
  },
  {
    key: "nms",
    label: "NMS IoU threshold",
    hint: "Of two detections that overlap more than this, the one with the lower score is removed.",
  },
];
const OPACITY = { label: "Mask opacity", min: 0, max: 1, hint: "How strongly masks colour the photo." };
const IOU = {
  label: "IoU threshold for matching",
  hint: "Boxes that overlap at least this much count as the same person.",
};
/** @type {["masks"|"boxes"|"labels", string][]} */
const SWITCHES = [
  ["masks", "Masks"],
  ["boxes", "Boxes"],
  ["labels", "Labels"],
];
/** @type {[string, string][]} */
const STYLES = [
  ["plain", "Default"],
  ["report_a", "Course report A"],
  ["report_b", "Course report B"],
];
/** @type {[View, string][]} */
const VIEWS = [
  ["detections", "Detections"],
  ["disagreement", "Disagreement"],
  ["truth", "Ground truth"],
];
const STEP = 0.01;
let made = 0;

/**
 * A slider with its value in a number field; `change` gets every value while the finger moves.
 * @param {Range} range
 * @param {(value: number) => void} change
 */
function slider({ label, min, max, hint }, change) {
  made += 1;
  const id = `pvc-slider-${made}`;
  const range = make("input", { id, type: "range", min, max, step: STEP, title: hint });
  const number = make("input", { type: "number", min, max, step: STEP, class: "pvc-number" });
  const whose = make("span", { class: "pvc-suffix" });
  const take = (/** @type {HTMLInputElement} */ input) => {
    const value = Number(input.value);
    const usable = input.value !== "" && value >= min && value <= max;
    number.setAttribute("aria-invalid", String(!usable));
    if (usable) change(value);
  };
  range.addEventListener("input", () => take(range));
  number.addEventListener("input", () => take(number));
  const element = make(
    "div",
    { class: "pvc-slider" },
    make("label", { for: id, title: hint }, label, whose),
    range,
    number,
  );
  return {
    element,
    /**
     * @param {number} value
     * @param {string} suffix " of A" where each pane has a slider of its own
     */
    show(value, suffix = "") {
      say(whose, suffix);
      number.setAttribute("aria-label", `${label}${suffix}, as a number`);
      range.value = String(value);
      range.style.setProperty("--pvc-share", String((value - min) / (max - min)));
      if (document.activeElement !== number) number.value = value.toFixed(2);
      number.setAttribute("aria-invalid", "false");
    },
  };
}

/**
 * A group of buttons of which one is down.
 * @template {string} Value
 * @param {string} label
 * @param {[Value, string][]} options values and their texts
 * @param {(value: Value) => void} change
 */
function choice(label, options, change) {
  const buttons = options.map(([value, text]) =>
    make(
      "button",
      {
        type: "button",
        class: "pvc-choice",
        "data-value": value,
        "aria-pressed": "false",
        onclick: () => change(value),
      },
      text,
    ),
  );
  const element = make("div", { class: "pvc-choices", role: "group", "aria-label": label }, ...buttons);
  return {
    element,
    show(/** @type {Value} */ value) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    },
  };
}

/** @type {(label: string, change: (checked: boolean) => void) => {element: HTMLElement, input: HTMLInputElement}} */
function checkbox(label, change) {
  const input = make("input", { type: "checkbox" });
  input.addEventListener("change", () => change(input.checked));
  return { element: make("label", { class: "pvc-check" }, input, label), input };
}

/**
 * Whether both panes share their thresholds.
 * @param {Change} change
 */
function linkButton(change) {
  const button = make(
    "button",
    {
      type: "button",
      class: "pvc-link",
      title: "Use the same thresholds for both detectors, or separate ones",
      onclick: () => change({ linked: button.getAttribute("aria-pressed") !== "true" }),
    },
    icon("link"),
    "Link A and B",
  );
  const show = (/** @type {State} */ state) => button.setAttribute("aria-pressed", String(state.linked));
  return { element: button, show };
}

/**
 * What a drawing style brings with it, where that is not the usual.
 * @param {StyleData} style
 * @param {Record<string, StyleData>} styles
 */
function ownSettings({ mask_threshold: mask, opacity }, { plain }) {
  return mask === plain.mask_threshold && opacity === plain.opacity ? {} : { mask, mask_b: mask, opacity };
}

/**
 * What each pane has a slider of its own for, with the ends of that.
 * @param {Thresholds} ends
 */
function rangesOf({ floor, low, high }) {
  return THRESHOLDS.map(({ key, ...said }) => {
    const [min, max] = key === "score" ? [floor, 1] : [low, high];
    return { key, range: { ...said, min, max } };
  });
}

/**
 * @param {Change} change
 * @param {{styles: Record<string, StyleData>, thresholds: Thresholds}} options styles of the palette; thresholds whose
 *   ends are those of the sliders
 * @returns {{views: HTMLElement, thresholds: HTMLElement, display: HTMLElement, show: (state: State) => void}}
 */
export function createControls(change, { styles, thresholds: ends }) {
  /** @type {((state: State) => void)[]} */
  const updates = [];
  /** @type {(range: Range, key: keyof State, update: (of: ReturnType<typeof slider>, state: State) => void) => Node} */
  const sliderOf = (range, key, update) => {
    const control = slider(range, (value) => change({ [key]: value }));
    updates.push((state) => update(control, state));
    return control.element;
  };
  const ranges = rangesOf(ends);
  const first = ranges.map(({ key, range }) =>
    sliderOf(range, key, (control, state) => control.show(state[key], state.linked ? "" : " of A")),
  );
  const second = ranges.map(({ key, range }) =>
    sliderOf(range, `${key}_b`, (control, state) => {
      control.element.hidden = state.linked;
      control.show(state[`${key}_b`], " of B");
    }),
  );
  const opacity = sliderOf(OPACITY, "opacity", (control, state) => control.show(state.opacity));
  const iou = sliderOf({ ...IOU, min: ends.low, max: ends.high }, "iou", (control, state) => {
    control.element.hidden = state.view === "detections";
    control.show(state.iou);
  });
  const switches = SWITCHES.map(([key, label]) => {
    const control = checkbox(label, (value) => change({ [key]: value }));
    updates.push((state) => {
      control.input.checked = state[key];
    });
    return control.element;
  });
  const linked = linkButton(change);
  const style = choice("Drawing style", STYLES, (value) =>
    change({ style: value, ...ownSettings(styles[value], styles) }),
  );
  const views = choice("View", VIEWS, (value) => change({ view: value }));
  updates.push(
    linked.show,
    (state) => style.show(state.style),
    (state) => views.show(state.view),
  );
  const thresholds = make(
    "section",
    { class: "pvc-thresholds", "aria-label": "Thresholds" },
    ...first,
    linked.element,
    ...second,
    iou,
  );
  const display = make(
    "section",
    { class: "pvc-display", "aria-label": "Display" },
    opacity,
    make("div", { class: "pvc-checks", role: "group", "aria-label": "Show" }, ...switches),
    make("div", { class: "pvc-labelled" }, make("span", {}, "Style"), style.element),
  );
  return { views: views.element, thresholds, display, show: (state) => updates.forEach((update) => update(state)) };
}
