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
 * reduced view, presets and the claims of the reports then work without a line in the page module.
 *
 * Conventions. `data-of="thing"` names what an element is about: it takes the thing's ink and lights up with its
 * symbol. `data-answer="key"` is left blank by question mode and the worksheet; "any" until all is answered.
 * `derive` says what a state is: `Common` and the lesson's own settings; all callbacks and patches are checked with it.
 * Colours: --ink of the thing, or tokens. A page draws in `onDraw` painters only, which run once a frame.
 *
 * All that `lesson` has for a page:
 *   state() values() setting(key) defaults has(patch)   what is; `values` is what `derive` made of it
 *   set(patch, tag) -> problems                          refused as a whole if anything in it is not allowed
 *   fit(patch)                                           numbers rounded to their steps, within their ranges
 *   seal() undo() redo() reset()                         changes with one tag are one undo until sealed
 *   onDraw((state, values) => ..., host) requestDraw() renew()   where it paints: out of view it waits
 *   section(key, {host, layout}) -> {text, figure}       prose placed; layout "stacked" or "split"
 *   main, side, more                                     where things go: under the figure, beside it, below both
 *   addPresets(host, group) show(sectionKey)             say(text) for listeners, tell(text) for everyone
 *   ink(thing) -> CSS colour, setSpot(things), hides(answer) -> whether question mode hides it now
 *
 * More parts: addPlot of plot.js (lines, marks, a cursor to drag), addSteps of steps.js (an argument that points at
 * the figure), addPaintGrid of cell_grid.js (cells to paint, kept as letters by cells.js).
 */

/**
 * @import { ExerciseData, LessonPayload } from "../../payloads.d.ts"
 * @import { Drawing } from "./drawing.js"
 * @import { Frame, Placing } from "./frame.js"
 * @import { Question } from "./questions.js"
 * @import { Random } from "./random.js"
 * @import { Problems, Range, Setting, State } from "./settings.js"
 * @import { Store } from "./store.js"
 */

import { make } from "../../base/dom.js";
import { clamp, roundTo } from "../../base/numbers.js";
import { addVerdicts } from "./claims.js";
import { createDrawing } from "./drawing.js";
import { createFrame, placing, showReduced } from "./frame.js";
import { createHighlight } from "./highlight.js";
import { addPresenter, presentSetting } from "./presenter.js";
import { addQuestions } from "./questions.js";
import { createScore } from "./score.js";
import { createStore } from "./store.js";
import { createPresets, createToolbar } from "./toolbar.js";
import { addWorksheet, createSheets, SEED } from "./worksheet.js";

/** @type {Setting} */
const ASK = { kind: "flag", key: "ask", label: "Question mode", default: false };
const SAY_AFTER_MS = 500; // a figure in motion is not worth a sentence
/** @type {() => Problems} */
const NOTHING = () => ({});

/**
 * @typedef {{ask: boolean, seed: number, present: number}} Common settings of every lesson
 * @typedef {Lesson<State & Common, unknown>} AnyLesson what works with every lesson takes this
 */

/**
 * A lesson whose state is S, its own settings and the common ones; V, what `derive` makes of it.
 * @template S, V
 * @typedef {Store<S> & Frame & Placing & Drawing<S, V> & {
 *   newSheet: (() => void)|undefined,
 *   notice(key: string): string|null,
 *   ink(thing: string): string,
 *   reset(): void,
 *   say(text: string): void,
 *   setSpot(things: string[]): void,
 *   setReduced(reduced: boolean): void,
 *   samePicture(first: S, second: S): boolean,
 *   fit<Patch extends Partial<S>>(patch: Patch): Patch,
 *   hides(answer: string): boolean,
 *   addPresets(host: Element, group: string): void,
 *   start(): void,
 * }} Lesson
 */

/**
 * @template S, V
 * @typedef {Object} Definition
 * @property {Object<string, number>} inks things and the number of their --pv-ink
 * @property {(state: S) => Problems} [check] contradictions: refused
 * @property {(state: S) => Problems} [notice] oddities: shown in red, yet allowed
 * @property {(state: S) => V} derive what follows from the state
 * @property {(state: S, values: V) => string} describe the figure in words; without answers while
 *   state.ask is on
 * @property {Question<S, V>[]} questions
 * @property {(random: Random) => Partial<S>} [vary] settings for a sheet of its own
 * @property {string[]} [apart] settings that ask no new question when they change, such as a step
 */

/**
 * Lay out a lesson's frame.
 * @template {State & Common} S
 * @template V
 * @param {HTMLElement} element what the lesson fills
 * @param {LessonPayload} data
 * @param {Definition<S, V>} definition
 * @returns {Lesson<S, V>}
 */
