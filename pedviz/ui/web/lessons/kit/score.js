/** The score of question mode: attempts and right at first try, per question; to copy, save and tell a page around. */

/** @import { AnyLesson } from "./kit.js" */

import { copyText } from "../../base/clipboard.js";
import { make, say } from "../../base/dom.js";
import { tellParent } from "../../base/embed.js";
import { csv, save } from "../../base/files.js";

const HEADS = ["lesson", "question", "asked", "attempts", "right at first try", "outcome", "link"];

/**
 * @typedef {Object} Entry one question about what is shown
 * @property {string} question its key
 * @property {string} asked its words
 * @property {string} link address of the lesson as it was asked
 * @property {number} attempts
 * @property {boolean} firstTry whether the first attempt was right
 * @property {"open"|"right"|"shown"} outcome
 *
 * @typedef {{element: HTMLElement, refresh: () => void}} Board
 * @typedef {{tried: (given: string, correct: boolean) => void, shown: () => void}} Tally of one question
 * @typedef {{element: HTMLElement, open: (question: string, asked: () => string) => Tally}} Score
 */

/** "3 of 4 right at first try, 6 attempts." @param {Entry[]} entries */
function summary(entries) {
  const first = entries.filter(({ firstTry }) => firstTry).length;
  const attempts = entries.reduce((sum, entry) => sum + entry.attempts, 0);
  return `${first} of ${entries.length} right at first try, ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`;
}

/** The score as lines of a table. @type {(slug: string, entries: Entry[]) => (string|number)[][]} */
function linesOf(slug, entries) {
  const line = (/** @type {Entry} */ { question, asked, attempts, firstTry, outcome, link }) => [
    slug,
    question,
    asked,
    attempts,
    firstTry ? "yes" : "no",
    outcome,
    link,
  ];
  return [HEADS, ...entries.map(line)];
}

/** What is seen of the score, and its buttons. @type {(lesson: AnyLesson, slug: string, entries: Entry[]) => Board} */
function createBoard(lesson, slug, entries) {
  const total = make("p", { class: "pvl-score-total", role: "status" });
  const table = () => csv(linesOf(slug, entries));
  const copied = () => lesson.tell("Score copied.");
  const refused = () => lesson.tell("The browser does not let this page copy: download the score instead.");
  /** @type {(label: string, act: () => void) => HTMLElement} */
  const button = (label, act) => make("button", { type: "button", class: "pv-button pv-small", onclick: act }, label);
  const element = make(
    "div",
    { class: "pvl-score", hidden: true },
    total,
    button("Copy score", () => copyText(table()).then(copied, refused)),
    button("Download CSV", () => save(new Blob([table()], { type: "text/csv" }), `pedviz-${slug}-score.csv`)),
  );
  function refresh() {
    element.hidden = entries.length === 0;
    say(total, summary(entries));
  }
  return { element, refresh };
}

/**
 * @param {AnyLesson} lesson
 * @param {string} slug of the lesson
 * @returns {Score}
 */
export function createScore(lesson, slug) {
  /** @type {Entry[]} */
  const entries = [];
  const { element, refresh } = createBoard(lesson, slug, entries);
  /** A question about what is shown; it counts once it was tried or its answer was shown. @type {Score["open"]} */
  function open(question, asked) {
    /** @type {Entry|undefined} */
    let begun;
    function begin() {
      if (begun) return begun;
      begun = { question, asked: asked(), link: lesson.address(), attempts: 0, firstTry: false, outcome: "open" };
      entries.push(begun);
      return begun;
    }
    /** @type {(entry: Entry, message: {type: "answer"|"shown"} & Object<string, string|number|boolean>) => void} */
    const told = (entry, message) => {
      tellParent({ lesson: slug, question, asked: entry.asked, ...message });
      refresh();
    };
    return {
      tried(given, correct) {
        const entry = begin();
        entry.attempts += 1;
        if (correct) entry.outcome = "right";
        entry.firstTry ||= correct && entry.attempts === 1;
        told(entry, { type: "answer", given, correct, attempt: entry.attempts });
      },
      shown() {
        const entry = begin();
        entry.outcome = "shown";
        told(entry, { type: "shown", attempts: entry.attempts });
      },
    };
  }
  return { element, open };
}
