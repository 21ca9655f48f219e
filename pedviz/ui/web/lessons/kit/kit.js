/**
 * The frame that every lesson shares. A page module is small: it says what may not be, what follows from the
 * state, how to say it, and draws.
 *
 *   import { createLesson } from "../kit/kit.js";
 *   import { addField } from "../kit/fields.js";         number, numbers, choice, flag and text settings
 *   import { addFormula } from "../kit/formula.js";      MathML with live numbers
 *   import { addHandle } from "../../charts/handles.js"; mouse, finger and arrow keys
 *   import { blank, number, row, symbol } from "../kit/mathml.js";
 *   import { createStage } from "../../charts/stage.js"; an SVG whose unit is one CSS pixel
 *   import { line } from "../../base/svg.js";
 *   import { area } from "../../maths/circle.js";        pure mathematics, twin of pedviz/theory
 *
 *   export function mount(element, data) {           data: Lesson.page_data() of pedviz/lessons/lesson.py
 *     const lesson = createLesson(element, data, {
 *       inks: { r: 1, area: 3 },                      things and their colours, --pv-ink-1 to --pv-ink-6
 *       check: () => ({}),                            setting key -> why this state cannot be
 *       notice: (state) => (state.r === 0 ? { r: "A point has no area." } : {}),  possible, yet worth red ink
 *       derive: (state) => ({ area: area(state.r) }), everything that is computed, once a redraw
 *       describe: (state, values) => `A circle of radius ${state.r}. Its area is ${values.area}.`,
 *       questions: [{ key: "area", asks: (state) => `What is the area for r = ${state.r}?`,
 *         answer: (state, values) => values.area, tolerance: 0.01, explains: () => "Pi times r squared." }],
 *     });
 *     const stage = createStage(lesson, lesson.main, { label: "A circle", heightFor: (width) => width });
 *     stage.view = { x: -10, y: -10, width: 20, height: 20 };
 *     addHandle(lesson, stage, { label: "Radius", of: "r", place: (state) => ({ x: state.r, y: 0 }),
 *       move: ({ x }) => lesson.fit({ r: x }), step: () => 0.5 });
 *     lesson.onDraw((state) => {
 *       stage.draw([line(stage.px(0), stage.py(0), stage.px(state.r), stage.py(0), { "data-of": "r" })]);
 *     });
 *     addFormula(lesson, lesson.side, { label: "Area", fixed: [row("A", "=", symbol("r", "r", "radius"))],
 *       live: (state, values) => [row("=", blank("area", number("area", values.area)))] });
 *     addField(lesson, lesson.side, "r", { of: "r" });
 *     lesson.section("why");                          a prose section of assets/lessons/<slug>.md, by its key
 *     lesson.start();
 *   }
 *
 * The Python half is one file in pedviz/lessons (settings, presets, claims, first numbers), listed in registry.py,
 * and one in assets/lessons (prose in sections). Field values, undo, the address, question mode, the worksheet, the
 * reduced view, presets and "What the reports said" then work without a line in the page module.
 *
 * Conventions. `data-of="thing"` names what an element is about: it takes the thing's ink and lights up with its
 * symbol. `data-answer="key"` is left blank by question mode and the worksheet; "any" until all is answered.
 * Colours: --ink of the thing, or tokens. A page draws in `onDraw` painters only, which run once a frame.
 *
 * All that `lesson` has for a page:
 *   state() values() setting(key) defaults has(patch)   what is; `values` is what `derive` made of it
 *   set(patch, tag) -> problems                          refused as a whole if anything in it is not allowed
 *   fit(patch)                                           numbers rounded to their steps, within their ranges
 *   seal() undo() redo() reset()                         changes with one tag are one undo until sealed
 *   onDraw((state, values) => ...) requestDraw() renew()
 *   section(key, {host, layout}) -> {text, figure}       prose placed; layout "stacked" or "split"
 *   main, side, more                                     where things go: under the picture, beside it, below both
 *   addPresets(host, group) show(sectionKey)             say(text) for listeners, tell(text) for everyone
 *   ink(thing) -> CSS colour, setSpot(things), hides(answer) -> whether question mode hides it now
 *
 * More parts: addPlot of plot.js (lines, marks, a cursor to drag), addSteps of steps.js (an argument that points at
 * the picture), addPaintGrid of cell_grid.js (cells to paint, kept as letters by cells.js).
 */

import { clamp, roundTo } from "../../base/numbers.js";
import { addVerdicts } from "./claims.js";
import { addExercises } from "./exercises.js";
import { createFrame, placing, showReduced } from "./frame.js";
import { createHighlight } from "./highlight.js";
import { addPresenter, presentSetting } from "./presenter.js";
import { addQuestions } from "./questions.js";
import { createScore } from "./score.js";
import { createStore } from "./store.js";
import { createPresets, createToolbar } from "./toolbar.js";
import { addWorksheet, createSheets, SEED } from "./worksheet.js";

const ASK = { kind: "flag", key: "ask", label: "Question mode", default: false };
const SAY_AFTER_MS = 500; // a picture in motion is not worth a sentence
/** @type {(state: any) => Object<string, string|undefined>} */
const NOTHING = () => ({});

