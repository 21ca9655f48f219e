/**
 * The masks of one result as small canvases: pasted once, painted again only when the threshold moves.
 *
 * A mask can be had at full or at reduced size. Panes are often half as wide as the photo, and a quarter of
 * the pixels is what makes a slider smooth.
 */

import { area, pasteMap, thresholded } from "../maths/masks.js";
import { boxOf, mapOf } from "./decode.js";
import { pencil } from "./dom.js";

/**
 * @import { PastedMap } from "../maths/masks.js"
 * @import { Detections } from "./decode.js"
 * @typedef {ReturnType<typeof createLayers>} Layers
 * @typedef {{threshold: number, window: PastedMap, bits: Uint8Array, area: number}} Mask
 * @typedef {ReturnType<typeof blank>} Surface
 * @typedef {{canvas: OffscreenCanvas, x: number, y: number, width: number, height: number}} Layer in photo pixels
 */

const OPAQUE = 0xff000000;
const REDUCED = 0.5;

/**
 * The size to paint masks at when one photo pixel becomes `scale` screen pixels.
 * @param {number} scale
 */
export function layerSize(scale) {
  return scale <= REDUCED * 1.2 ? REDUCED : 1;
}

/** @param {string} colour such as "#0072b2" */
function rgb(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** @param {PastedMap} window */
function blank({ width: columns, height: rows }) {
  const context = pencil(new OffscreenCanvas(columns, rows));
  const image = context.createImageData(columns, rows);
  return { context, image, pixels: new Uint32Array(image.data.buffer) };
}

/** @type {(surface: Surface, bits: Uint8Array, colour: string) => void} */
function paint({ context, image, pixels }, bits, colour) {
  const [red, green, blue] = rgb(colour);
  const value = OPAQUE | (blue << 16) | (green << 8) | red; // canvases are little-endian RGBA
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = -bits[i] & value;
  context.putImageData(image, 0, 0);
}

/**
 * @param {Detections} detections
 * @param {number} size 1 for the photo's own pixels, less for a smaller copy of it
 */
function createMasks(detections, size) {
  const [height, width] = detections.imageSize.map((side) => Math.ceil(side * size));
  /** @type {Map<number, PastedMap|null>} */
  const windows = new Map();
  /** @type {Map<number, Mask>} */
  const masks = new Map();
  /** @type {Map<number, Layer & {made: Mask, colour: string, surface: Surface}>} */
  const layers = new Map();

  /** @param {number} id */
  function window(id) {
    const known = windows.get(id);
    if (known !== undefined) return known;
    const map = mapOf(detections, id);
    const box = boxOf(detections, id).map((edge) => edge * size);
    const made = map && pasteMap(map, box, width, height);
    windows.set(id, made);
    return made;
  }

  /**
   * The mask of a candidate, or null. `bits` is written anew for every threshold.
   * @param {number} id
   * @param {number} threshold
   */
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

  /** @type {(person: {id: number}, threshold: number, colour: string) => Layer|null} null where there is no mask */
  function layer(person, threshold, colour) {
    const made = mask(person.id, threshold);
    if (!made?.area) return null;
    const known = layers.get(person.id);
    if (known?.made === made && known.colour === colour) return known;
    const surface = known?.surface ?? blank(made.window);
    paint(surface, made.bits, colour);
    const { x, y, width: columns, height: rows } = made.window;
    const place = { x: x / size, y: y / size, width: columns / size, height: rows / size };
    const painted = { made, colour, surface, canvas: surface.context.canvas, ...place };
    layers.set(person.id, painted);
    return painted;
  }

  return { mask, layer };
}

/** @param {Detections} detections */
export function createLayers(detections) {
  /** @type {Map<number, ReturnType<typeof createMasks>>} */
  const sizes = new Map();
  const at = (/** @type {number} */ size) => {
    const made = sizes.get(size) ?? createMasks(detections, size);
    sizes.set(size, made);
    return made;
  };
  return {
    /** @type {(id: number, threshold: number) => Mask|null} */
    mask: (id, threshold) => at(1).mask(id, threshold),
    /** @type {(person: {id: number}, how: {threshold: number, colour: string, size: number}) => Layer|null} */
    layer: (person, { threshold, colour, size }) => at(size).layer(person, threshold, colour),
  };
}