export function createLesson(element, data, definition) {
  const { check = NOTHING, notice = NOTHING, derive, describe, vary, apart = [] } = definition;
  const store = createStore([...data.settings, ASK, SEED, presentSetting(data.talk)], check);
  const sheets = createSheets(store, vary);
  const frame = createFrame(element, data);
  const highlight = createHighlight(frame.root);
  const drawing = createDrawing({ store, frame, highlight, derive });
  const voice = createVoice(frame.live);
  /** @type {Lesson<S, V>} */
  const lesson = {
    ...store,
    ...frame,
    ...placing(frame, data),
    ...drawing,
    set: (patch, tag) => store.set(sheets.keep(patch), tag),
    newSheet: sheets.next,
    notice: (key) => notice(store.state())[key] ?? null,
    ink: (thing) => `var(--pv-ink-${definition.inks[thing]})`,
    reset: () => store.set(store.defaults),
    say: voice.say,
    setSpot: highlight.setSpot,
    setReduced: showReduced,
    /** Whether two states differ in nothing that a question could be about. */
    samePicture: (first, second) => data.settings.every(({ key }) => apart.includes(key) || first[key] === second[key]),
    /** A patch whose numbers are rounded to their steps and brought into their ranges. */
    fit: (patch) => fitted(patch, /** @type {(key: string) => Range} */ (store.setting)),
    /** Whether question mode hides what has this `data-answer` now; nothing is hidden until the questions are there. */
    hides: () => false,
    /** Buttons for the presets of a group; "" is the group at the top of the page. */
    addPresets(host, group) {
      const presets = data.presets.filter((preset) => preset.group === group);
      host.append(createPresets(lesson, presets));
    },
    /** Finish the page: presets, tools, questions and verdicts; then draw for the first time. */
    start() {
      frame.tools.append(createToolbar(lesson), frame.told);
      lesson.addPresets(frame.cases, "");
      lesson.hides = addQuestions(lesson, frame.asks, definition.questions, createScore(lesson, data.slug));
      addExercises(frame.exercises, data.exercises);
      addWorksheet(lesson, frame, definition.questions, data.exercises);
      addPresenter(lesson, data);
      document.documentElement.classList.remove("pvl-present-soon"); // the first drawing shows the step
      addVerdicts(lesson, frame.claims, data.claims);
      drawing.draw();
    },
  };
  store.listen((state) => {
    lesson.tell("");
    drawing.changed();
    voice.sayLater(() => describe(state, lesson.values()));
  });
  colourThings(definition.inks);
  listenForWhole(frame);
  return lesson;
}

/** What listeners are told. @param {HTMLElement} live */
function createVoice(live) {
  let saying = 0;
  return {
    /** Instead of what would soon be said of the last change. @param {string} text */
    say(text) {
      clearTimeout(saying);
      live.textContent = text;
    },
    /** Once the figure rests. @param {() => string} text */
    sayLater(text) {
      clearTimeout(saying);
      saying = setTimeout(() => {
        live.textContent = text();
      }, SAY_AFTER_MS);
    },
  };
}

/** The page without its controls, where the address says so, until somebody wants them. @param {Frame} frame */
function listenForWhole(frame) {
  frame.back.addEventListener("click", () => showReduced(false));
  document.addEventListener("keydown", ({ key }) => key === "Escape" && showReduced(false));
  showReduced(new URLSearchParams(location.search).get("hide") === "controls");
}

/**
 * Give every `data-of` its ink, in the figure, the formulas and the fields alike.
 * @param {Object<string, number>} inks
 */
function colourThings(inks) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    Object.entries(inks)
      .map(([thing, ink]) => `.pvl [data-of="${thing}"] { --ink: var(--pv-ink-${ink}); }`)
      .join("\n"),
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/**
 * @template {{}} Patch
 * @param {Patch} patch numbers and lists of them
 * @param {(key: string) => Range} settingOf
 * @returns {Patch}
 */
function fitted(patch, settingOf) {
  const entries = Object.entries(patch).map(([key, value]) => {
    const { low, high, step } = settingOf(key);
    const fit = (/** @type {number} */ number) => clamp(roundTo(number, step), low, high);
    return [key, Array.isArray(value) ? value.map(fit) : fit(value)];
  });
  return Object.fromEntries(entries);
}

/**
 * Exercises to solve by hand, each with its answer to unfold.
 * @param {HTMLElement} host
 * @param {ExerciseData[]} exercises of rising difficulty
 */
function addExercises(host, exercises) {
  const item = (/** @type {ExerciseData} */ { asks, answer }) =>
    make("li", {}, make("p", {}, asks), make("details", {}, make("summary", {}, "Answer"), make("p", {}, answer)));
  host.append(make("h2", {}, "Exercises"), make("ol", {}, ...exercises.map(item)));
}
