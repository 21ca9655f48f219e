/** Downloads of several photos at once: one COCO file, one CSV, and a ZIP archive of images. */

import { decode } from "../base/decode.js";
import { save } from "../base/files.js";
import { createLayers } from "../base/layers.js";
import { loadPhoto } from "../base/photo.js";
import { zip } from "../base/zip.js";
import { keyOf } from "./batch.js";
import { paneSettings } from "./draw.js";
import { csvOf, fileStem, resultName, toCoco, toCsvRows, toPng } from "./export.js";
import { createMaskAreas } from "./full_mask.js";
import { tableRows } from "./rows.js";
import { buildScene, forPanes, identities, PANES } from "./scene.js";

/**
 * @import { Palette, ResultPayload, Thresholds } from "../payloads.d.ts"
 * @import { Item } from "./batch.js"
 * @import { StagePhoto } from "./comparison.js"
 * @import { Coco, Shown } from "./export.js"
 * @import { DownloadKind } from "./photo_strip.js"
 * @import { State } from "./scene.js"
 *
 * @typedef {Object} Given what photos are looked at with
 * @property {string[]} models ids of A and B
 * @property {State} state
 * @property {Palette} palette
 * @property {Thresholds} defaults
 */

/**
 * Boxes of the ground truth as one array, or null where nobody has said anything.
 * @param {StagePhoto} photo
 */
function truthOf(photo) {
  const boxes = photo.drawn ?? photo.ground_truth?.boxes ?? null;
  return boxes && Float32Array.from(boxes.flat());
}

/**
 * What one photo of the list shows at the present settings.
 * @param {StagePhoto} photo
 * @param {Item["results"]} payloads
 * @param {Given} given
 */
export function sceneOf(photo, payloads, { models, state, palette, defaults }) {
  const [a, b] = models.map((id) => {
    const payload = payloads.get(keyOf(id));
    return payload ? decode(payload) : null;
  });
  const results = { a, b };
  const identity = identities(results, palette.people.length, defaults);
  const scene = buildScene(state, results, { identity, truth: truthOf(photo), palette, same: defaults.iou });
  return { photo, results, scene, state };
}

/** @param {Shown} shown */
function rowsOf({ photo, results, scene, state }) {
  const masks = forPanes((pane) => {
    const result = results[pane];
    return result && { mask: () => null, areaInOriginal: createMaskAreas(result) };
  });
  return tableRows(scene, { photo, state, masks });
}

/**
 * One COCO file of all: each image with an id of its own.
 * @param {Shown[]} shown
 */
function cocoOfAll(shown) {
  /** @type {Coco} */
  const whole = { images: [], annotations: [], categories: [], results: {} };
  shown.forEach((one, place) => {
    const { images, annotations, categories, results } = toCoco({ ...one, imageId: place + 1 });
    whole.images.push(...images);
    whole.categories = categories;
    for (const entry of annotations) whole.annotations.push({ ...entry, id: whole.annotations.length + 1 });
    for (const [name, { bbox, segm }] of Object.entries(results)) {
      whole.results[name] ??= { bbox: [], segm: [] };
      whole.results[name].bbox.push(...bbox);
      whole.results[name].segm.push(...segm);
    }
  });
  return whole;
}

/**
 * Every image of both panes, one after the other, at the size that detectors see.
 * @param {Shown[]} shown
 * @param {Palette} palette
 */
async function* images(shown, palette) {
  let number = 0;
  for (const { photo, results, scene, state } of shown) {
    number += 1;
    const loaded = await loadPhoto(photo);
    for (const pane of PANES) {
      const result = results[pane];
      if (!result) continue;
      const settings = paneSettings(scene, pane, { state, layers: createLayers(result), palette });
      const blob = await toPng(loaded, settings, Math.max(photo.width, photo.height));
      const name = resultName(result);
      yield { name: `${String(number).padStart(2, "0")}-${fileStem(photo.name)}-${pane}-${name}.png`, blob };
    }
  }
}

/**
 * Offer all photos as one file. Photos of one name are told apart by `image_id`, the same in COCO's file and the CSV.
 * @param {DownloadKind} kind
 * @param {Item[]} items
 * @param {Given} given
 */
export async function saveAll(kind, items, given) {
  const shown = items.flatMap(({ photo, results }) => (photo && results.size ? sceneOf(photo, results, given) : []));
  if (kind === "coco")
    save(new Blob([JSON.stringify(cocoOfAll(shown))], { type: "application/json" }), "photos-coco.json");
  else if (kind === "csv") {
    const rows = shown.flatMap((one, place) =>
      toCsvRows({ ...one, rows: rowsOf(one) }).map((row) => [place + 1, ...row]),
    );
    save(new Blob([csvOf(rows, ["image_id"])], { type: "text/csv" }), "photos-people.csv");
  } else save(await zip(images(shown, given.palette)), "photos-images.zip");
}
