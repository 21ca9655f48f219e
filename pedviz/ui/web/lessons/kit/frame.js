/** Where the parts of a lesson stand on its page. */

/** @import { CourseEntry, LessonPayload, LessonSection } from "../../payloads.d.ts" */

import { make, say } from "../../base/dom.js";
import { proseElements } from "../../base/prose.js";

const CLAIMS = "What the two course reports, A and B, say about this subject, and whether it holds.";

/**
 * What puts prose and words on the page.
 * @param {Frame} frame
 * @param {LessonPayload} data
 */
export function placing(frame, data) {
  return {
    /** For everyone, beside the tools. @param {string} text */
    tell(text) {
      say(frame.told, text);
    },
    /**
     * Place a section of the prose.
     * @param {string} key of the section
     * @param {{host?: HTMLElement, layout?: "stacked" | "split"}} options split: text left, figure right
     * @returns {Section}
     */
    section(key, { host = frame.more, layout = "stacked" } = {}) {
      const section = data.prose.find((one) => one.key === key);
      if (!section) throw new Error(`the prose has no section ${key}`);
      const parts = createSection(section, layout, { isCore: data.core.includes(key) });
      host.append(parts.section);
      return parts;
    },
    /** What a talk shows of a section; "" is the main figure. @type {(key: string) => HTMLElement|null} */
    figureOf: (key) => (key === "" ? frame.main : document.querySelector(`#${sectionId(key)} .pvl-figure`)),
    /** What a section consists of, to add to its end. @param {string} key */
    sectionEnd: (key) =>
      document.querySelector(`#${sectionId(key)} .pvl-further-body`) ?? document.getElementById(sectionId(key)),
    /** Scroll to a section by its key; "" is the figure. @param {string} key */
    show(key) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const target = key === "" ? frame.main : document.getElementById(sectionId(key));
      const fold = /** @type {HTMLDetailsElement|null|undefined} */ (target?.querySelector(":scope > .pvl-further"));
      if (fold) fold.open = true;
      target?.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
    },
  };
}

/**
 * The elements that a lesson is put into.
 * @typedef {ReturnType<typeof createFrame>} Frame
 * @typedef {ReturnType<typeof placing>} Placing
 * @typedef {{text: HTMLElement, figure: HTMLElement}} Section what to add to
 *
 * @param {HTMLElement} element
 * @param {LessonPayload} data
 */
export function createFrame(element, data) {
  const parts = {
    live: make("p", { class: "pv-hidden pvl-live", role: "status", "aria-live": "polite" }),
    tools: make("div", { class: "pvl-tools" }),
    told: make("p", { class: "pvl-told", role: "status" }),
    cases: make("div", { class: "pvl-cases" }),
    main: make("div", { class: "pvl-main" }),
    side: make("div", { class: "pvl-side" }),
    asks: make("section", { class: "pvl-asks", "aria-label": "Questions" }),
    more: make("div", { class: "pvl-more" }),
    claims: make("div", { class: "pvl-claims" }),
    exercises: make("section", { class: "pvl-section pvl-exercises" }),
    sheetHead: make("div", { class: "pvl-sheet-head" }),
    sheet: make("section", { class: "pvl-sheet" }),
    answers: make("section", { class: "pvl-answers" }),
    back: make("button", { type: "button", class: "pv-button pv-small pvl-back" }, "Show controls"),
  };
  const words = make(
    "div",
    {},
    make("p", { class: "pvl-course" }, `Lesson ${data.number}`, make("span", {}, data.scope)),
    make("h1", {}, data.title),
    make("p", { class: "pvl-question" }, data.question),
  );
  const head = make("header", { class: "pvl-head" }, words, parts.tools);
  const reports = make(
    "section",
    { class: "pvl-section pvl-reports" },
    folded("Claims of the course reports", make("p", {}, CLAIMS), parts.claims),
  );
  const root = make(
    "div",
    { class: "pvl" },
    parts.sheetHead,
    head,
    parts.cases,
    make("div", { class: "pvl-body" }, parts.main, make("div", { class: "pvl-aside" }, parts.side, parts.asks)),
    parts.more,
    parts.exercises,
    reports,
    neighbours(data),
    parts.sheet,
    parts.answers,
    parts.live,
    parts.back,
  );
  element.replaceChildren(root);
  return { ...parts, root };
}

/**
 * Links to the lessons before and after this one.
 * @param {LessonPayload} data
 */
function neighbours({ title, course }) {
  const place = course.findIndex((lesson) => lesson.title === title);
  /** @type {(lesson: CourseEntry|undefined, word: string) => HTMLElement[]} */
  const link = (lesson, word) =>
    lesson ? [make("a", { href: lesson.path }, make("span", {}, word), lesson.title)] : [];
  return make(
    "nav",
    { class: "pvl-course-links", "aria-label": "Other lessons" },
    ...link(course[place - 1], "Previous: "),
    ...link(course[place + 1], "Next: "),
    make("a", { href: "lessons.html" }, "All lessons"),
  );
}

/** @param {string} key */
const sectionId = (key) => `lesson-${key}`;

/**
 * @param {LessonSection} section
 * @param {"stacked"|"split"} layout
 * @param {{isCore: boolean}} options what is not is folded
 */
function createSection({ key, title, text: markdown }, layout, { isCore }) {
  const heading = isCore ? make("h2", {}, title) : null;
  const text = make("div", { class: "pvl-text" }, heading, ...proseElements(markdown));
  const figure = make("div", { class: "pvl-figure" });
  const id = sectionId(key);
  if (isCore)
    return { text, figure, section: make("section", { class: `pvl-section pvl-${layout}`, id }, text, figure) };
  const fold = folded(title, text, figure);
  fold.lastElementChild?.classList.add(`pvl-${layout}`);
  return { text, figure, section: make("section", { class: "pvl-section", id }, fold) };
}

/**
 * What goes beyond the core: its heading opens it.
 * @param {string} title
 * @param {Element[]} parts
 */
function folded(title, ...parts) {
  const mark = make("span", { class: "pvl-further-mark" }, "Further");
  const summary = make("summary", {}, make("h2", {}, title), mark);
  return make("details", { class: "pvl-further" }, summary, make("div", { class: "pvl-further-body" }, ...parts));
}

/**
 * Leave out or bring back everything but the figure and what belongs to it; the address keeps it.
 * @param {boolean} reduced
 */
export function showReduced(reduced) {
  document.documentElement.classList.toggle("pvl-reduced", reduced);
  const address = new URL(location.href);
  if (reduced) address.searchParams.set("hide", "controls");
  else address.searchParams.delete("hide");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}
