/** The size at which a detector sees an image: the twin of pedviz/theory/resizing.py, held equal to it by a test. */

const PADDING_MULTIPLE = 32;

/**
 * The factor by which an image is scaled.
 * @param {number} height pixels
 * @param {number} width pixels
 * @param {{minSize: number, maxSize: number}} sizes wanted shorter side and limit of the longer, pixels
 */
export function resizeScale(height, width, { minSize, maxSize }) {
  return Math.min(minSize / Math.min(height, width), maxSize / Math.max(height, width));
}

/** [height, width] that the network sees, before padding. */
export function resizedSize(height, width, sizes) {
  const scale = resizeScale(height, width, sizes);
  return [Math.floor(height * scale), Math.floor(width * scale)];
}

/** [height, width] after zeros are added up to multiples of 32. */
export function paddedSize(height, width) {
  return [height, width].map((side) => Math.ceil(side / PADDING_MULTIPLE) * PADDING_MULTIPLE);
}
