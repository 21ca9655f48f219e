/** Undo, redo, reset, question mode, worksheet, link and the reduced view; and the presets. */

/** @import { PresetData } from "../../payloads.d.ts" */
/** @import { AnyLesson } from "./kit.js" */

import { copyText } from "../../base/clipboard.js";
import { make, say } from "../../base/dom.js";
import { copyEmbedCode } from "../../base/embed.js";
import { icon } from "../../base/icons.js";

/** @type {(name: import("../../base/icons.js").IconName, label: string, act: () => void) => HTMLButtonElement} */
function tool(name, label, act) {
  return make(
    "button",
    { type: "button", class: "pv-button pv-small", onclick: act },
    icon(name),
    make("span", {}, label),
  );
}

/** @param {AnyLesson} lesson */
function copyLink(lesson) {
  copyText(lesson.address()).then(
    () => lesson.tell("Link copied; it opens exactly this."),
    () => lesson.tell("The browser does not let this page copy: copy the address bar instead."),
  );
}

/** Begin at the first question, wherever the page stands. @param {AnyLesson} lesson */
function toggleQuestions(lesson) {
  lesson.set({ ask: !lesson.state().ask });
  if (!lesson.state().ask) return;
  requestAnimationFrame(() => {
    lesson.asks.scrollIntoView({ block: "nearest" });
    lesson.asks.querySelector("input")?.focus({ preventScroll: true });
  });
}

/** Ctrl or Command with Z and Y, except where a text is edited. @param {AnyLesson} lesson */
function listenToUndoKeys(lesson) {
  document.addEventListener("keydown", (event) => {
    if (
      !(event.ctrlKey || event.metaKey) ||
      /** @type {Element} */ (event.target).matches?.("input[type=text], textarea")
    )
      return;
    const key = event.key.toLowerCase();
    const act = key === "y" || (key === "z" && event.shiftKey) ? lesson.redo : key === "z" ? lesson.undo : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/**
 * @param {AnyLesson} lesson
 * @returns {HTMLElement}
 */
export function createToolbar(lesson) {
  const undo = tool("undo", "Undo", lesson.undo);
  const redo = tool("redo", "Redo", lesson.redo);
  const ask = tool("question", "Question mode", () => toggleQuestions(lesson));
  lesson.onDraw((state) => {
    undo.disabled = !lesson.canUndo();
    redo.disabled = !lesson.canRedo();
    ask.setAttribute("aria-pressed", String(state.ask));
  });
  listenToUndoKeys(lesson);
  return make(
    "div",
    { class: "pvl-toolbar", role: "toolbar", "aria-label": "Lesson" },
    undo,
    redo,
    tool("reset", "Reset", lesson.reset),
    ask,
    ...(lesson.newSheet ? [tool("dice", "New numbers", lesson.newSheet)] : []),
    tool("print", "Worksheet", () => window.print()),
    tool("link", "Copy link", () => copyLink(lesson)),
    tool("embed", "Embed", () => copyEmbedCode(lesson.address(), lesson.tell)),
    tool("screen", "Present", () => lesson.set({ present: 1 })),
    tool("hide", "Hide controls", () => lesson.setReduced(true)),
  );
}

/**
 * Buttons for presets, and what to see in the present one. A preset sets what any of `presets` sets, and leaves
 * other settings alone.
 * @param {AnyLesson} lesson
 * @param {PresetData[]} presets
 * @returns {HTMLElement}
 */
export function createPresets(lesson, presets) {
  const note = make("p", { class: "pvl-note", "data-answer": "any" });
  const keys = [...new Set(presets.flatMap((preset) => Object.keys(preset.state)))];
  const defaults = Object.fromEntries(keys.map((key) => [key, lesson.defaults[key]]));
  const buttons = presets.map((preset) =>
    make(
      "button",
      {
        type: "button",
        class: "pvl-preset",
        "aria-pressed": "false",
        "data-preset": preset.key,
        onclick: () => lesson.set({ ...defaults, ...preset.state }),
      },
      preset.label,
    ),
  );
  lesson.onDraw(() => {
    const present = presets.findIndex((preset) => lesson.has({ ...defaults, ...preset.state }));
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === present)));
    say(
      note,
      present < 0 ? "Your own settings. Choose a case to see what is special about it." : presets[present].note,
    );
  });
  return make(
    "div",
    { class: "pvl-presets" },
    make("div", { class: "pvl-chips", role: "group", "aria-label": "Cases to look at" }, ...buttons),
    note,
  );
}
