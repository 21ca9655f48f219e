/** Downloads of several photos at once: one COCO file, one CSV, and a ZIP archive of images. */

import { decode } from "../base/decode.js";
import { save } from "../base/files.js";
import { createLayers } from "../base/layers.js";
import { loadPhoto } from "../base/photo.js";
import { zip } from "../base/zip.js";
import { keyOf } from "./batch.js";
import { csvOf, fileStem, resultName, toCoco, toCsvRows, toPng } from "./export.js";
import { createMaskAreas } from "./full_mask.js";
import { tableRows } from "./rows.js";
import { buildScene, identities, PANES, thresholds } from "./scene.js";

/** Boxes of the ground truth as one array, or null where nobody has said anything. */
function truthOf(photo) {
  const boxes = photo.drawn ?? photo.ground_truth?.boxes ?? null;
  return boxes && Float32Array.from(boxes.flat());
}

/**
 * What one photo of the list shows at the present settings.
 * @param {import("./batch.js").Item} item with a photo
 * @param {Object} given {models: ids of A and B, state, palette, defaults}
 */
export function sceneOf(item, { models, state, palette, defaults }) {
  const payloads = models.map((id) => item.results.get(keyOf(id)) ?? null);
  const [a, b] = payloads.map((payload) => payload && decode(payload));
  const results = { a, b };
  const identity = identities(results, palette.people.length, defaults);
  const scene = buildScene(state, results, { identity, truth: truthOf(item.photo), palette, same: defaults.iou });
  return { photo: item.photo, results, scene, state };
}

function rowsOf({ photo, results, scene, state }) {
  const areas = Object.fromEntries(PANES.map((pane) => [pane, results[pane] && createMaskAreas(results[pane])]));
  const areaOfMask = ({ pane, id }) => areas[pane](id, photo, thresholds(state, pane).mask);
  return tableRows(scene, { photo, compare: false, maskOf: () => null, areaOfMask });
}

/** One COCO file of all: each image with an id of its own. */
function cocoOfAll(shown) {
  /** @type {{images: any[], annotations: any[], categories: any[], results: any}} */
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

/** Every image of both panes, one after the other, at the size that detectors see. */
async function* images(shown, palette) {
  let number = 0;
  for (const { photo, results, scene, state } of shown) {
    number += 1;
    const loaded = await loadPhoto(photo);
    for (const pane of PANES.filter((one) => results[one])) {
      const settings = {
        people: scene.people[pane],
        state,
        layers: createLayers(results[pane]),
        threshold: thresholds(state, pane).mask,
        palette,
        truth: state.view === "truth" ? scene.truth : null,
        missed: scene.counts[pane]?.missed ?? [],
        selected: -1,
      };
      const blob = await toPng(loaded, settings, Math.max(photo.width, photo.height));
      const name = resultName(results[pane]);
      yield { name: `${String(number).padStart(2, "0")}-${fileStem(photo.name)}-${pane}-${name}.png`, blob };
    }
  }
}

/**
 * Offer all photos as one file.
 * @param {"coco"|"csv"|"png"} kind
 * @param {import("./batch.js").Item[]} items
 * @param {Object} given as for sceneOf
 */
export async function saveAll(kind, items, given) {
  const shown = items.filter((item) => item.photo && item.results.size).map((item) => sceneOf(item, given));
  if (kind === "coco")
    save(new Blob([JSON.stringify(cocoOfAll(shown))], { type: "application/json" }), "photos-coco.json");
  else if (kind === "csv") {
    const lines = shown.flatMap((one) => toCsvRows({ ...one, rows: rowsOf(one) }));
    save(new Blob([csvOf(lines)], { type: "text/csv" }), "photos-people.csv");
  } else save(await zip(images(shown, given.palette)), "photos-images.zip");
}
