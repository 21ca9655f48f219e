/** A person's mask in pixels of the upright original: what exports hold, and the area that the table gives. */

import { boxOf, mapOf } from "../base/decode.js";
import { originalBox, scales } from "../base/photo.js";
import { area, pasteMap, thresholded } from "../maths/masks.js";

/**
 * @import { Detections } from "../base/decode.js"
 * @import { PhotoPayload } from "../payloads.d.ts"
 */

/**
 * {window, bits} of a person's mask as large as the original, or null without a map.
 * @param {Detections} detections
 * @param {number} id the person's place among the candidates
 * @param {PhotoPayload} photo
 * @param {number} threshold in [0, 1]
 */
export function fullMask(detections, id, photo, threshold) {
  const map = mapOf(detections, id);
  if (!map) return null;
  const box = Float32Array.from(originalBox(boxOf(detections, id), scales(photo)));
  const window = pasteMap(map, box, photo.original_width, photo.original_height);
  return { window, bits: thresholded(window, threshold) };
}

/**
 * Areas of those masks, each counted once for as long as the threshold stays; the masks themselves are not kept.
 * @param {Detections} detections
 * @returns {(id: number, photo: PhotoPayload, threshold: number) => number|null} null without a map
 */
export function createMaskAreas(detections) {
  /** @type {Map<number, {threshold: number, pixels: number|null}>} */
  const known = new Map();
  return (id, photo, threshold) => {
    if (known.get(id)?.threshold !== threshold) {
      const mask = fullMask(detections, id, photo, threshold);
      known.set(id, { threshold, pixels: mask && area(mask.bits) });
    }
    return known.get(id)?.pixels ?? null;
  };
}
