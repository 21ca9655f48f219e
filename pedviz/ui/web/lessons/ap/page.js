/** Lesson 2, average precision. */

/**
 * @import { PresetData } from "../../payloads.d.ts"
 * @import { Question } from "../kit/questions.js"
 * @import { Random } from "../kit/random.js"
 * @import { Problems } from "../kit/settings.js"
 * @import { Data, Lesson, Rule, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { reversedBox } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { createLesson } from "../kit/kit.js";
import { blank, frac, name, number, row, sub, symbol, text } from "../kit/mathml.js";
import { addCurve, describeList, RULES } from "./curve.js";
import { addList } from "./list.js";
import { addReal } from "./real.js";
import { addScene } from "./scene.js";
import { DETECTION_KEYS, deriver } from "./values.js";

const INKS = { hit: 3, miss: 2, left: 4, curve: 1, area: 1, person: 6, mean: 5, any: 1 };
const RESULT_DIGITS = 4;

/** @type {(state: State) => Problems} */
function check(state) {
  const wrong = DETECTION_KEYS.map((key, place) => [key, reversedBox(`detection ${place + 1}`, state[key])]);
  return Object.fromEntries(wrong.filter(([, problem]) => problem));
}

/** @type {(state: State) => Problems} */
function notice({ hits, people }) {
  const marked = [...hits.toUpperCase()].filter((letter) => letter === "T").length;
  return marked > people
    ? {
        people:
          `${marked} detections are on people, but there are ${people}: a person counts once, so the last ` +
          `${marked - people} count as false positives.`,
      }
    : {};
}

/**
 * @template None
 * @param {number[]} values
 * @param {None} none where there is no value
 */
const last = (values, none) => values.at(-1) ?? none;
/** @type {Question<State, Values>[]} */
const QUESTIONS = [
  {
    key: "p",
    asks: (_, { list }) =>
      `Of ${list.returned.length} detections ${last(list.counts.truePositives, 0)} are true positives. What is the ` +
      "precision?",
    answer: (_, { list }) => last(list.precision, null),
    tolerance: 0.01,
    explains: (_, { list }) =>
      list.returned.length
        ? "True positives over all that were returned."
        : "True positives over all that were returned: nothing was, and nothing can be divided by 0.",
  },
  {
    key: "r",
    asks: ({ people }, { list }) =>
      `${last(list.counts.truePositives, 0)} of ${people} people were found. What is the recall?`,
    answer: (_, { list }) => last(list.recall, 0),
    tolerance: 0.01,
    explains: () => "People found over people there are.",
  },
  {
    key: "fn",
    asks: ({ people }, { list }) =>
      `People to find: ${people}. How many false negatives are there after ${list.returned.length} of the detections?`,
    answer: ({ people }, { list }) => last(list.counts.falseNegatives, people),
    tolerance: 0,
    explains: () => "The people whom nobody found yet; they are not true negatives.",
  },
  {
    key: "ap",
    after: "averages",
    asks: ({ rule }) => `What is the average precision of this list (${RULES[rule]})?`,
    answer: ({ rule }, { list }) => list.averages[rule],
    tolerance: 0.005,
    explains: ({ rule }) => `By the rule “${RULES[rule]}”.`,
  },
  {
    key: "scene",
    after: "scene",
    screen: true,
    asks: ({ t }) => `What is COCO's average precision of the scene with three people at IoU ${fixed(t, 2)}?`,
    answer: (_, { scene }) => scene.ap,
    tolerance: 0.01,
    explains: (_, { scene: { takes } }) =>
      `In order of score: ${takes.map((person) => (person >= 0 ? "true" : "false")).join(", ")} positive.`,
  },
  {
    key: "mean",
    after: "scene",
    screen: true,
    asks: ({ span }) =>
      `And its mean over the ${span === "coco" ? "ten thresholds from .50" : "nineteen thresholds from .05"} to .95?`,
    answer: (_, { scene }) => scene.mean,
    tolerance: 0.01,
    explains: (_, { scene: { perThreshold } }) =>
      `(${perThreshold.map(({ ap }) => fixed(ap, 3)).join(" + ")}) / ${perThreshold.length}.`,
  },
];

