/**
 * From a 28 x 28 map to pixels, the twin of pedviz/theory/masks.py.
 *
 * The map gets a ring of zeros, is stretched over its box (grown by 30 / 28, truncated to whole pixels)
 * with bilinear interpolation that takes pixels as areas, and is cut at the image's edges.
 */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Window part of an image, in its pixels
 * @typedef {Window & {values: Float32Array}} PastedMap probabilities x 255, row by row
 */

export const MAP_SIDE = 28; // cells of a map across and down
const f = Math.fround;
const CELLS = MAP_SIDE + 2;
const GROWTH = f(CELLS / MAP_SIDE);

/**
 * The first and last whole pixel, [x1, y1, x2, y2], all covered, that a box's padded map lies on.
 * @param {ArrayLike<number>} box
 */
export function expandedBox(box) {
  /** @type {(low: number, high: number, sign: number) => number} */
  const edge = (low, high, sign) => {
    const half = f(f(f(high - low) * 0.5) * GROWTH);
    return Math.trunc(f(f(f(high + low) * 0.5) + sign * half));
  };
  return [edge(box[0], box[2], -1), edge(box[1], box[3], -1), edge(box[0], box[2], 1), edge(box[1], box[3], 1)];
}

/**
 * For each pixel first..last: the padded cell left of it and how far it is towards the next one.
 * @param {number} first
 * @param {number} last
 * @param {number} start
 * @param {number} length
 */
function readings(first, last, start, length) {
  const scale = CELLS / Math.max(length, 1);
  const cells = new Int32Array(last - first);
  const shares = new Float64Array(last - first);
  for (let pixel = first; pixel < last; pixel += 1) {
    const at = Math.min(Math.max((pixel - start + 0.5) * scale - 0.5, 0), CELLS - 1);
    cells[pixel - first] = Math.min(Math.floor(at), CELLS - 2);
    shares[pixel - first] = at - cells[pixel - first];
  }
  return { cells, shares };
}

/** @param {ArrayLike<number>} map */
function padded(map) {
  const values = new Float64Array(CELLS * CELLS);
  for (let row = 0; row < MAP_SIDE; row += 1) {
    for (let column = 0; column < MAP_SIDE; column += 1) {
      values[(row + 1) * CELLS + column + 1] = map[row * MAP_SIDE + column];
    }
  }
  return values;
}

/**
 * Paste a map.
 * @param {Uint8Array} map 784 probabilities x 255
 * @param {ArrayLike<number>} box x1, y1, x2, y2 in pixels of the target image
 * @param {number} width of the target image
 * @param {number} height of the target image
 * @returns {PastedMap} width or height 0 where the box lies outside
 */
export function pasteMap(map, box, width, height) {
  const [x1, y1, x2, y2] = expandedBox(box);
  const left = Math.max(x1, 0);
  const top = Math.max(y1, 0);
  const right = Math.max(left, Math.min(x2 + 1, width));
  const bottom = Math.max(top, Math.min(y2 + 1, height));
  const across = readings(left, right, x1, x2 - x1 + 1);
  const down = readings(top, bottom, y1, y2 - y1 + 1);
  const source = padded(map);
  const columns = right - left;
  const values = new Float32Array(columns * (bottom - top));
  const row = new Float64Array(CELLS);
  for (let y = 0; y < bottom - top; y += 1) {
    const above = down.cells[y] * CELLS;
    for (let cell = 0; cell < CELLS; cell += 1) {
      row[cell] = source[above + cell] + down.shares[y] * (source[above + CELLS + cell] - source[above + cell]);
    }
    for (let x = 0; x < columns; x += 1) {
      const cell = across.cells[x];
      values[y * columns + x] = row[cell] + across.shares[x] * (row[cell + 1] - row[cell]);
    }
  }
  return { x: left, y: top, width: columns, height: bottom - top, values };
}

/**
 * The mask of a pasted window: 1 where the probability is above the threshold in [0, 1].
 * @param {Pick<PastedMap, "values">} window
 * @param {number} threshold
 * @param {Uint8Array} [bits] an array of the window's length to write into, while a slider moves
 */
export function thresholded({ values }, threshold, bits = new Uint8Array(values.length)) {
  const least = threshold * 255;
  for (let i = 0; i < values.length; i += 1) bits[i] = values[i] > least ? 1 : 0;
  return bits;
}

/**
 * Intersection over union of two masks given by their windows.
 * @param {Window} first
 * @param {ArrayLike<number>} firstMask
 * @param {Window} second
 * @param {ArrayLike<number>} secondMask
 * @returns {number} in [0, 1]; 0 where both are empty
 */
export function maskIou(first, firstMask, second, secondMask) {
  let shared = 0;
  const left = Math.max(first.x, second.x);
  const right = Math.min(first.x + first.width, second.x + second.width);
  const bottom = Math.min(first.y + first.height, second.y + second.height);
  for (let y = Math.max(first.y, second.y); y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      shared +=
        firstMask[(y - first.y) * first.width + x - first.x] & secondMask[(y - second.y) * second.width + x - second.x];
    }
  }
  const union = area(firstMask) + area(secondMask) - shared;
  return union ? shared / union : 0;
}

/**
 * Pixels of a mask.
 * @param {ArrayLike<number>} mask
 */
export function area(mask) {
  let total = 0;
  for (let i = 0; i < mask.length; i += 1) total += mask[i];
  return total;
}
