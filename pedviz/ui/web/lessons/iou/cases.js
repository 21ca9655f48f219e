/** The cases of the IoU lesson in tables, with the numbers that Python computed. */

/**
 * @import { PresetData } from "../../payloads.d.ts"
 * @import { Section } from "../kit/frame.js"
 * @import { Data, IouLesson } from "./derive.js"
 */

import { make } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { LOSS_KINDS } from "../../maths/iou_losses.js";
import { framedTable } from "../kit/framed_table.js";
import { LOSS_LABELS } from "./path.js";

const DIGITS = 4;

/**
 * A table of presets and numbers; a preset's name shows it.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 * @param {{label: string, heads: (string|Element)[], rows: {preset: PresetData, numbers: number[]}[],
 *   at: string}} table `at`, the section of what the presets show
 */
function addTable(lesson, host, { label, heads, rows, at }) {
  const lines = rows.map(({ preset, numbers }) => {
    const show = () => {
      lesson.set(preset.state);
      lesson.show(at);
    };
    const button = make(
      "button",
      { type: "button", class: "pv-button pv-quiet pv-small", onclick: show },
      preset.label,
    );
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, button),
      ...numbers.map((value) => make("td", { "data-answer": "any" }, fixed(value, DIGITS))),
    );
  });
  host.append(framedTable({ label, heads: ["case", ...heads], rows: lines }));
}

/**
 * The four similarities of every pair of boxes.
 * @param {IouLesson} lesson
 * @param {Section} section
 * @param {{presets: PresetData[], data: Data}} data the four similarities of each preset are under data.cases
 */
export function addCases(lesson, { figure }, { presets, data }) {
  addTable(lesson, figure, {
    label: "The cases side by side",
    at: "",
    heads: LOSS_KINDS.map((kind) => make("th", { scope: "col", "data-of": kind }, LOSS_LABELS[kind])),
    rows: presets
      .filter(({ group }) => group === "")
      .map((preset) => ({ preset, numbers: LOSS_KINDS.map((kind) => data.cases[preset.key][kind]) })),
  });
}

/**
 * Mask IoU and box IoU of every pair of masks.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 * @param {{presets: PresetData[], data: Data}} data both numbers of each preset are under data.masks
 */
export function addMaskCases(lesson, host, { presets, data }) {
  addTable(lesson, host, {
    label: "The masks side by side",
    at: "masks",
    heads: ["mask IoU", "box IoU"],
    rows: presets
      .filter(({ group }) => group === "masks")
      .map((preset) => ({ preset, numbers: [data.masks[preset.key].mask, data.masks[preset.key].box] })),
  });
}
