/** The end of every lesson: what the source reports say, whether it holds, and a button that shows it. */

/** @import { ClaimData } from "../../payloads.d.ts" */
/** @import { AnyLesson } from "./kit.js" */

import { make } from "../../base/dom.js";
import { icon } from "../../base/icons.js";

const WORDS = { right: "Correct", incomplete: "Partly correct", wrong: "Incorrect" };

/**
 * @param {AnyLesson} lesson
 * @param {HTMLElement} host what it is put into
 * @param {ClaimData[]} claims
 */
export function addVerdicts(lesson, host, claims) {
  host.append(...claims.map((claim) => card(lesson, claim)));
}

/** @type {(lesson: AnyLesson, claim: ClaimData) => HTMLElement} */
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
