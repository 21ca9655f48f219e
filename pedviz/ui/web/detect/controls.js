/** Sliders, switches and views: every control of the comparison, none of which asks the server anything. */

import { make, say } from "../base/dom.js";
import { icon } from "../base/icons.js";

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
const OPACITY = { key: "opacity", label: "Mask opacity", min: 0, max: 1, hint: "How strongly masks colour the photo." };
const IOU = {
  key: "iou",
  label: "IoU threshold for matching",
  hint: "Boxes that overlap at least this much count as the same person.",
};
const SWITCHES = [
  ["masks", "Masks"],
  ["boxes", "Boxes"],
  ["labels", "Labels"],
];
const STYLES = [
  ["plain", "Default"],
  ["report_a", "Course report A"],
  ["report_b", "Course report B"],
];
const VIEWS = [
  ["detections", "Detections"],
  ["disagreement", "Disagreement"],
  ["truth", "Ground truth"],
];
const STEP = 0.01;
let made = 0;

/** A slider with its value in a number field; `change` gets every value while the finger moves. */
function slider({ label, min, max, hint }, change) {
  made += 1;
  const id = `pvc-slider-${made}`;
  const range = make("input", { id, type: "range", min, max, step: STEP, title: hint });
  const number = make("input", { type: "number", min, max, step: STEP, class: "pvc-number" });
  const whose = make("span", { class: "pvc-suffix" });
  const take = (input) => {
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
    /** @param {string} suffix " of A" where each pane has a slider of its own */
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

/** A group of buttons of which one is down. */
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

/** Whether both panes share their thresholds. */
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
  return { element: button, show: (state) => button.setAttribute("aria-pressed", String(state.linked)) };
}

/**
 * What a drawing style brings with it, where that is not the usual.
 * @param {any} style
 * @param {any} styles
 */
function ownSettings({ mask_threshold: mask, opacity }, { plain }) {
  return mask === plain.mask_threshold && opacity === plain.opacity ? {} : { mask, mask_b: mask, opacity };
}

/**
 * @param {(a: Object) => void} change gets the parts of the state that a control changed
 * @param {{styles: Object<string, Object>, thresholds: import("../payloads.d.ts").Thresholds}} options styles of the
 *   palette; thresholds whose ends are those of the sliders
 * @returns {{views: HTMLElement, thresholds: HTMLElement, display: HTMLElement, show: (state: Object) => void}}
 */
export function createControls(change, { styles, thresholds: { floor, low, high } }) {
  const updates = [];
  const sliderOf = (spec, key, update) => {
    const [min, max] = spec.key === "score" ? [floor, 1] : [low, high];
    const control = slider({ min, max, ...spec }, (value) => change({ [key]: value }));
    updates.push((state) => update(control, state));
    return control.element;
  };
  const first = THRESHOLDS.map((spec) =>
    sliderOf(spec, spec.key, (control, state) => control.show(state[spec.key], state.linked ? "" : " of A")),
  );
  const second = THRESHOLDS.map((spec) =>
    sliderOf(spec, `${spec.key}_b`, (control, state) => {
      control.element.hidden = state.linked;
      control.show(state[`${spec.key}_b`], " of B");
    }),
  );
  const opacity = sliderOf(OPACITY, "opacity", (control, state) => control.show(state.opacity));
  const iou = sliderOf(IOU, "iou", (control, state) => {
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