/** @type {(of: string, letters: string, label: string) => Node} */
const count = (of, letters, label) => symbol(of, name(letters), label);
const TP = () => count("hit", "TP", "true positives");
const FIXED = [
  row(
    "P",
    "=",
    frac(TP(), row(TP(), "+", count("miss", "FP", "false positives"))),
    ",",
    "R",
    "=",
    frac(TP(), row(TP(), "+", count("left", "FN", "false negatives"))),
  ),
  row("AP", "=", name("∑"), row("P", "×", name("Δ"), "R")),
];

/** @type {(state: State, values: Values) => Node[]} */
function liveLines({ rule, people }, { list: { counts, precision, recall, averages } }) {
  if (!precision.length)
    return [
      row(
        text("nothing returned yet: "),
        blank("r", text("recall is 0,")),
        blank("p", text(" and there is no precision")),
      ),
    ];
  const end = precision.length - 1;
  const [found, wrong, missing] = [counts.truePositives[end], counts.falsePositives[end], counts.falseNegatives[end]];
  return [
    row(
      "P",
      "=",
      frac(number("hit", found), row(number("hit", found), "+", number("miss", wrong))),
      "=",
      blank("p", number("curve", precision[end])),
    ),
    row(
      "R",
      "=",
      frac(number("hit", found), row(number("hit", found), "+", blank("fn", number("left", missing)))),
      "=",
      frac(number("hit", found), number("left", people)),
      "=",
      blank("r", number("curve", recall[end])),
    ),
    row(sub("AP", text(RULES[rule])), "=", blank("ap", number("area", averages[rule]))),
  ];
}

/**
 * The four averages of this list, and of every case as Python computed them.
 * @param {Lesson} lesson
 * @param {HTMLElement} figure
 * @param {PresetData[]} presets
 * @param {Data} data
 */
function addAverages(lesson, figure, presets, { averages }) {
  const keys = /** @type {Rule[]} */ (Object.keys(RULES));
  const live = make("tr", { class: "pvl-chosen" });
  const line = (/** @type {PresetData} */ { key, label, state }) =>
    make(
      "tr",
      {},
      make(
        "th",
        { scope: "row" },
        make(
          "button",
          {
            type: "button",
            class: "pv-button pv-quiet pv-small",
            onclick: () => {
              lesson.set(state);
              lesson.show("");
            },
          },
          label,
        ),
      ),
      ...keys.map((rule) => make("td", { "data-answer": "any" }, fixed(averages[key][rule], RESULT_DIGITS))),
    );
  figure.append(
    framedTable({
      label: "Four averages",
      heads: ["", ...keys.map((rule) => RULES[rule])],
      rows: [live, ...presets.map(line)],
    }),
  );
  lesson.onDraw(
    (_, { list }) =>
      live.replaceChildren(
        make("th", { scope: "row" }, "your list, as far as returned"),
        ...keys.map((rule) => make("td", { "data-answer": "any" }, fixed(list.averages[rule], RESULT_DIGITS))),
      ),
    figure,
  );
}

/**
 * Ten detections, four to six of them right, and at least as many people.
 * @type {(random: Random) => Partial<State>}
 */
function vary({ whole, pick }) {
  const people = whole(4, 7);
  const right = whole(3, people - 1);
  let hits = "T".repeat(right) + "F".repeat(10 - right);
  for (let left = hits.length, rest = hits, mixed = ""; left > 0; left -= 1) {
    const place = whole(0, left - 1);
    mixed += rest[place];
    rest = rest.slice(0, place) + rest.slice(place + 1);
    hits = mixed;
  }
  return { hits, people, rank: whole(6, 10), rule: pick(["raw", "all"]) };
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/ap.py
 */
export function mount(element, data) {
  /** @type {Data} */
  const numbers = data.data;
  const lesson = createLesson(element, data, {
    inks: INKS,
    check,
    notice,
    derive: deriver(numbers),
    questions: QUESTIONS,
    apart: ["model", "of"],
    vary,
    describe: (state, values) => describeList(state, values),
  });
  addList(lesson, lesson.main, () => addCurve(lesson, lesson.main));
  addFormula(lesson, lesson.side, { label: "Precision, recall and their average", fixed: FIXED, live: liveLines });
  addField(lesson, lesson.side, "rank", { of: "curve" });
  addField(lesson, lesson.side, "people", { of: "left" });
  addField(lesson, lesson.side, "rule");
  addAverages(lesson, lesson.section("averages").figure, data.presets, numbers);
  addScene(lesson, lesson.section("scene", { layout: "split" }), numbers);
  addReal(lesson, lesson.section("real", { layout: "split" }));
  lesson.section("blind");
  lesson.start();
}
