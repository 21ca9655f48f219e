/** The photo on the stage: images a canvas can draw, and back to pixels of the original. */

import { pencil } from "./dom.js";

/**
 * @import { PhotoPayload } from "../payloads.d.ts"
 * @typedef {Awaited<ReturnType<typeof loadPhoto>>} Photo
 * @typedef {{left: number, top: number, right: number, bottom: number}} Part of an image, in its pixels
 * @typedef {{stretched: boolean}} Looks
 */

const SAMPLED = 400; // pixels of the longer side are enough to find an image's range

/** @param {HTMLImageElement} image */
function range(image) {
  const factor = Math.min(1, SAMPLED / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = new OffscreenCanvas(Math.ceil(image.naturalWidth * factor), Math.ceil(image.naturalHeight * factor));
  const context = pencil(canvas);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [low, high] = [255, 0];
  data.forEach((value, i) => {
    if (i % 4 === 3) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  });
  return [low, high];
}

/**
 * The image with its darkest value black and its brightest white, as report A shows it.
 * @param {HTMLImageElement} image
 */
function stretch(image) {
  const [low, high] = range(image);
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = pencil(canvas);
  context.drawImage(image, 0, 0);
  if (high <= low) return canvas;
  const picture = context.getImageData(0, 0, canvas.width, canvas.height);
  const factor = 255 / (high - low);
  picture.data.forEach((value, i) => {
    if (i % 4 !== 3) picture.data[i] = (value - low) * factor;
  });
  context.putImageData(picture, 0, 0);
  return canvas;
}

/**
 * Factors from the capped image to the upright original, [x, y].
 * @param {PhotoPayload} photo
 * @returns {[number, number]}
 */
export function scales(photo) {
  return [photo.original_width / photo.width, photo.original_height / photo.height];
}

/**
 * A box in pixels of the original.
 * @param {ArrayLike<number>} box
 * @param {number[]} scale
 */
export function originalBox(box, [sx, sy]) {
  return [box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy];
}

/** Part of an image, scaled to a canvas. Both panes show the same part, so the last one is kept. */
function scaler() {
  const canvas = new OffscreenCanvas(1, 1);
  const context = pencil(canvas, { alpha: false });
  /** @type {unknown[]} */
  let last = [];
  /** @type {ImageBitmap|null} */
  let bitmap = null;
  /** @type {(source: CanvasImageSource, part: Part, width: number, height: number) => ImageBitmap} */
  return (source, { left, top, right, bottom }, width, height) => {
    const wanted = [source, left, top, right, bottom, width, height];
    if (bitmap && wanted.every((value, i) => value === last[i])) return bitmap;
    bitmap?.close();
    [canvas.width, canvas.height] = [width, height];
    context.imageSmoothingQuality = "medium";
    context.drawImage(source, left, top, right - left, bottom - top, 0, 0, width, height);
    [last, bitmap] = [wanted, canvas.transferToImageBitmap()];
    return bitmap;
  };
}

/**
 * @param {PhotoPayload} payload
 * @returns the payload with `picture({stretched})`, the photo as a drawing style shows it, and
 *   `part(style, part, width, height)`, a part of it scaled to a bitmap that is good until the next call
 */
export async function loadPhoto(payload) {
  const image = new Image();
  image.src = payload.url;
  await image.decode();
  const scaled = scaler();
  /** @type {OffscreenCanvas|null} */
  let stretched = null;
  const picture = (/** @type {Looks} */ style) => {
    if (!style.stretched) return image;
    stretched ??= stretch(image);
    return stretched;
  };
  /** @type {(style: Looks, part: Part, width: number, height: number) => ImageBitmap} */
  const part = (style, ...place) => scaled(picture(style), ...place);
  return { ...payload, picture, part };
}
