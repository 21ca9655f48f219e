/** The end of every lesson: what the source reports say, whether it holds, and a button that shows it. */

import { make } from "../../base/dom.js";
import { icon } from "../../base/icons.js";

const WORDS = { right: "Correct", incomplete: "Partly correct", wrong: "Incorrect" };

/**
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host what it is put into
 * @param {{source: string, says: string, verdict: string, answer: string, state: Object|null,
 *   at: string}[]} claims
 */
export function addVerdicts(lesson, host, claims) {
  host.append(...claims.map((claim) => card(lesson, claim)));
}

function card(lesson, { source, says, verdict, answer, state, at }) {
  const head = make(
    "p",
    { class: "pvl-claim-head" },
    icon(verdict),
    make("strong", {}, WORDS[verdict]),
    make("span", { class: "pv-muted" }, source),
  );
  const show =
    state &&
    make(
      "button",
      {
        type: "button",
        class: "pv-button pv-small",
        onclick: () => {
          lesson.set(state);
          lesson.show(at);
        },
      },
      "Show example",
    );
  return make(
    "article",
    { class: "pvl-claim", "data-verdict": verdict },
    head,
    make("blockquote", {}, says),
    make("p", {}, answer),
    show,
  );
}
