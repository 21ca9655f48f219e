/**
 * Presenter mode: one sentence at a time beside its figure, in type for the back row. `?present=1` or the key P
 * starts it; arrow keys, Page Up and Page Down (clickers) and the space bar go through it, Escape leaves.
 */

/** @import { LessonPayload, StepData } from "../../payloads.d.ts" */
/** @import { AnyLesson } from "./kit.js" */
/** @import { Setting } from "./settings.js" */

import { make } from "../../base/dom.js";

// Zoom and share of the room's width, in the order in which they are tried.
/** @type {[number, number][]} */
const SIZES = [1.7, 1.45, 1.2, 1, 0.8, 0.6, 0.4].flatMap((zoom) => [1, 0.75].map((share) => [zoom, share]));
// The same for the formula below the sentence, and whether its numbers stand beside it instead of beneath.
/** @type {[number, boolean][]} */
const FORMULA_SIZES = [1.6, 1.3, 1.1, 1, 0.85, 0.7].flatMap((zoom) => [false, true].map((beside) => [zoom, beside]));
const SETTLING_FRAMES = 3; // figures take their shape a frame after their width
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

/** The step that is shown, from 1; 0 while nothing is presented. @type {(talk: StepData[]) => Setting} */
export function presentSetting(talk) {
  return { kind: "number", key: "present", label: "Step", default: 0, low: 0, high: talk.length, step: 1, whole: true };
}

/**
 * Set the formula in the largest type with which it and its sentence fit.
 * @type {(words: HTMLElement, formula: HTMLElement) => void}
 */
function fitFormula(words, formula) {
  /** @param {Element} element */
  const isWide = (element) => element.scrollWidth > element.clientWidth;
  for (const [zoom, beside] of FORMULA_SIZES) {
    formula.style.zoom = String(zoom);
    formula.classList.toggle("pvl-present-beside", beside);
    if (![words, ...formula.children].some(isWide) && words.scrollHeight <= words.clientHeight) break;
  }
}

/**
 * Show the figure in the largest type with which it fits the room.
 * @type {(room: HTMLElement, zoomed: HTMLElement) => (step: number) => Promise<void>}
 */
function createFitter(room, zoomed) {
  const found = new Map(); // step and size of the window -> place in SIZES
  let run = 0;
  /** @type {(size: [number, number]) => void} */
  const put = ([zoom, share]) => {
    zoomed.style.zoom = String(zoom);
    zoomed.style.setProperty("--pvl-zoom", String(zoom)); // by which the smallest type is held at what can be read
    zoomed.style.width = `${(room.clientWidth * share) / zoom}px`;
  };
  return async function fit(step) {
    run += 1;
    const own = run;
    const key = `${step} ${innerWidth} ${innerHeight}`;
    zoomed.style.visibility = "hidden";
    for (let place = found.get(key) ?? 0; place < SIZES.length; place += 1) {
      put(SIZES[place]);
      for (let frame = 0; frame < SETTLING_FRAMES; frame += 1) await new Promise(requestAnimationFrame);
      if (own !== run) return;
      if (zoomed.getBoundingClientRect().height > room.clientHeight) continue;
      found.set(key, place);
      break;
    }
    zoomed.style.visibility = "";
  };
}

/** Of the lesson's main figures only one, counted from 1. @type {(main: HTMLElement, picture: number) => void} */
function showPicture(main, picture) {
  const pictures = [...main.children].filter(
    (child) => child.matches(".pvl-stage") || child.querySelector(".pvl-stage"),
  );
  pictures.forEach((child, place) => {
    child.classList.toggle("pvl-present-off", place !== picture - 1);
  });
}

/** Lend elements to the presentation, and put them back where they were. */
function createLoans() {
  /** @type {[Element, Comment][]} */
  const lent = [];
  return {
    /** @type {(element: Element|null, host: Element) => void} */
    lend(element, host) {
      if (!element) return;
      const mark = document.createComment("");
      element.replaceWith(mark);
      host.append(element);
      lent.push([element, mark]);
    },
    return() {
      for (const [element, mark] of lent.splice(0)) mark.replaceWith(element);
    },
  };
}

