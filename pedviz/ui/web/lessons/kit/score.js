/** The score of question mode: attempts and right at first try, per question; to copy, save and tell a page around. */

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
 */

/** "3 of 4 right at first try, 6 attempts." */
function summary(entries) {
  const first = entries.filter(({ firstTry }) => firstTry).length;
  const attempts = entries.reduce((sum, entry) => sum + entry.attempts, 0);
  return `${first} of ${entries.length} right at first try, ${attempts} ${attempts === 1 ? "attempt" : "attempts"}.`;
}

/** The score as lines of a table. */
function linesOf(slug, entries) {
  const line = ({ question, asked, attempts, firstTry, outcome, link }) => [
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

/** What is seen of the score, and its buttons. */
function createBoard(lesson, slug, entries) {
  const total = make("p", { class: "pvl-score-total", role: "status" });
  const table = () => csv(linesOf(slug, entries));
  const copied = () => lesson.tell("Score copied.");
  const refused = () => lesson.tell("The browser does not let this page copy: download the score instead.");
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
 * @param {Object} lesson from createLesson
 * @param {string} slug of the lesson
 * @returns {{element: HTMLElement, open: (question: string, asked: () => string) => Object}}
 */
export function createScore(lesson, slug) {
  const entries = [];
  const { element, refresh } = createBoard(lesson, slug, entries);
  /** A question about what is shown; it counts once it was tried or its answer was shown. */
  function open(question, asked) {
    /** @type {any} */
    let entry = null;
    function begin() {
      if (entry) return;
      entry = { question, asked: asked(), link: lesson.address(), attempts: 0, firstTry: false, outcome: "open" };
      entries.push(entry);
    }
    const told = (message) => {
      tellParent({ lesson: slug, question, asked: entry.asked, ...message });
      refresh();
    };
    return {
      tried(given, correct) {
        begin();
        entry.attempts += 1;
        if (correct) entry.outcome = "right";
        entry.firstTry ||= correct && entry.attempts === 1;
        told({ type: "answer", given, correct, attempt: entry.attempts });
      },
      shown() {
        begin();
        entry.outcome = "shown";
        told({ type: "shown", attempts: entry.attempts });
      },
    };
  }
  return { element, open };
}
