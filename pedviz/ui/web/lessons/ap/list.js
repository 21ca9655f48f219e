/** The ranked list: chips to flip, move, add and remove, and the table of what follows from each. */

/**
 * @import { Lesson, State, Values } from "./values.js"
 * @typedef {ReturnType<typeof createEdits>} Edits
 * @typedef {{chips: HTMLButtonElement[], edits: Edits, focus: (place: number) => void}} Parts
 */

import { make } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { format } from "../../base/numbers.js";
import { patchChildren } from "../../base/patch.js";
import { addField } from "../kit/fields.js";
import { framedTable } from "../kit/framed_table.js";
import { addBring } from "./bring.js";

const LONGEST = 100;
const DRAGGED_FROM = 6; // pixels, so that a press that trembles still flips
/** @type {Object<string, number|undefined>} */
const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {boolean} hit */
const word = (hit) => (hit ? "true positive" : "false positive");
/** @type {(letters: string[], from: number, to: number) => string[]} */
const moved = (letters, from, to) => letters.toSpliced(from, 1).toSpliced(to, 0, letters[from]);

/** Changes of the list as patches of the state. @param {Lesson} lesson */
function createEdits(lesson) {
  const letters = () => [...lesson.state().hits.toUpperCase()];
  /** @type {(next: string[], tag?: string) => void} */
  const put = (next, tag) => lesson.set({ hits: next.join("") }, tag);
  /** As many stay hidden, or returned, as before. @param {string[]} next */
  const resized = (next) => {
    const { hits, rank } = lesson.state();
    const all = rank >= hits.length;
    lesson.set({ hits: next.join(""), rank: all ? next.length : Math.min(rank, next.length) });
  };
  return {
    flip: (/** @type {number} */ place) => put(letters().with(place, letters()[place] === "T" ? "F" : "T")),
    /** @type {(from: number, to: number, tag: string) => number} where it is now */
    move(from, to, tag) {
      if (to < 0 || to >= letters().length || to === from) return from;
      put(moved(letters(), from, to), tag);
      return to;
    },
    remove: (/** @type {number} */ place) => resized(letters().toSpliced(place, 1)),
    add: (/** @type {"T"|"F"} */ letter) => {
      if (letters().length < LONGEST) resized([...letters(), letter]);
    },
  };
}

/**
 * The chip that a pointer is over, by the middles of the chips; chips may be in several rows.
 * @type {(chips: Element[], event: MouseEvent) => number}
 */
function placeUnder(chips, { clientX, clientY }) {
  const distances = chips.map((chip) => {
    const { left, right, top, bottom } = chip.getBoundingClientRect();
    return Math.hypot(clientX - (left + right) / 2, clientY - (top + bottom) / 2);
  });
  return distances.indexOf(Math.min(...distances));
}

/** @type {(lesson: Lesson, host: HTMLElement, parts: Parts) => void} */
function listenToPointer(lesson, host, { chips, edits, focus }) {
  /** @type {{place: number, from: number, x: number, y: number, dragged: boolean, tag: string}|null} */
  let grip = null;
  host.addEventListener("pointerdown", (event) => {
    const place = chips.findIndex((chip) => chip.contains(/** @type {Node} */ (event.target)));
    if (place < 0 || event.button !== 0) return;
    grip = {
      place,
      from: place,
      x: event.clientX,
      y: event.clientY,
      dragged: false,
      tag: `drag list ${event.timeStamp}`,
    };
    host.setPointerCapture(event.pointerId);
  });
  host.addEventListener("pointermove", (event) => {
    if (!grip) return;
    grip.dragged ||= Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > DRAGGED_FROM;
    if (grip.dragged)
      grip.place = edits.move(
        grip.place,
        placeUnder(
          chips.filter((chip) => !chip.parentElement?.hidden),
          event,
        ),
        grip.tag,
      );
  });
  host.addEventListener("pointerup", () => {
    if (grip && !grip.dragged) edits.flip(grip.place);
    if (grip) focus(grip.place);
    grip = null;
    lesson.seal();
  });
  host.addEventListener("pointercancel", () => {
    grip = null;
    lesson.seal();
  });
}

/**
 * Arrow keys choose, with Alt they move; Enter flips, Delete removes.
 * @type {(lesson: Lesson, list: HTMLElement, parts: Parts) => void}
 */
