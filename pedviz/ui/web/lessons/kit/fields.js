/** Number fields, sliders, choices and switches for settings. What is not allowed turns red and says why. */

import { make, say } from "../../base/dom.js";
import { clamp, format, parseNumber, roundTo } from "../../base/numbers.js";
import { bareSlider } from "../../charts/slider.js";

const LARGE = 10; // steps with the shift key
const FIELD_DIGITS = 6;

let ids = 0;

/** A paragraph for what is wrong, and how to mark an input with it. */
function complaint() {
  ids += 1;
  const element = make("p", { class: "pvl-problem", id: `pvl-problem-${ids}`, role: "status", hidden: true });
  return {
    element,
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

/** One text input for a number: reads while typed, steps with the arrow keys. */
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
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
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

/** First problem of a refused change, or null. */
function firstOf(problems) {
  return Object.values(problems)[0] ?? null;
}

/** A row of inputs that share one complaint; stays as typed while wrong, until the state changes. */
function group(lesson, { setting, entries, notice }) {
  const wrong = complaint();
  const inputs = entries.map((entry) => entry.input);
  let refused = null; // the input with a value that was not taken
  let seen = null;
  return {
    wrong: wrong.element,
    report(input, problem) {
      refused = problem ? input : null;
      seen = lesson.state();
      wrong.show(inputs, null);
      wrong.show(problem ? [input] : inputs, problem ?? notice(setting.key));
    },
    show(state) {
      if (refused && state === seen) return;
      refused = null;
      for (const entry of entries) entry.show();
      wrong.show(inputs, notice(setting.key));
    },
  };
}

function numbersField(lesson, setting, { of }, host) {
  const entries = setting.names.map((name, index) =>
    numberInput(lesson, {
      name,
      setting,
      of,
      label: `${setting.label} ${name}`,
      read: (state) => state[setting.key][index],
      write: (value, tag) =>
        firstOf(lesson.set({ [setting.key]: lesson.state()[setting.key].with(index, value) }, tag)),
      report: (input, problem) => shared.report(input, problem),
    }),
  );
  const shared = group(lesson, { setting, entries, notice: lesson.notice });
  lesson.onDraw(shared.show, host);
  const legend = make("legend", of ? { "data-of": of } : {}, setting.label);
  const row = make("div", { class: "pvl-entries" }, ...entries.map((entry) => entry.element));
  return make("fieldset", { class: "pvl-field" }, legend, row, shared.wrong);
}

function numberField(lesson, setting, { of }, host) {
  const { key, label, low, high, step } = setting;
  const entry = numberInput(lesson, {
    name: null,
    setting,
    of,
    label,
    read: (state) => state[key],
    write: (value, tag) => firstOf(lesson.set({ [key]: value }, tag)),
    report: (input, problem) => shared.report(input, problem),
  });
  const shared = group(lesson, { setting, entries: [entry], notice: lesson.notice });
  const slider = bareSlider(`${label}, slider`, { min: low, max: high, step }, (value) =>
    lesson.set({ [key]: value }, `slider ${key}`),
  );
  slider.addEventListener("change", () => lesson.seal());
  lesson.onDraw((state) => {
    shared.show(state);
    slider.value = state[key];
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

function flagField(lesson, setting, _options, host) {
  const input = make("input", { type: "checkbox", onchange: () => lesson.set({ [setting.key]: input.checked }) });
  lesson.onDraw((state) => {
    input.checked = state[setting.key];
  }, host);
  return make("label", { class: "pvl-field pvl-flag" }, input, make("span", {}, setting.label));
}

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
    if (input.value !== lesson.state()[key]) input.value = lesson.state()[key];
  };
  const shared = group(lesson, { setting, entries: [{ input, show }], notice: lesson.notice });
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

const FIELDS = { number: numberField, numbers: numbersField, choice: choiceField, flag: flagField, text: textField };

/**
 * A field for a setting: of kind number (slider and field), numbers with names (a row of fields), choice, flag or text.
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host what it is put into
 * @param {string} key of the setting
 * @param {{of?: string, things?: Object<string, string>}} options the thing that it belongs to, or for a choice,
 *   the thing of each option
 */
export function addField(lesson, host, key, options = {}) {
  const setting = lesson.setting(key);
  host.append(FIELDS[setting.kind](lesson, setting, options, host));
}
