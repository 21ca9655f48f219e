/** Number fields, sliders, choices and switches for settings. What is not allowed turns red and says why. */

/**
 * @import { AnyLesson, Common, Lesson } from "./kit.js"
 * @import { ChoiceSetting, FlagSetting, NumberSetting, NumbersSetting, Problems, Range, Setting, State,
 *   TextSetting } from "./settings.js"
 */

import { make, say } from "../../base/dom.js";
import { clamp, format, parseNumber, roundTo } from "../../base/numbers.js";
import { bareSlider } from "../../charts/slider.js";

const LARGE = 10; // steps with the shift key
const FIELD_DIGITS = 6;
/** @type {Object<string, number|undefined>} */
const ARROWS = { ArrowUp: 1, ArrowDown: -1 };

let ids = 0;

/**
 * @typedef {{of?: string, things?: Object<string, string>}} FieldOptions the thing that it belongs to, or for a choice,
 *   the thing of each option
 * @typedef {(input: HTMLInputElement, problem: string|null) => void} Report
 * @typedef {{field(lesson: AnyLesson, setting: Setting, options: FieldOptions, host: Element): HTMLElement}} Kind of
 *   settings: what makes their field takes settings of that kind alone
 */

/** A paragraph for what is wrong, and how to mark an input with it. */
function complaint() {
  ids += 1;
  const element = make("p", { class: "pvl-problem", id: `pvl-problem-${ids}`, role: "status", hidden: true });
  return {
    element,
    /** @type {(inputs: Element[], text: string|null) => void} */
    show(inputs, text) {
      say(element, text ?? "");
      element.hidden = !text;
      for (const input of inputs) {
        if (input.getAttribute("aria-invalid") === String(Boolean(text))) continue;
        input.setAttribute("aria-invalid", String(Boolean(text)));
        input.setAttribute("aria-describedby", element.id);
      }
    },
  };
}

/**
 * One text input for a number: reads while typed, steps with the arrow keys.
 * @param {AnyLesson} lesson
 * @param {{name: string|null, label: string, of?: string, setting: Range, report: Report,
 *   read: (state: State) => number, write: (value: number, tag: string) => string|null}} options
 */
function numberInput(lesson, { name, label, of, read, write, setting, report }) {
  const input = make("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    class: "pvl-number",
    style: of ? `--ink: ${lesson.ink(of)}` : null,
  });
  const tag = `field ${label}`;
  input.addEventListener("input", () => {
    const value = parseNumber(input.value);
    if (Number.isNaN(value)) report(input, `${label}: “${input.value}” is not a number.`);
    else report(input, write(value, tag));
  });
  input.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (!by) return;
    event.preventDefault();
    const value = roundTo(read(lesson.state()) + by * setting.step * (event.shiftKey ? LARGE : 1), setting.step);
    report(input, write(clamp(value, setting.low, setting.high), tag));
    show(true);
  });
  input.addEventListener("blur", () => lesson.seal());
  function show(force = false) {
    const value = read(lesson.state());
    const typing = document.activeElement === input && !force;
    if (typing && parseNumber(input.value) === value) return;
    const written = format(value, FIELD_DIGITS);
    if ((parseNumber(input.value) !== value || !typing) && input.value !== written) input.value = written;
  }
  return { input, show, element: name ? make("label", { class: "pvl-entry" }, make("span", {}, name), input) : input };
}

/** First problem of a refused change, or null. @param {Problems} problems */
function firstOf(problems) {
  return Object.values(problems)[0] ?? null;
}

/**
 * A row of inputs that share one complaint; stays as typed while wrong, until the state changes.
 * @param {AnyLesson} lesson
 * @param {string} key
 * @param {{input: HTMLInputElement, show: () => void}[]} entries
 */
function group(lesson, key, entries) {
  const wrong = complaint();
  const inputs = entries.map((entry) => entry.input);
  /** @type {Element|null} */
  let refused = null; // the input with a value that was not taken
  /** @type {State|null} */
  let seen = null;
  return {
    wrong: wrong.element,
    /** @type {Report} */
    report(input, problem) {
      refused = problem ? input : null;
      seen = lesson.state();
      wrong.show(inputs, null);
      wrong.show(problem ? [input] : inputs, problem ?? lesson.notice(key));
    },
    /** @param {State} state */
    show(state) {
      if (refused && state === seen) return;
      refused = null;
      for (const entry of entries) entry.show();
      wrong.show(inputs, lesson.notice(key));
    },
  };
}

