/**
 * The printed worksheet: names, the present figure with its formulas, the questions and exercises with room to
 * write, and the answers on a last page. `?seed=` gives a sheet numbers of its own.
 */

/**
 * @import { AnyLesson, Common, Lesson } from "./kit.js"
 * @import { Frame } from "./frame.js"
 * @import { ExerciseData } from "../../payloads.d.ts"
 * @import { Question } from "./questions.js"
 * @import { Random } from "./random.js"
 * @import { Setting, State } from "./settings.js"
 * @import { Store } from "./store.js"
 */

import { make, say } from "../../base/dom.js";
import { describeAnswer } from "./questions.js";
import { createRandom } from "./random.js";

const MOST_SHEETS = 9999;
/** The number of a sheet, in the address; 0 where the numbers are the lesson's own or the visitor's. @type {Setting} */
export const SEED = {
  kind: "number",
  key: "seed",
  label: "Sheet",
  default: 0,
  low: 0,
  high: MOST_SHEETS,
  step: 1,
  whole: true,
};

/**
 * What changes the numbers of a lesson.
 * @template {State & Common} S
 * @param {Store<S>} store
 * @param {((random: Random) => Partial<S>)|undefined} vary settings for a sheet
 */
export function createSheets(store, vary) {
  /** @type {(seed: number) => Partial<S>} */
  const numbersOf = (seed) => (vary && seed ? vary(createRandom(seed)) : {});
  const asked = new URLSearchParams(location.search);
  const missing = Object.entries(numbersOf(store.state().seed)).filter(([key]) => !asked.has(key));
  if (missing.length) store.set(/** @type {Partial<S>} */ (Object.fromEntries(missing)));
  return {
    /**
     * A patch that takes the sheet's number away once its numbers are changed.
     * @type {(patch: Partial<S>) => Partial<S>}
     */
    keep(patch) {
      if ("seed" in patch) return patch;
      const numbers = numbersOf(store.state().seed);
      return Object.keys(patch).some((key) => key in numbers) ? { ...patch, seed: 0 } : patch;
    },
    /** Go to a sheet at random, with other numbers than now. */
    next:
      vary &&
      (() => {
        let seed;
        do seed = 1 + Math.floor(Math.random() * MOST_SHEETS);
        while (store.has(numbersOf(seed)));
        store.set({ ...numbersOf(seed), seed });
      }),
  };
}

/** @param {string} label */
function field(label) {
  return make("span", { class: "pvl-sheet-field" }, label);
}

const room = () => make("span", { class: "pvl-line" });

/**
 * Fill the parts that only paper shows, just before they are printed.
 * @template {State & Common} S
 * @template V
 * @param {Lesson<S, V>} lesson
 * @param {Frame} hosts
 * @param {Question<S, V>[]} questions
 * @param {ExerciseData[]} exercises
 */
export function addWorksheet(lesson, { sheetHead, sheet, answers }, questions, exercises) {
  const printed = questions.filter(({ screen }) => !screen);
  const number = field("");
  const source = make("p", { class: "pvl-sheet-source" });
  const asked = printed.map(() => make("p", {}));
  const told = printed.map(() => make("li", {}));
  sheetHead.append(field("Name"), field("Date"), number);
  sheet.append(
    make("h2", {}, "Questions"),
    make("ol", {}, ...asked.map((prompt) => make("li", {}, prompt, room()))),
    make("h2", {}, "Exercises"),
    make(
      "ol",
      { start: printed.length + 1 },
      ...exercises.map(({ asks }) => make("li", {}, make("p", {}, asks), room(), room())),
    ),
  );
  answers.append(
    make("h2", {}, "Answers"),
    make("ol", {}, ...told, ...exercises.map(({ answer }) => make("li", {}, answer))),
    source,
  );
  function fill() {
    const [state, values] = [lesson.state(), lesson.values()];
    printed.forEach((question, place) => {
      say(asked[place], question.asks(state, values));
      say(told[place], describeAnswer(question, state, values));
    });
    say(number, state.seed ? `Sheet ${state.seed}` : "Sheet");
    number.classList.toggle("pvl-sheet-given", state.seed > 0);
    say(source, `This sheet: ${lesson.address()}`);
  }
  matchMedia("print").addEventListener("change", fill);
  addEventListener("beforeprint", fill);
}
