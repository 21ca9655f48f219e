/** Question mode: values stay hidden until they were asked for; and the worksheet's questions and answers. */

import { make } from "../../base/dom.js";
import { format, parseAnswer } from "../../base/numbers.js";

/**
 * @typedef {Object} Question
 * @property {string} key hides everything with this `data-answer` until answered
 * @property {(state: Object, values: Object) => string} asks
 * @property {(state: Object, values: Object) => number|null} answer null where the quantity does not exist, infinite
 *   where it is; NaN while it is not known yet, and then nothing can be asked
 * @property {number} tolerance how far off still counts as right
 * @property {(state: Object, values: Object) => string} explains how the answer comes about
 */

const DIGITS = 4;
const HINT = "pvl-answer-hint"; // id of the sentence that says what can be typed

function describeAnswer(question, state, values) {
  const answer = question.answer(state, values);
  if (Number.isNaN(answer)) return question.explains(state, values);
  return `${answer === null ? "none" : format(answer, DIGITS)}. ${question.explains(state, values)}`;
}

/** What to say to a wrong answer; null to a right one. */
function objection(given, right, tolerance) {
  if (given === right) return null; // infinities too, and none
  if (given === null) return "Not yet: it does exist.";
  if (right === null) return "Not yet: does it exist here?";
  if (Math.abs(given - right) <= tolerance) return null;
  return given < right ? "Not yet: it is more than that." : "Not yet: it is less than that.";
}

/**
 * Add the questions, shown while the setting "ask" is on, and the worksheet's answers.
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host of the questions
 * @param {HTMLElement} answersHost of the answers, which only the printed worksheet shows
 * @param {Question[]} questions
 * @returns {(answer: string) => boolean} whether something with this `data-answer` is hidden now
 */
export function addQuestions(lesson, host, answersHost, questions) {
  const forms = questions.map((question) => questionForm(lesson, question));
  const answers = questions.map(() => make("li", {}));
  host.append(
    make("h2", {}, "Your turn"),
    make(
      "p",
      { class: "pv-muted", id: HINT },
      "Write a number or a fraction; none where there is no such number, inf or ∞ where it is infinite.",
    ),
    make("ol", { class: "pvl-questions" }, ...forms.map((form) => form.element)),
  );
  answersHost.append(make("h2", {}, "Answers"), make("ol", {}, ...answers));
  let asked = null; // the state and edition that the questions are about

  lesson.onDraw((state, values) => {
    const sameQuestion = asked !== null && asked.edition === lesson.edition() && lesson.samePicture(asked.state, state);
    if (!sameQuestion) for (const form of forms) form.reset(state, values);
    asked = { state, edition: lesson.edition() };
    questions.forEach((question, index) => {
      answers[index].textContent = describeAnswer(question, state, values);
    });
    hideAnswers(lesson);
  });
  return (answer) => {
    const asked = lesson.state().ask ? forms.filter((form) => !form.isOpen()).map((form) => form.key) : [];
    return answer === "any" ? asked.length > 0 : asked.includes(answer);
  };
}

function hideAnswers(lesson) {
  for (const element of lesson.root.querySelectorAll("[data-answer]")) {
    const hidden = lesson.hides(element.dataset.answer);
    element.classList.toggle("pvl-blank", hidden);
    if (hidden) element.setAttribute("aria-hidden", "true");
    else element.removeAttribute("aria-hidden");
  }
}

function questionForm(lesson, question) {
  let open = false;
  const prompt = make("label", { for: `pvl-question-${question.key}` });
  const input = make("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    id: `pvl-question-${question.key}`,
    class: "pvl-number",
    placeholder: "0.25, none, ∞",
    "aria-describedby": HINT,
  });
  const verdict = make("p", { class: "pvl-verdict", role: "status" });
  const check = make("button", { type: "submit", class: "pv-button pv-small pv-primary" }, "Check");
  const show = make(
    "button",
    { type: "button", class: "pv-button pv-small", onclick: () => finish("Answer: ", "shown") },
    "Show",
  );
  const form = make("form", {}, prompt, make("div", { class: "pvl-buttons" }, input, check, show), verdict);

  function tell(kind, text) {
    verdict.dataset.kind = kind;
    verdict.textContent = text;
    input.setAttribute("aria-invalid", String(kind === "wrong"));
  }

  function finish(opening, kind) {
    open = true;
    tell(kind, opening + describeAnswer(question, lesson.state(), lesson.values()));
    lesson.requestDraw();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = parseAnswer(input.value);
    if (Number.isNaN(given)) return tell("wrong", "Write a number, such as 0.25 or 1/4, none or inf.");
    const wrong = objection(given, question.answer(lesson.state(), lesson.values()), question.tolerance);
    return wrong ? tell("wrong", wrong) : finish("Right: ", "right");
  });

  return {
    key: question.key,
    element: make("li", {}, form, make("span", { class: "pvl-line" })),
    isOpen: () => open,
    /** Ask about another picture. */
    reset(state, values) {
      open = false;
      input.value = "";
      prompt.textContent = question.asks(state, values);
      check.disabled = show.disabled = Number.isNaN(question.answer(state, values));
      tell("", "");
    },
  };
}