/** @type {(lesson: AnyLesson, setting: NumbersSetting, options: FieldOptions, host: Element) => HTMLElement} */
function numbersField(lesson, setting, { of }, host) {
  /** @type {(state: State) => number[]} */
  const valueIn = (state) => /** @type {number[]} */ (state[setting.key]);
  const entries = setting.names.map((name, index) =>
    numberInput(lesson, {
      name,
      setting,
      of,
      label: `${setting.label} ${name}`,
      read: (state) => valueIn(state)[index],
      write: (value, tag) => firstOf(lesson.set({ [setting.key]: valueIn(lesson.state()).with(index, value) }, tag)),
      report: (input, problem) => shared.report(input, problem),
    }),
  );
  const shared = group(lesson, setting.key, entries);
  lesson.onDraw(shared.show, host);
  const legend = make("legend", of ? { "data-of": of } : {}, setting.label);
  const row = make("div", { class: "pvl-entries" }, ...entries.map((entry) => entry.element));
  return make("fieldset", { class: "pvl-field" }, legend, row, shared.wrong);
}

/** @type {(lesson: AnyLesson, setting: NumberSetting, options: FieldOptions, host: Element) => HTMLElement} */
function numberField(lesson, setting, { of }, host) {
  const { key, label, low, high, step } = setting;
  const entry = numberInput(lesson, {
    name: null,
    setting,
    of,
    label,
    read: (state) => /** @type {number} */ (state[key]),
    write: (value, tag) => firstOf(lesson.set({ [key]: value }, tag)),
    report: (input, problem) => shared.report(input, problem),
  });
  const shared = group(lesson, key, [entry]);
  const slider = bareSlider(`${label}, slider`, { min: low, max: high, step }, (value) =>
    lesson.set({ [key]: value }, `slider ${key}`),
  );
  slider.addEventListener("change", () => lesson.seal());
  lesson.onDraw((state) => {
    shared.show(state);
    slider.value = String(state[key]);
  }, host);
  const row = make("div", { class: "pvl-slider" }, slider, entry.element);
  return make(
    "div",
    { class: "pvl-field" },
    make("span", { class: "pvl-legend", ...(of ? { "data-of": of } : {}) }, label),
    row,
    shared.wrong,
  );
}

/** @type {(lesson: AnyLesson, setting: ChoiceSetting, options: FieldOptions, host: Element) => HTMLElement} */
function choiceField(lesson, setting, { things = {} }, host) {
  ids += 1;
  const radios = setting.options.map(([value, label]) => {
    const input = make("input", {
      type: "radio",
      name: `pvl-choice-${ids}`,
      value,
      onchange: () => lesson.set({ [setting.key]: value }),
    });
    const of = things[value];
    return {
      input,
      value,
      element: make("label", { class: "pvl-option", ...(of ? { "data-of": of } : {}) }, input, make("span", {}, label)),
    };
  });
  lesson.onDraw((state) => {
    for (const { input, value } of radios) input.checked = state[setting.key] === value;
  }, host);
  return make(
    "fieldset",
    { class: "pvl-field pvl-choice" },
    make("legend", {}, setting.label),
    make("div", { class: "pvl-options" }, ...radios.map(({ element }) => element)),
  );
}

/** @type {(lesson: AnyLesson, setting: FlagSetting, options: FieldOptions, host: Element) => HTMLElement} */
function flagField(lesson, setting, _options, host) {
  const input = make("input", { type: "checkbox", onchange: () => lesson.set({ [setting.key]: input.checked }) });
  lesson.onDraw((state) => {
    input.checked = state[setting.key] === true;
  }, host);
  return make("label", { class: "pvl-field pvl-flag" }, input, make("span", {}, setting.label));
}

/** @type {(lesson: AnyLesson, setting: TextSetting, options: FieldOptions, host: Element) => HTMLElement} */
function textField(lesson, setting, { of }, host) {
  const { key, label } = setting;
  const input = make("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    class: "pvl-number pvl-typed",
  });
  const show = () => {
    const text = String(lesson.state()[key]);
    if (input.value !== text) input.value = text;
  };
  const shared = group(lesson, key, [{ input, show }]);
  input.addEventListener("input", () =>
    shared.report(input, firstOf(lesson.set({ [key]: input.value }, `field ${label}`))),
  );
  input.addEventListener("blur", () => lesson.seal());
  lesson.onDraw(shared.show, host);
  return make(
    "div",
    { class: "pvl-field" },
    make("span", { class: "pvl-legend", ...(of ? { "data-of": of } : {}) }, label),
    input,
    shared.wrong,
  );
}

/** @type {Record<Setting["kind"], Kind["field"]>} */
const FIELDS = { number: numberField, numbers: numbersField, choice: choiceField, flag: flagField, text: textField };

/**
 * A field for a setting: of kind number (slider and field), numbers with names (a row of fields), choice, flag or text.
 * @template {State & Common} S
 * @param {Lesson<S, unknown>} lesson
 * @param {Element} host what it is put into
 * @param {keyof S & string} key of the setting
 * @param {FieldOptions} options
 */
export function addField(lesson, host, key, options = {}) {
  /** @type {Setting} */
  const setting = lesson.setting(key);
  host.append(FIELDS[setting.kind](lesson, setting, options, host));
}
