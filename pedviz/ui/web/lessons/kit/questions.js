/** Question mode: values stay hidden until they were asked for. */

/**
 * @import { AnyLesson, Common, Lesson } from "./kit.js"
 * @import { Score, Tally } from "./score.js"
 * @import { State } from "./settings.js"
 */

import { make } from "../../base/dom.js";
import { format, readAnswers, whole } from "../../base/numbers.js";

/**
 * @template S, V
 * @typedef {Object} Question
 * @property {string} key hides everything with this `data-answer` until answered
 * @property {(state: S, values: V) => string} asks
 * @property {(state: S, values: V) => number|null} answer null where the quantity does not exist, infinite
 *   where it is; NaN while it is not known yet, and then nothing can be asked
 * @property {number} tolerance how far off still counts as right
 * @property {(state: S, values: V) => string} explains how the answer comes about
 * @property {string} [after] key of the section that teaches it, where it is asked; without, beside the figure
 * @property {boolean} [screen] whether it needs a figure that the worksheet does not have
 */

const DIGITS = 4;
const HINT = "pvl-answer-hint"; // id of the sentence that says what can be typed

/**
 * The answer and how it comes about, in a sentence.
 * @template S, V
 * @param {Question<S, V>} question
 * @param {S} state
 * @param {V} values
 */
export function describeAnswer(question, state, values) {
  const answer = question.answer(state, values);
  if (Number.isNaN(answer)) return question.explains(state, values);
  const written = Number.isInteger(answer) ? whole(Number(answer)) : format(Number(answer), DIGITS);
  return `${answer === null ? "none" : written}. ${question.explains(state, values)}`;
}

/**
 * What to say to a wrong answer; null to a right one.
 * @type {(given: number|null, right: number|null, tolerance: number) => string|null}
 */
function objection(given, right, tolerance) {
  if (given === right) return null; // infinities too, and none
  if (given === null) return "Not yet: it does exist.";
  if (right === null) return "Not yet: does it exist here?";
  if (Math.abs(given - right) <= tolerance) return null;
  return given < right ? "Not yet: it is more than that." : "Not yet: it is less than that.";
}

/**
 * Add the questions, shown while the setting "ask" is on.
 * @template {State & Common} S
 * @template V
 * @param {Lesson<S, V>} lesson
 * @param {HTMLElement} host of the questions
 * @param {Question<S, V>[]} questions
 * @param {Score} score
 * @returns {(answer: string) => boolean} whether something with this `data-answer` is hidden now
 */
export function addQuestions(lesson, host, questions, score) {
  const forms = questions.map((question) => questionForm(lesson, question, score));
  placeForms(lesson, host, questions, forms);
  host.append(score.element);
  /** @type {{state: S, edition: number}|null} */
  let asked = null; // the state and edition that the questions are about
  let hidden = false; // something may be

  lesson.onDraw((state, values) => {
    const sameQuestion = asked !== null && asked.edition === lesson.edition() && lesson.samePicture(asked.state, state);
    if (!sameQuestion) for (const form of forms) form.reset(state, values);
    asked = { state, edition: lesson.edition() };
    if (state.ask || hidden) hideAnswers(lesson);
    hidden = state.ask;
  });
  return (answer) => {
    const asked = lesson.state().ask ? forms.filter((form) => !form.isOpen()).map((form) => form.key) : [];
    return answer === "any" ? asked.length > 0 : asked.includes(answer);
  };
}

/**
 * Each form stands where its subject was taught: beside the figure, or at the end of a section.
 * @param {AnyLesson} lesson
 * @param {HTMLElement} host
 * @param {{after?: string}[]} questions
 * @param {{element: HTMLElement}[]} forms
 */
function placeForms(lesson, host, questions, forms) {
  const places = [...new Set(questions.map(({ after }) => after))];
  const hint = "Write a number or a fraction; none where there is no such number, inf or ∞ where it is infinite.";
  let first = 1;
  for (const after of places) {
    const own = forms.filter((_, place) => questions[place].after === after);
    const group =
      after === undefined ? host : make("section", { class: "pvl-asks", "aria-label": "Questions on this section" });
    if (after !== undefined) lesson.sectionEnd(after)?.append(group);
    group.append(
      make("h2", {}, "Your turn"),
      make("ol", { class: "pvl-questions", start: first }, ...own.map((form) => form.element)),
    );
    first += own.length;
  }
  host.children[0].after(make("p", { class: "pv-muted", id: HINT }, hint));
}

/** @param {AnyLesson} lesson */
function hideAnswers(lesson) {
  /** @type {NodeListOf<HTMLElement>} */
  const answers = lesson.root.querySelectorAll("[data-answer]");
  for (const element of answers) {
    const hidden = lesson.hides(element.dataset.answer ?? "");
    element.classList.toggle("pvl-blank", hidden);
    if (hidden) element.setAttribute("aria-hidden", "true");
    else element.removeAttribute("aria-hidden");
  }
}

/** @param {string} key */
function answerInput(key) {
  return make("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    id: `pvl-question-${key}`,
    class: "pvl-number",
    placeholder: "0.25, none, ∞",
    "aria-describedby": HINT,
  });
}

/**
 * @template {State & Common} S
 * @template V
 * @param {Lesson<S, V>} lesson
 * @param {Question<S, V>} question
 * @param {Score} score
 */
function questionForm(lesson, question, score) {
  let open = false;
  /** @type {Tally|undefined} */
  let tally; // of this question about the present figure
  const prompt = make("label", { for: `pvl-question-${question.key}` });
  const input = answerInput(question.key);
  const verdict = make("p", { class: "pvl-verdict", role: "status" });
  const check = make("button", { type: "submit", class: "pv-button pv-small pv-primary" }, "Check");
  const show = make("button", { type: "button", class: "pv-button pv-small", onclick: giveUp }, "Show");
  const form = make("form", {}, prompt, make("div", { class: "pvl-buttons" }, input, check, show), verdict);

  /** @type {(kind: ""|"right"|"shown"|"wrong", text: string) => void} */
  function tell(kind, text) {
    verdict.dataset.kind = kind;
    verdict.textContent = text;
    input.setAttribute("aria-invalid", String(kind === "wrong"));
  }

  /** @type {(opening: string, kind: "right"|"shown") => void} */
  function finish(opening, kind) {
    open = true;
    tell(kind, opening + describeAnswer(question, lesson.state(), lesson.values()));
    lesson.requestDraw();
  }

  function giveUp() {
    if (open) return;
    tally?.shown();
    finish("Answer: ", "shown");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (open) return;
    const given = readAnswers(input.value);
    if (!given.length) return tell("wrong", "Write a number, such as 0.25 or 1/4, none or inf.");
    const right = question.answer(lesson.state(), lesson.values());
    const objections = given.map((one) => objection(one, right, question.tolerance));
    const wrong = objections.includes(null) ? null : objections[0];
    tally?.tried(input.value.trim(), wrong === null);
    return wrong ? tell("wrong", wrong) : finish("Right: ", "right");
  });

  return {
    key: question.key,
    element: make("li", {}, form),
    isOpen: () => open,
    /** Ask about another figure. @type {(state: S, values: V) => void} */
    reset(state, values) {
      open = false;
      tally = score.open(question.key, () => prompt.textContent);
      input.value = "";
      prompt.textContent = question.asks(state, values);
      check.disabled = show.disabled = Number.isNaN(question.answer(state, values));
      tell("", "");
    },
  };
}
