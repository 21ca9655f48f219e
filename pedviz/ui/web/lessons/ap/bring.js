/** Bring your ranking: scores and hits pasted as CSV become the list. */

import { make, say } from "../../base/dom.js";
import { readRanking } from "./ranking.js";

const EXAMPLE = "score,hit\n0.97,1\n0.90,0\n0.74,1";

/**
 * @param {import("./values.js").Lesson} lesson
 * @param {HTMLElement} host
 * @param {number} most detections that the list holds
 */
export function addBring(lesson, host, most) {
  const area = make("textarea", {
    id: "pvl-bring",
    class: "pvl-bring",
    rows: 6,
    placeholder: EXAMPLE,
    spellcheck: "false",
    "aria-describedby": "pvl-bring-help pvl-bring-told",
  });
  const told = make("p", { id: "pvl-bring-told", role: "status" });
  function take() {
    const { hits = "", problem } = readRanking(area.value, most);
    area.setAttribute("aria-invalid", String(Boolean(problem)));
    told.classList.toggle("pvl-problem", Boolean(problem));
    if (problem) return say(told, problem);
    const found = [...hits].filter((letter) => letter === "T").length;
    const people = Math.max(found, 1);
    lesson.set({ hits, rank: hits.length, people });
    say(
      told,
      `${hits.length} detections, ${found} of them true positives. Set “People to find” to all who are in the ground ` +
        `truth; it is ${people} now, as if nobody were missed.`,
    );
  }
  const help = make(
    "p",
    { class: "pv-muted", id: "pvl-bring-help" },
    `One detection per line: its score and 1 for a true positive or 0 for a false one, at most ${most}. The score ` +
      "ranks them, in whatever order the lines come.",
  );
  const use = make("button", { type: "button", class: "pv-button pv-small", onclick: take }, "Use this ranking");
  const label = make("label", { for: "pvl-bring" }, "Scores and true positives as CSV");
  host.append(
    make(
      "details",
      { class: "pvl-bring-fold" },
      make("summary", {}, "Bring your ranking"),
      help,
      label,
      area,
      use,
      told,
    ),
  );
}
