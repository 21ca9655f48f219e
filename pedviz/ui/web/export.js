/** Take it with you: annotated picture, COCO JSON, CSV. Coordinates are pixels of the upright original. */

import { mapOf } from "./decode.js";
import { drawPeople } from "./draw.js";
import { area, pasteMap, thresholded } from "./paste.js";
import { compress, runs } from "./rle.js";
import { PANES, thresholds } from "./scene.js";

const CATEGORY = { id: 1, name: "person", supercategory: "person" };
const LARGEST_SIDE = 4096; // of an exported picture; canvases have limits

/** Factors from the capped picture to the original, [x, y]. */
export function scales(photo) {
  return [photo.original_width / photo.width, photo.original_height / photo.height];
}

/** A box in pixels of the original. */
export function originalBox(box, [sx, sy]) {
  return [box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy];
}

function segmentation(detections, person, photo, threshold) {
  const map = mapOf(detections, person.id);
  if (!map) return null;
  const { original_width: width, original_height: height } = photo;
  const window = pasteMap(map, Float32Array.from(originalBox(person.box, scales(photo))), width, height);
  const mask = thresholded(window, threshold);
  return { area: area(mask), segmentation: { size: [height, width], counts: compress(runs(window, mask, height, width)) } };
}

function result(detections, person, photo, threshold) {
  const [x1, y1, x2, y2] = originalBox(person.box, scales(photo));
  const base = { image_id: 1, category_id: CATEGORY.id, score: person.score };
  const mask = segmentation(detections, person, photo, threshold);
  const bbox = [x1, y1, x2 - x1, y2 - y1];
  // A segmentation result that also had a box would get its size class from the box.
  return { box: { ...base, bbox }, mask: mask && { ...base, segmentation: mask.segmentation } };
}

/**
 * Everything shown, in COCO's format.
 * @returns {{images: Object[], annotations: Object[], categories: Object[], results: Object}} results holds,
 *   for each pane's model id, {bbox: [...], segm: [...]}, each of which COCO.loadRes takes
 */
export function toCoco({ photo, scene, results, state }) {
  const image = { id: 1, file_name: photo.name, width: photo.original_width, height: photo.original_height };
  const [sx, sy] = scales(photo);
  const truth = scene.truth ?? new Float32Array();
  const annotations = [];
  for (let i = 0; i < truth.length; i += 4) {
    const [x1, y1, x2, y2] = originalBox(truth.subarray(i, i + 4), [sx, sy]);
    annotations.push({ id: annotations.length + 1, image_id: 1, category_id: CATEGORY.id, iscrowd: 0, bbox: [x1, y1, x2 - x1, y2 - y1], area: (x2 - x1) * (y2 - y1) });
  }
  const listed = {};
  for (const pane of PANES) {
    if (!results[pane]) continue;
    const { mask } = thresholds(state, pane);
    const all = scene.people[pane].map((person) => result(results[pane], person, photo, mask));
    const { id } = results[pane].model;
    listed[id in listed ? `${id} (${pane})` : id] = { bbox: all.map(({ box }) => box), segm: all.map((one) => one.mask).filter(Boolean) };
  }
  return { images: [image], annotations, categories: [CATEGORY], results: listed };
}

// What a spreadsheet takes for the start of a formula, in plain and in full-width form.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** Text as a CSV field: quoted where needed, and never read as a formula by a spreadsheet. */
function field(value) {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The table as CSV, one line a person. */
export function toCsv({ photo, rows, results }) {
  const head = ["photo", "pane", "model", "person", "score", "x1", "y1", "x2", "y2", "box_area", "mask_area", "verdict", "partner", "box_iou"];
  const lines = rows.map(({ person, box, boxArea, maskArea, partner, verdict }) => [
    photo.name, person.pane, results[person.pane].model.id, person.number, person.score, ...box, boxArea, maskArea, verdict,
    partner ? `${partner.pane}${partner.number}` : "", person.iou,
  ]);
  return [head, ...lines].map((line) => line.map(field).join(",")).join("\r\n") + "\r\n";
}

/** One pane as a PNG, at the size of the original where a canvas can be that large. */
export function toPng(photo, settings) {
  const factor = Math.min(LARGEST_SIDE / Math.max(photo.original_width, photo.original_height), 1);
  const canvas = new OffscreenCanvas(Math.round(photo.original_width * factor), Math.round(photo.original_height * factor));
  const context = canvas.getContext("2d");
  context.scale(canvas.width / photo.width, canvas.height / photo.height);
  context.drawImage(settings.state.style === "report_a" ? photo.stretched() : photo.image, 0, 0, photo.width, photo.height);
  const unit = Math.max(photo.width, photo.height) / 900; // labels as large as on a page this wide
  drawPeople(context, { ...settings, unit, box: { left: 0, top: 0, right: photo.width, bottom: photo.height } });
  return canvas.convertToBlob({ type: "image/png" });
}

/** Offer a file to the visitor. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** A file name from a photo's name, without its ending. */
export function fileStem(name) {
  return name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 60) || "photo";
}
