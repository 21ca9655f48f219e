/** Take it with you: annotated image, COCO JSON, CSV. Coordinates are pixels of the upright original. */

import { pencil } from "../base/dom.js";
import { csv } from "../base/files.js";
import { originalBox, scales } from "../base/photo.js";
import { drawPeople } from "./draw.js";
import { fullMask } from "./full_mask.js";
import { compress, runs } from "./rle.js";
import { forPanes, PANES, thresholds } from "./scene.js";

/**
 * @import { Detections } from "../base/decode.js"
 * @import { Field } from "../base/files.js"
 * @import { Photo } from "../base/photo.js"
 * @import { PhotoPayload } from "../payloads.d.ts"
 * @import { PaneSettings } from "./draw.js"
 * @import { Row } from "./rows.js"
 * @import { Person, Results, Scene, State } from "./scene.js"
 *
 * @typedef {{photo: PhotoPayload, scene: Scene, results: Results, state: State}} Shown
 * @typedef {{image_id: number, category_id: number, score: number}} ResultFacts
 * @typedef {ResultFacts & {bbox: number[]}} BoxResult bbox is [x, y, width, height], as COCO has it
 * @typedef {ResultFacts & {segmentation: {size: number[], counts: string}}} MaskResult size [height, width]
 * @typedef {ReturnType<typeof toCoco>} Coco
 */

const CATEGORY = { id: 1, name: "person", supercategory: "person" };
const CSV_HEADER = [
  "photo",
  "model",
  "person",
  "score",
  "x1",
  "y1",
  "x2",
  "y2",
  "box_area",
  "mask_area",
  "detector",
  "outcome",
  "match",
  "box_iou",
];
const LARGEST_SIDE = 4096; // of an exported image; canvases have limits

/**
 * The shortest decimals that name a float32, as NumPy and Python's export write it.
 * @param {number} value
 */
function shortest(value) {
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(value.toPrecision(count))) === value);
  return Number(value.toPrecision(digits));
}

/** What made a result, as exports name it: the variant's id, marked where tiles were looked at too. */
export const resultName = (/** @type {Detections} */ { model, tiles }) => (tiles ? `${model.id}+tiles` : model.id);

/**
 * One person as two results of COCO's; segm is null without a map.
 * @param {Detections} detections
 * @param {Person} person
 * @param {{photo: PhotoPayload, threshold: number, imageId: number}} context
 * @returns {{bbox: BoxResult, segm: MaskResult|null}}
 */
function cocoResults(detections, person, { photo, threshold, imageId }) {
  const [x1, y1, x2, y2] = originalBox(person.box, scales(photo));
  const facts = { image_id: imageId, category_id: CATEGORY.id, score: shortest(person.score) };
  const bbox = { ...facts, bbox: [x1, y1, x2 - x1, y2 - y1] };
  const mask = fullMask(detections, person.id, photo, threshold);
  if (!mask) return { bbox, segm: null };
  const { original_height: height, original_width: width } = photo;
  const counts = compress(runs(mask.window, mask.bits, height, width));
  // A segmentation result that also had a box would get its size class from the box.
  return { bbox, segm: { ...facts, segmentation: { size: [height, width], counts } } };
}

/**
 * A box of the ground truth; drawn to a hundredth of a pixel at most.
 * @param {number[]} box
 * @param {number} place
 * @param {number} imageId
 */
function annotation(box, place, imageId) {
  const [x1, y1, x2, y2] = box.map((edge) => Math.round(edge * 100) / 100);
  return {
    id: place + 1, // COCOeval takes the id 0 for "no match"
    image_id: imageId,
    category_id: CATEGORY.id,
    iscrowd: 0,
    bbox: [x1, y1, x2 - x1, y2 - y1],
    area: (x2 - x1) * (y2 - y1),
  };
}

/**
 * Everything shown, in COCO's format; pedviz/export.py writes the same.
 * @param {Shown & {imageId?: number}} shown
 * @returns results holds, for each pane's `resultName`, {bbox: [...], segm: [...]}, each of which COCO.loadRes takes
 */
export function toCoco({ photo, scene, results, state, imageId = 1 }) {
  const image = { id: imageId, file_name: photo.name, width: photo.original_width, height: photo.original_height };
  const truth = scene.truth ?? new Float32Array();
  const boxes = [...Array(truth.length / 4).keys()].map((place) => truth.subarray(4 * place, 4 * place + 4));
  /** @type {Record<string, {bbox: BoxResult[], segm: MaskResult[]}>} */
  const listed = {};
  for (const pane of PANES) {
    const result = results[pane];
    if (!result) continue;
    const { mask } = thresholds(state, pane);
    const all = scene.people[pane].map((person) => cocoResults(result, person, { photo, threshold: mask, imageId }));
    const name = resultName(result);
    listed[name in listed ? `${name} (${pane})` : name] = {
      bbox: all.map(({ bbox }) => bbox),
      segm: all.flatMap(({ segm }) => segm ?? []),
    };
  }
  const annotations = boxes.map((box, place) => annotation(originalBox(box, scales(photo)), place, imageId));
  return { images: [image], annotations, categories: [CATEGORY], results: listed };
}

/**
 * The people of both panes, a row each: the columns of pedviz/export.py, then those of a comparison.
 * @param {{photo: PhotoPayload, rows: Row[], results: Results}} shown
 * @returns {Field[][]}
 */
export function toCsvRows({ photo, rows, results }) {
  const names = forPanes((pane) => results[pane] && resultName(results[pane]));
  return rows.map(({ person, box, boxArea, maskArea, partner, verdict }) => [
    photo.name,
    names[person.pane],
    person.number,
    shortest(person.score),
    ...box,
    boxArea,
    maskArea,
    person.pane,
    verdict,
    partner ? `${partner.pane}${partner.number}` : "",
    person.iou,
  ]);
}

/**
 * Such rows as CSV, under the names of the columns.
 * @param {Field[][]} rows
 * @param {string[]} first names of columns that stand before
 */
export const csvOf = (rows, first = []) => csv([[...first, ...CSV_HEADER], ...rows]);

/**
 * One pane as a PNG, at the size of the original where that is at most `largest` pixels on its longer side.
 * @param {Photo} photo
 * @param {PaneSettings} settings
 */
export function toPng(photo, settings, largest = LARGEST_SIDE) {
  const factor = Math.min(largest / Math.max(photo.original_width, photo.original_height), 1);
  const canvas = new OffscreenCanvas(
    Math.round(photo.original_width * factor),
    Math.round(photo.original_height * factor),
  );
  const context = pencil(canvas);
  context.scale(canvas.width / photo.width, canvas.height / photo.height);
  context.drawImage(photo.picture(settings.palette.styles[settings.state.style]), 0, 0, photo.width, photo.height);
  const unit = Math.max(photo.width, photo.height) / 900; // labels as large as on a page this wide
  drawPeople(context, { ...settings, unit, box: { left: 0, top: 0, right: photo.width, bottom: photo.height } });
  return canvas.convertToBlob({ type: "image/png" });
}

/**
 * A file name from a photo's name, without its ending.
 * @param {string} name
 */
export function fileStem(name) {
  return (
    name
      .replace(/\.[^.]*$/, "")
      .replace(/[^\p{L}\p{N}._-]+/gu, "_")
      .slice(0, 60) || "photo"
  );
}
