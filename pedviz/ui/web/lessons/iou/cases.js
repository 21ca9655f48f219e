/** The cases of the IoU lesson in tables, with the numbers that Python computed. */

import { make } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { LOSS_KINDS } from "../../maths/iou_losses.js";
import { framedTable } from "../kit/framed_table.js";
import { LOSS_LABELS } from "./path.js";

const DIGITS = 4;

/** A table of presets and numbers; a preset's name shows it. */
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
 * @param {Object} lesson
 * @param {{figure: HTMLElement}} section
 * @param {Object} data presets, and under data.cases the four similarities of each
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
 * @param {Object} lesson
 * @param {HTMLElement} host
 * @param {Object} data presets, and under data.masks both numbers of each
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
