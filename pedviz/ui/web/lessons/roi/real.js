/** RoIPool and RoIAlign of a detected person on the map that the network chose. */

/**
 * @import { Section } from "../kit/frame.js"
 * @import { Choices, Trace } from "../kit/trace.js"
 * @import { RoiLesson, State } from "./values.js"
 */

import { boxOf } from "../../base/decode.js";
import { make, pencil, say } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { format } from "../../base/numbers.js";
import { onceNear } from "../../base/when_visible.js";
import { pyramidLevel, roiAlign, roiPool } from "../../maths/roi.js";
import { addField } from "../kit/fields.js";
import { HEAT_GRADIENT, paintHeat } from "../kit/heat.js";
import { fetchChoices, fetchTrace } from "../kit/trace.js";

/**
 * @typedef {Trace["levels"][number]} Level
 * @typedef {ReturnType<typeof regionOf>} Region
 * @typedef {NonNullable<ReturnType<typeof readingsOf>>} Readings
 */

const MODEL = "maskrcnn_mobilenet_v2_fpn";
const OUTPUT = [7, 7]; // what the box head reads
const SAMPLING = 2; // a side, torchvision's setting
const [FINEST, COARSEST] = [2, 5]; // levels that regions are read at
const TOP = 255;

/**
 * A channel's values from its 8 bits.
 * @param {{pixels: Uint8Array, low: number, high: number}} channel
 * @param {Level} level
 */
function valuesOf({ pixels, low, high }, { rows, columns }) {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(pixels.subarray(row * columns, (row + 1) * columns), (grey) => low + (grey * (high - low)) / TOP),
  );
}

/**
 * One person: the box in pixels of the resized image, and the level that is read for it.
 * @param {Trace} trace
 * @param {State} state
 */
function regionOf(trace, { person }) {
  const id = trace.shown[Math.min(person, trace.shown.length) - 1];
  const { photo, resized, levels, detections } = trace;
  const scale = [resized[1] / photo.width, resized[0] / photo.height];
  const box = Array.from(boxOf(detections, id), (edge, k) => edge * scale[k % 2]);
  const number = pyramidLevel(box, { lowest: FINEST, highest: COARSEST });
  return { id, box, number, level: levels[number - FINEST] };
}

/**
 * What both readings make of one person: the region in cells of its level, and 7 x 7 answers each.
 * @param {Region} region
 * @param {State} state
 * Null while the maps of the level are not here.
 */
function readingsOf(region, { channel }) {
  const { box, level } = region;
  const shown = level.shown[Math.min(channel, level.shown.length) - 1];
  const { pixels } = shown;
  if (!pixels) return null;
  const map = valuesOf({ ...shown, pixels }, level);
  const how = { outputSize: OUTPUT, spatialScale: 1 / level.stride };
  return {
    ...region,
    shown: { ...shown, pixels },
    cells: box.map((edge) => edge / level.stride),
    pooled: roiPool(map, box, how).values,
    aligned: roiAlign(map, box, { ...how, samplingRatio: SAMPLING }).values,
  };
}

/**
 * 7 x 7 answers as an image, in the colours of the map.
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} values
 * @param {{low: number, high: number}} range
 */
function paintAnswers(canvas, values, { low, high }) {
  const grey = values.flat().map((value) => Math.round((TOP * (value - low)) / (high - low || 1)));
  paintHeat(canvas, {
    pixels: Uint8Array.from(grey, (value) => Math.min(Math.max(value, 0), TOP)),
    columns: OUTPUT[1],
    rows: OUTPUT[0],
  });
}

/** @param {HTMLCanvasElement} canvas @param {Readings} readings */
function paintMap(canvas, { level, shown, cells }) {
  const small = new OffscreenCanvas(1, 1);
  paintHeat(small, { ...shown, columns: level.columns, rows: level.rows });
  const unit = Math.max(4, Math.floor(900 / level.columns)); // pixels a cell
  [canvas.width, canvas.height] = [level.columns * unit, level.rows * unit];
  const context = pencil(canvas);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  const [x1, y1, x2, y2] = cells.map((edge) => edge * unit);
  for (const [style, width] of [
    ["#000", 5],
    ["#fff", 2],
  ]) {
    Object.assign(context, { strokeStyle: style, lineWidth: width });
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    context.setLineDash([unit / 2, unit / 2]);
    const [left, top, right, bottom] = cells.map(Math.round);
    context.strokeRect(left * unit, top * unit, (right + 1 - left) * unit, (bottom + 1 - top) * unit);
    context.setLineDash([]);
  }
}

/** @param {HTMLElement} host @param {string} title @param {string} className */
function panel(host, title, className) {
  const canvas = make("canvas", { role: "img", class: className, "aria-label": title });
  const caption = make("figcaption", {}, title);
  host.append(make("figure", { class: "pvl-panel" }, caption, canvas));
  return canvas;
}

/** @type {(first: number[][], second: number[][]) => number} */
const largest = (first, second) =>
  Math.max(...first.flatMap((row, p) => row.map((value, q) => Math.abs(value - second[p][q]))));

/** @param {RoiLesson} lesson @param {HTMLElement} host */
function sampleField(lesson, host) {
  const id = "pvl-roi-sample";
  const field = make("select", {
    id,
    class: "pv-select",
    onchange: () => lesson.set({ sample: field.value, person: 1 }),
  });
  host.append(make("div", { class: "pvl-field" }, make("label", { for: id, class: "pvl-legend" }, "Image"), field));
  return field;
}