function listenToKeys(lesson, list, { chips, edits, focus }) {
  const last = () => lesson.state().hits.length - 1;
  list.addEventListener("keydown", (event) => {
    const place = chips.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const step = ARROWS[event.key];
    if (event.key === "Enter" || event.key === " ") edits.flip(place);
    else if (event.key === "Delete" || event.key === "Backspace") edits.remove(place);
    else if (step && event.altKey) focus(edits.move(place, place + step, `keys ${place}`));
    else if (step) focus(Math.min(Math.max(place + step, 0), last()));
    else return;
    event.preventDefault();
    if (event.key === "Delete" || event.key === "Backspace") focus(Math.max(0, Math.min(place, last())));
  });
}

/** @type {(chips: HTMLButtonElement[], state: State, values: Values) => void} */
function drawChips(chips, { rank }, { list: { marks, hits } }) {
  chips.forEach((chip, place) => {
    chip.parentElement?.toggleAttribute("hidden", place >= marks.length);
    if (place >= marks.length) return;
    const twice = marks[place] && !hits[place];
    chip.dataset.hit = String(hits[place]);
    chip.classList.toggle("pvl-unreturned", place >= rank);
    chip.replaceChildren(make("small", {}, String(place + 1)), hits[place] ? "✓" : twice ? "✓✗" : "✗");
    const outcome = twice ? "a person found twice, so a false positive" : word(hits[place]);
    const later = place >= rank ? ", not returned yet" : "";
    chip.setAttribute("aria-label", `Detection ${place + 1}: ${outcome}${later}`);
  });
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {() => void} between adds what stands right below the chips, so that both are seen together
 */
export function addList(lesson, host, between) {
  const edits = createEdits(lesson);
  const chips = Array.from({ length: LONGEST }, () =>
    make("button", { type: "button", class: "pvl-chip", "aria-describedby": "pvl-chip-help" }),
  );
  const list = make(
    "ol",
    { class: "pvl-ranked", "aria-label": "Ranked list of detections, best score first" },
    ...chips.map((chip) => make("li", {}, chip)),
  );
  const focus = (/** @type {number} */ place) => chips[place]?.focus();
  listenToPointer(lesson, list, { chips, edits, focus });
  listenToKeys(lesson, list, { chips, edits, focus });
  lesson.onDraw(
    whenChanged(
      (_, { list: shown }) => [shown],
      (state, values) => drawChips(chips, state, values),
    ),
  );
  /** @type {(label: string, act: () => void) => HTMLElement} */
  const button = (label, act) => make("button", { type: "button", class: "pv-button pv-small", onclick: act }, label);
  host.append(list);
  between();
  host.append(
    make(
      "p",
      { class: "pv-muted", id: "pvl-chip-help" },
      "Press one to flip it, drag it to another rank; with the keyboard Enter flips, Alt with an arrow key moves, " +
        "Delete removes.",
    ),
    make(
      "div",
      { class: "pvl-buttons" },
      button("Add a true positive", () => edits.add("T")),
      button("Add a false positive", () => edits.add("F")),
      button("Remove the last", () => edits.remove(lesson.state().hits.length - 1)),
    ),
  );
  addField(lesson, host, "hits");
  addBring(lesson, host, LONGEST);
  addRankTable(lesson, host);
}

/** @type {(lesson: Lesson, host: HTMLElement) => void} */
function addRankTable(lesson, host) {
  const body = make("tbody");
  host.append(
    framedTable({
      label: "Counts after every detection",
      caption: make("caption", { class: "pv-hidden" }, "After every detection: what was found so far"),
      heads: ["rank", "", "TP", "FP", "FN", "precision", "recall", "interpolated precision"],
      rows: body,
      frame: "pvl-rank-table",
    }),
  );
  lesson.onDraw(
    whenChanged(
      (_, { list }) => [list],
      ({ rank }, { list: { returned, counts, precision, recall, best } }) => {
        patchChildren(
          body,
          returned.map((hit, place) => {
            const last = place === rank - 1 || place === returned.length - 1;
            const own = (/** @type {string} */ key) => (last ? key : "any");
            /** @type {(value: number, key: string, of: string) => HTMLElement} */
            const cell = (value, key, of) => make("td", { "data-answer": own(key), "data-of": of }, format(value));
            return make(
              "tr",
              { class: last ? "pvl-chosen" : null },
              make("th", { scope: "row" }, String(place + 1)),
              make("td", { "data-of": hit ? "hit" : "miss" }, word(hit)),
              cell(counts.truePositives[place], "any", "hit"),
              cell(counts.falsePositives[place], "any", "miss"),
              cell(counts.falseNegatives[place], "fn", "left"),
              cell(precision[place], "p", "curve"),
              cell(recall[place], "r", "curve"),
              cell(best[place], "any", "area"),
            );
          }),
        );
      },
    ),
  );
}
