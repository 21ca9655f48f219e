/** Values as colours that rise in lightness, so that they read in grey and with any colour vision. */

const STOPS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]]; // of viridis, dark to light
const TOP = 255;

const TABLE = Uint8ClampedArray.from(
  Array.from({ length: TOP + 1 }, (_, value) => {
    const at = (value / TOP) * (STOPS.length - 1);
    const low = Math.min(Math.floor(at), STOPS.length - 2);
    return STOPS[low].map((start, part) => start + (at - low) * (STOPS[low + 1][part] - start));
  }).flat(),
);

/**
 * Paint values on a canvas, one pixel each.
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas takes the size of the values
 * @param {{pixels: Uint8Array, columns: number, rows: number}} map 0 to 255, row by row
 */
export function paintHeat(canvas, { pixels, columns, rows }) {
  [canvas.width, canvas.height] = [columns, rows];
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  pixels.forEach((value, i) => {
    image.data.set(TABLE.subarray(3 * value, 3 * value + 3), 4 * i);
    image.data[4 * i + 3] = TOP;
  });
  context.putImageData(image, 0, 0);
}

/** The colours from low to high, as a CSS gradient. */
export const HEAT_GRADIENT = `linear-gradient(90deg, ${STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
