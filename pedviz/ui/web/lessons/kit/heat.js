/**
 * Values as colours that rise in lightness, so that they read in grey and with any colour vision.
 *
 * @typedef {{pixels: Uint8Array, columns: number, rows: number}} HeatMap values from 0 to 255, row by row
 */

import { pencil } from "../../base/dom.js";

const STOPS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
]; // of viridis, dark to light
const TOP = 255;
const OPAQUE = 0xff000000;

/** The colour of each value as a canvas keeps it: one little-endian number for red, green, blue and opaque. */
const TABLE = Uint32Array.from({ length: TOP + 1 }, (_, value) => {
  const at = (value / TOP) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  const [red, green, blue] = STOPS[low].map((start, part) =>
    Math.round(start + (at - low) * (STOPS[low + 1][part] - start)),
  );
  return OPAQUE | (blue << 16) | (green << 8) | red;
});

/**
 * Paint values on a canvas, one pixel each.
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas takes the size of the values
 * @param {HeatMap} map
 */
export function paintHeat(canvas, { pixels, columns, rows }) {
  [canvas.width, canvas.height] = [columns, rows];
  const context = pencil(canvas);
  const image = context.createImageData(columns, rows);
  const colours = new Uint32Array(image.data.buffer);
  for (let i = 0; i < colours.length; i += 1) colours[i] = TABLE[pixels[i]];
  context.putImageData(image, 0, 0);
}

/** The colours from low to high, as a CSS gradient. */
export const HEAT_GRADIENT = `linear-gradient(90deg, ${STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