/**
 * @param {LessonPayload} data
 * @param {(by: number) => void} go
 */
function createScreen({ number, title, talk }, go) {
  /** @type {(label: string, act: () => void) => HTMLButtonElement} */
  const button = (label, act) => make("button", { type: "button", class: "pv-button pv-small", onclick: act }, label);
  const parts = {
    count: make("p", { class: "pvl-present-count" }),
    says: make("p", { class: "pvl-present-says", role: "status" }),
    formula: make("div", { class: "pvl-present-formula" }),
    zoomed: make("div", { class: "pvl-present-zoomed" }),
    back: button("Back", () => go(-1)),
    next: button("Next", () => go(1)),
  };
  const room = make("div", { class: "pvl-present-room" }, parts.zoomed);
  const bar = make(
    "div",
    { class: "pvl-present-bar" },
    make("p", {}, `Lesson ${number}: ${title}`),
    parts.count,
    parts.back,
    parts.next,
    button("Leave (Esc)", () => go(-talk.length)),
  );
  const words = make("div", { class: "pvl-present-words" }, parts.says, parts.formula);
  const root = make("section", { class: "pvl-present", "aria-label": "Presentation", hidden: true }, bar, room, words);
  return { ...parts, room, words, root };
}

/**
 * @param {AnyLesson} lesson
 * @param {LessonPayload} data of which `talk` holds the steps
 */
export function addPresenter(lesson, data) {
  const { talk } = data;
  const keys = [...new Set(talk.flatMap(({ state }) => Object.keys(state)))];
  const usual = Object.fromEntries(keys.map((key) => [key, lesson.defaults[key]]));
  const loans = createLoans();
  const screen = createScreen(data, go);
  const fitPicture = createFitter(screen.room, screen.zoomed);
  let shown = 0;
  lesson.root.append(screen.root);

  /** A step forwards or back; beyond the first the presentation ends. @param {number} by */
  function go(by) {
    const present = Math.min(talk.length, Math.max(0, lesson.state().present + by));
    lesson.set({ ...usual, ...talk[present - 1]?.state, present });
  }

  function show(/** @type {number} */ present) {
    shown = present;
    loans.return();
    document.documentElement.classList.toggle("pvl-presenting", present > 0);
    screen.root.hidden = present === 0;
    lesson.root.classList.remove("pvl-dims");
    if (present === 0) return;
    const { says, at, formula, picture } = talk[present - 1];
    screen.says.textContent = says;
    screen.count.textContent = `${present} / ${talk.length}`;
    screen.next.disabled = present === talk.length;
    loans.lend(lesson.figureOf(at), screen.zoomed);
    if (formula) loans.lend(lesson.side.querySelector(".pvl-formula"), screen.formula);
    scrollTo(0, 0);
    if (at === "") showPicture(lesson.main, picture);
    lesson.requestDraw(); // what was folded is painted where it stands now
    fit();
  }

  function fit() {
    fitFormula(screen.words, screen.formula);
    fitPicture(shown);
  }

  lesson.onDraw(({ present }) => {
    if (present !== shown) show(present);
    if (present > 0) lesson.setSpot(talk[present - 1].spot);
  });
  addEventListener("resize", () => shown > 0 && fit());
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {Element} */ (event.target);
    if (target.matches?.("input, textarea, select") || (event.key === " " && target.matches?.("button"))) return;
    const { present } = lesson.state();
    if (present === 0 && event.key.toLowerCase() === "p") go(1);
    else if (present > 0 && event.key === "Escape") go(-present);
    else if (present > 0 && NEXT.includes(event.key)) go(1);
    else if (present > 0 && BACK.includes(event.key) && present > 1) go(-1);
    else return;
    event.preventDefault();
  });
  const { present } = lesson.state();
  if (present > 0) lesson.set({ ...usual, ...talk[present - 1].state, present });
}
