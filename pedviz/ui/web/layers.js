/** The masks of one result as small canvases: pasted once, painted again only when the threshold moves. */

import { boxOf, mapOf } from "./decode.js";
import { area, pasteMap, thresholded } from "./paste.js";

const OPAQUE = 0xff000000;

function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/**
 * @param {Object} detections decoded
 * @returns {{window: function(number): Object|null, mask: function(number, number): Object|null,
 *   layer: function(Object, number, string): Object|null}}
 */
export function createLayers(detections) {
  const [height, width] = detections.imageSize;
  const windows = new Map();
  const masks = new Map();
  const layers = new Map();

  /** The pasted probabilities of a candidate, or null without a map. */
  function window(id) {
    if (!windows.has(id)) {
      const map = mapOf(detections, id);
      windows.set(id, map && pasteMap(map, boxOf(detections, id), width, height));
    }
    return windows.get(id);
  }

  /** {window, bits, area} of a candidate at a threshold, or null. */
  function mask(id, threshold) {
    const known = masks.get(id);
    if (known?.threshold === threshold) return known;
    const place = window(id);
    if (!place) return null;
    const bits = thresholded(place, threshold);
    const made = { threshold, window: place, bits, area: area(bits) };
    masks.set(id, made);
    return made;
  }

  function paint(made, colour) {
    const { width: columns, height: rows } = made.window;
    const canvas = new OffscreenCanvas(columns, rows);
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const [red, green, blue] = rgb(colour);
    const value = OPAQUE | (blue << 16) | (green << 8) | red; // canvases are little-endian RGBA
    for (let i = 0; i < pixels.length; i += 1) if (made.bits[i]) pixels[i] = value;
    context.putImageData(image, 0, 0);
    return canvas;
  }

  /** {canvas, x, y} of a person's mask in its colour, or null where there is nothing to draw. */
  function layer(person, threshold, colour) {
    const made = mask(person.id, threshold);
    if (!made || !made.area) return null;
    const known = layers.get(person.id);
    if (known && known.made === made && known.colour === colour) return known;
    const painted = { made, colour, canvas: paint(made, colour), x: made.window.x, y: made.window.y };
    layers.set(person.id, painted);
    return painted;
  }

  return { window, mask, layer };
}