/** @param {HTMLElement} figure */
function createPanels(figure) {
  const map = panel(
    figure,
    "The channel, with the region as it is (solid) and rounded to cells (dashed)",
    "pvl-roi-map",
  );
  const pair = make("div", { class: "pvl-panels pvl-pair" });
  figure.append(
    make(
      "p",
      { class: "pvl-photo-scale" },
      "lowest",
      make("span", { style: `background: ${HEAT_GRADIENT}`, "aria-hidden": "true" }),
      "highest value of the channel",
    ),
    pair,
  );
  const [pooled, aligned] = ["RoIPool, 7 × 7", "RoIAlign, 7 × 7"].map((title) => panel(pair, title, "pvl-map"));
  /** Hide what is of another image; the panels keep their room. */
  const cover = (/** @type {boolean} */ covered) => {
    figure.classList.toggle("pvl-roi-waiting", covered);
  };
  cover(true);
  return { map, pooled, aligned, cover };
}

/**
 * @param {ReturnType<typeof createPanels>} panels
 * @param {HTMLElement} result
 * @param {Readings} readings
 */
function drawPerson(panels, result, readings) {
  const { number, level, shown, box, cells, pooled, aligned } = readings;
  paintMap(panels.map, readings);
  paintAnswers(panels.pooled, pooled, shown);
  paintAnswers(panels.aligned, aligned, shown);
  const side = Math.sqrt((box[2] - box[0]) * (box[3] - box[1]));
  const what =
    `Channel ${shown.channel} of level ${number}, ${level.columns} by ${level.rows} cells, with the region ` +
    `${cells.map((edge) => format(edge, 2)).join(", ")}`;
  panels.map.setAttribute("aria-label", what);
  /** @type {(name: string, values: number[][]) => string} */
  const range = (name, values) =>
    `${name}, 7 by 7, from ${format(Math.min(...values.flat()), 2)} to ${format(Math.max(...values.flat()), 2)}`;
  panels.pooled.setAttribute("aria-label", range("RoIPool", pooled));
  panels.aligned.setAttribute("aria-label", range("RoIAlign", aligned));
  say(
    result,
    `The box is ${Math.round(box[2] - box[0])} by ${Math.round(box[3] - box[1])} pixels of the resized image. ` +
      `floor(4 + log2(${format(side, 0)} / 224)), kept within 2 to 5, is level ${number}: stride ${level.stride}, so ` +
      `the region is ${format(cells[2] - cells[0], 2)} by ${format(cells[3] - cells[1], 2)} cells. The two outputs ` +
      `differ by up to ${format(largest(pooled, aligned), 3)}; the channel reaches from ${format(shown.low, 2)} to ` +
      `${format(shown.high, 2)}.`,
  );
}

/**
 * @param {RoiLesson} lesson
 * @param {{text: HTMLElement, figure: HTMLElement, status: HTMLElement}} section
 * @param {Choices} choices
 */
function show(lesson, { text, figure, status }, { samples }) {
  const field = sampleField(lesson, text);
  field.replaceChildren(...samples.map(({ id, title }) => make("option", { value: id }, title)));
  addField(lesson, text, "person");
  addField(lesson, text, "channel");
  const result = make("p", { class: "pvl-outcome", role: "status" });
  text.append(result);
  const panels = createPanels(figure);
  let asked = "";
  /** @type {Trace|null} */
  let trace = null;
  /** @param {string} sample */
  async function ask(sample) {
    asked = sample;
    trace = null;
    panels.cover(true);
    say(result, "");
    say(status, "The detector is running on the image …");
    try {
      const found = await fetchTrace({ sample, file: null }, MODEL, AbortSignal.timeout(60000));
      if (asked !== sample) return; // another was chosen meanwhile
      trace = found;
      say(status, found.shown.length ? "" : "The detector finds nobody in this image.");
      lesson.requestDraw();
    } catch (error) {
      if (asked === sample) say(status, /** @type {Error} */ (error).message);
    }
  }
  const drawReal = whenChanged(
    (/** @type {State} */ { person, channel }, /** @type {Region} */ { level }) => [
      person,
      channel,
      level,
      level.shown[0].pixels,
    ],
    (state, region) => {
      const readings = readingsOf(region, state);
      panels.cover(!readings);
      if (readings) drawPerson(panels, result, readings);
      else region.level.load().then(lesson.requestDraw, (error) => say(status, error.message));
    },
  );
  lesson.onDraw((state) => {
    const known = samples.some(({ id }) => id === state.sample) ? state.sample : samples[0].id;
    field.value = known;
    if (known !== asked) ask(known);
    if (trace?.shown.length) drawReal(state, regionOf(trace, state));
  });
  lesson.requestDraw();
}

/**
 * Add the section; the detector runs once it is nearly in view.
 * @param {RoiLesson} lesson
 * @param {Section} section
 */
export function addReal(lesson, { text, figure }) {
  const status = make("p", { class: "pv-muted", role: "status" }, "The detector runs when this comes into view.");
  figure.append(status);
  onceNear(figure, () =>
    fetchChoices().then(
      (choices) => show(lesson, { text, figure, status }, choices),
      (error) => say(status, /** @type {Error} */ (error).message),
    ),
  );
}
