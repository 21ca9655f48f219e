/**
 * The masks of one result as small canvases: pasted once, painted again only when the threshold moves.
 *
 * A mask can be had at full or at reduced size. Panes are often half as wide as the photo, and a quarter of
 * the pixels is what makes a slider smooth.
 */

import { area, pasteMap, thresholded } from "../maths/masks.js";
import { boxOf, mapOf } from "./decode.js";
import { pencil } from "./dom.js";

const OPAQUE = 0xff000000;
const REDUCED = 0.5;

/** The size to paint masks at when one photo pixel becomes `scale` screen pixels. */
export function layerSize(scale) {
  return scale <= REDUCED * 1.2 ? REDUCED : 1;
}

function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function blank({ width: columns, height: rows }) {
  const context = pencil(new OffscreenCanvas(columns, rows));
  const image = context.createImageData(columns, rows);
  return { context, image, pixels: new Uint32Array(image.data.buffer) };
}

function paint({ context, image, pixels }, bits, colour) {
  const [red, green, blue] = rgb(colour);
  const value = OPAQUE | (blue << 16) | (green << 8) | red; // canvases are little-endian RGBA
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = -bits[i] & value;
  context.putImageData(image, 0, 0);
}

/**
 * @param {Object} detections decoded
 * @param {number} size 1 for the photo's own pixels, less for a smaller copy of it
 */
function createMasks(detections, size) {
  const [height, width] = detections.imageSize.map((side) => Math.ceil(side * size));
  const windows = new Map();
  const masks = new Map();
  const layers = new Map();

  function window(id) {
    if (!windows.has(id)) {
      const map = mapOf(detections, id);
      windows.set(
        id,
        map &&
          pasteMap(
            map,
            boxOf(detections, id).map((edge) => edge * size),
            width,
            height,
          ),
      );
    }
    return windows.get(id);
  }

  /** {threshold, window, bits, area} of a candidate, or null. `bits` is written anew for every threshold. */
  function mask(id, threshold) {
    const known = masks.get(id);
    if (known?.threshold === threshold) return known;
    const place = window(id);
    if (!place) return null;
    const bits = thresholded(place, threshold, known?.bits);
    const made = { threshold, window: place, bits, area: area(bits) };
    masks.set(id, made);
    return made;
  }

  /** {canvas, x, y, width, height} in photo pixels of a person's mask, or null where there is none. */
  function layer(person, threshold, colour) {
    const made = mask(person.id, threshold);
    if (!made?.area) return null;
    const known = layers.get(person.id);
    if (known?.made === made && known.colour === colour) return known;
    const surface = known?.surface ?? blank(made.window);
    paint(surface, made.bits, colour);
    const [x, y, columns, rows] = ["x", "y", "width", "height"].map((key) => made.window[key] / size);
    const painted = { made, colour, surface, canvas: surface.context.canvas, x, y, width: columns, height: rows };
    layers.set(person.id, painted);
    return painted;
  }

  return { mask, layer };
}

/**
 * @param {Object} detections decoded
 * @returns {{mask: (a: number, b: number) => Object|null, layer: (a: Object, b: Object) => Object|null}}
 */
export function createLayers(detections) {
  const sizes = new Map();
  const at = (size) => {
    if (!sizes.has(size)) sizes.set(size, createMasks(detections, size));
    return sizes.get(size);
  };
  return {
    mask: (id, threshold) => at(1).mask(id, threshold),
    layer: (person, { threshold, colour, size }) => at(size).layer(person, threshold, colour),
  };
}