/**
 * @typedef {Object} Definition
 * @property {Object<string, number>} inks things and the number of their --pv-ink
 * @property {(state: any) => Object<string, string|undefined>} [check] contradictions by setting key: refused
 * @property {(state: any) => Object<string, string|undefined>} [notice] oddities by setting key: shown in red, yet
 *   allowed
 * @property {(state: any) => Object} derive what follows from the state
 * @property {(state: any, values: any) => string} describe the picture in words; without answers while
 *   state.ask is on
 * @property {import("./questions.js").Question[]} questions
 * @property {(random: {whole: Function, pick: Function}) => Object} [vary] settings for a sheet of its own
 * @property {string[]} [apart] settings that ask no new question when they change, such as a step
 */

/**
 * Lay out a lesson's frame.
 * @param {HTMLElement} element what the lesson fills
 * @param {Object} data Lesson.page_data()
 * @param {Definition} definition
 */
export function createLesson(element, data, definition) {
  const { check = NOTHING, notice = NOTHING, derive, describe, vary, apart = [] } = definition;
  const store = createStore([...data.settings, ASK, SEED, presentSetting(data.talk)], check);
  const sheets = createSheets(store, vary);
  const painters = [];
  const frame = createFrame(element, data);
  const highlight = createHighlight(frame.root);
  let values = null; // of the present state, once somebody asks
  let edition = 0; // how often `renew` was called
  let waiting = 0; // for the next frame
  /** @type {(answer: string) => boolean} */
  let hides = () => false; // until the questions are there
  let saying = 0;

  const lesson = {
    ...store,
    ...frame,
    ...placing(frame, data),
    set: (patch, tag) => store.set(sheets.keep(patch), tag),
    newSheet: sheets.next,
    values: () => (values ??= derive(store.state())),
    notice: (key) => notice(store.state())[key] ?? null,
    ink: (thing) => `var(--pv-ink-${definition.inks[thing]})`,
    reset: () => store.set(store.defaults),
    /** For those who listen, instead of what would soon be said of the last change. */
    say(text) {
      clearTimeout(saying);
      frame.live.textContent = text;
    },
    setSpot: highlight.setSpot,
    setReduced: showReduced,
    /** Whether two states differ in nothing that a question could be about. */
    samePicture: (first, second) => data.settings.every(({ key }) => apart.includes(key) || first[key] === second[key]),
    /** A patch whose numbers are rounded to their steps and brought into their ranges. */
    fit: (patch) => fitted(patch, store.setting),
    onDraw(painter) {
      painters.push(painter);
    },
    /** Derive the values anew and ask anew: something arrived that they follow from, beside the state. */
    renew() {
      values = null;
      edition += 1;
      lesson.requestDraw();
    },
    edition: () => edition,
    /** Whether question mode hides what has this `data-answer` now. */
    hides: (answer) => hides(answer),
    requestDraw() {
      if (!waiting) waiting = requestAnimationFrame(draw);
    },
    /** Buttons for the presets of a group; "" is the group at the top of the page. */
    addPresets(host, group) {
      host.append(
        createPresets(
          lesson,
          data.presets.filter((preset) => preset.group === group),
        ),
      );
    },
    /** Finish the page: presets, tools, questions and verdicts; then draw for the first time. */
    start() {
      frame.tools.append(createToolbar(lesson), frame.told);
      lesson.addPresets(frame.cases, "");
      hides = addQuestions(lesson, frame.asks, definition.questions, createScore(lesson, data.slug));
      addExercises(frame.exercises, data.exercises);
      addWorksheet(lesson, frame, definition.questions, data.exercises);
      addPresenter(lesson, data);
      addVerdicts(lesson, frame.claims, data.claims);
      draw();
    },
  };

  function draw() {
    waiting = 0;
    for (const painter of painters) painter(store.state(), lesson.values());
    frame.root.classList.toggle("pvl-ask", store.state().ask);
    highlight.refresh();
  }

  store.listen((state) => {
    values = null;
    lesson.tell("");
    lesson.requestDraw();
    clearTimeout(saying);
    saying = setTimeout(() => lesson.say(describe(state, lesson.values())), SAY_AFTER_MS);
  });
  colourThings(definition.inks);
  frame.back.addEventListener("click", () => showReduced(false));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && showReduced(false));
  showReduced(new URLSearchParams(location.search).get("hide") === "controls");
  return lesson;
}

/** Give every `data-of` its ink, in the picture, the formulas and the fields alike. */
function colourThings(inks) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    Object.entries(inks)
      .map(([thing, ink]) => `.pvl [data-of="${thing}"] { --ink: var(--pv-ink-${ink}); }`)
      .join("\n"),
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function fitted(patch, settingOf) {
  const entries = Object.entries(patch).map(([key, value]) => {
    const { low, high, step } = settingOf(key);
    const fit = (number) => clamp(roundTo(number, step), low, high);
    return [key, Array.isArray(value) ? value.map(fit) : fit(value)];
  });
  return Object.fromEntries(entries);
}
