/**
 * RoIPool and RoIAlign of one box on one map, and their way back: the twin of
 * pedviz/theory/roi_pool.py, roi_align.py and roi.py, held equal to them by a test.
 *
 * A map is an array of rows. A box is [x1, y1, x2, y2] in pixels of the image, times `spatialScale` in
 * cells. `outputSize` is [P, Q] bins, `featureSize` is [H, W] cells.
 */

import { neighbours, readBetween } from "./bilinear.js";
import { checkedBox } from "./iou_losses.js";

/**
 * @import { Neighbours } from "./bilinear.js"
 * @import { Box } from "./iou_losses.js"
 * @typedef {number[][]} FeatureMap rows of cells
 * @typedef {{region: Box, rows: number[][], columns: number[][]}} Bins region in cells; rows and columns, [first, one
 *   past the last] of each bin
 * @typedef {ReturnType<typeof poolMaximum>} Pooled
 * @typedef {{outputSize: number[], spatialScale?: number}} PoolOptions
 * @typedef {PoolOptions & {samplingRatio?: number, aligned?: boolean}} GridOptions `samplingRatio`, points per bin and
 *   axis, 0 or less one per cell; `aligned` moves the region by half a cell
 * @typedef {{region: Box, ys: number[][], xs: number[][]}} SampleGrid region in cells; ys, rows of the samples of each
 *   bin; xs, columns
 * @typedef {ReturnType<typeof roiAlign>} Aligned
 * @typedef {"average"|"maximum"} Take of a bin's samples
 */

const CANONICAL_SIDE = 224; // pixels: an ImageNet image, which the backbone was made for, is read at level 4
const CANONICAL_LEVEL = 4;
const ROUNDING = 1e-6; // levels; keeps a box of exactly 112 x 112 at level 3

const count = (/** @type {number} */ length) => Array.from({ length }, (_, place) => place);
/** @type {(rows: number, columns: number, cell: (row: number, column: number) => number) => number[][]} */
const table = (rows, columns, cell) => count(rows).map((row) => count(columns).map((column) => cell(row, column)));

/**
 * Cut whole cells into bins that do not overlap, rounding each cut down.
 * @type {(region: Box, how: {outputSize: number[]}) => Bins}
 */
export function floorBins(region, { outputSize }) {
  const [x1, y1, x2, y2] = region;
  /** @type {(start: number, stop: number, parts: number) => number[][]} */
  const cut = (start, stop, parts) =>
    count(parts).map((part) => [part, part + 1].map((edge) => start + Math.floor((edge * (stop - start)) / parts)));
  return { region, rows: cut(y1, y2, outputSize[0]), columns: cut(x1, x2, outputSize[1]) };
}

/**
 * The nearest whole number, halves away from zero as in C.
 * @param {number} position
 */
function rounded(position) {
  const whole = Math.trunc(position);
  return whole + Math.sign(position) * Number(Math.abs(position - whole) >= 0.5);
}

/**
 * Round a box to whole cells and cut it, rounding each bin outwards, as torchvision's roi_pool does.
 * @param {Box} box
 * @param {PoolOptions & {featureSize: number[]}} how
 * @returns {Bins} clipped to the map
 * @throws {RangeError} the box is reversed or not finite
 */
function roundedBins(box, { outputSize, featureSize, spatialScale = 1 }) {
  const [x1, y1, x2, y2] = checkedBox("box", box).map((edge) => rounded(edge * spatialScale));
  /** @type {(first: number, last: number, parts: number, length: number) => number[][]} */
  const cut = (first, last, parts, length) => {
    const side = (last - first + 1) / parts;
    return count(parts).map((part) =>
      [Math.floor(part * side), Math.ceil((part + 1) * side)].map((edge) =>
        Math.min(Math.max(edge + first, 0), length),
      ),
    );
  };
  return {
    region: [x1, y1, x2 + 1, y2 + 1],
    rows: cut(y1, y2, outputSize[0], featureSize[0]),
    columns: cut(x1, x2, outputSize[1], featureSize[1]),
  };
}

/**
 * The first maximum of a bin in reading order; 0 and -1 for an empty bin.
 * @type {(map: FeatureMap, rows: number[], columns: number[]) => {value: number, cell: number}}
 */
function binMaximum(map, [top, bottom], [left, right]) {
  let best = { value: 0, cell: -1 };
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const value = map[row][column];
      if (best.cell < 0 || value > best.value) best = { value, cell: row * map[0].length + column };
    }
  }
  return best;
}

/**
 * The maximum of every bin and where it stood, cell = row x W + column.
 * @param {FeatureMap} map
 * @param {Bins} bins
 */
export function poolMaximum(map, bins) {
  const maxima = bins.rows.map((rows) => bins.columns.map((columns) => binMaximum(map, rows, columns)));
  return {
    values: maxima.map((row) => row.map((bin) => bin.value)),
    cells: maxima.map((row) => row.map((bin) => bin.cell)),
    bins,
  };
}

/** @type {(map: FeatureMap, box: Box, how: PoolOptions) => Pooled} RoIPool as torchvision does it */
export function roiPool(map, box, { outputSize, spatialScale = 1 }) {
  const featureSize = [map.length, map[0].length];
  return poolMaximum(map, roundedBins(box, { outputSize, featureSize, spatialScale }));
}

/**
 * The gradient of the map: each bin's share goes to the one cell that was its maximum.
 * @type {(pooled: Pooled, upstream: number[][], how: {featureSize: number[]}) => FeatureMap}
 */
export function poolBackward(pooled, upstream, { featureSize }) {
  const gradient = table(featureSize[0], featureSize[1], () => 0);
  pooled.cells.forEach((row, p) =>
    row.forEach((cell, q) => {
      if (cell >= 0) gradient[Math.floor(cell / featureSize[1])][cell % featureSize[1]] += upstream[p][q];
    }),
  );
  return gradient;
}

/**
 * The sample points of RoIAlign.
 * @param {Box} box
 * @param {GridOptions} how
 * @returns {SampleGrid}
 * @throws {RangeError} the box is reversed or not finite
 */
function sampleGrid(box, { outputSize, spatialScale = 1, samplingRatio = 2, aligned = false }) {
  const shift = aligned ? 0.5 : 0;
  const smallest = aligned ? 0 : 1;
  const [x1, y1, x2, y2] = checkedBox("box", box).map((edge) => edge * spatialScale - shift);
  /** @type {(start: number, end: number, parts: number) => number[][]} */
  const points = (start, end, parts) => {
    const side = Math.max(end - start, smallest) / parts;
    const samples = samplingRatio > 0 ? samplingRatio : Math.ceil(side);
    return table(parts, samples, (part, sample) => start + part * side + ((sample + 0.5) * side) / samples);
  };
  return {
    region: [x1, y1, x1 + Math.max(x2 - x1, smallest), y1 + Math.max(y2 - y1, smallest)],
    ys: points(y1, y2, outputSize[0]),
    xs: points(x1, x2, outputSize[1]),
  };
}

/** @type {(samples: number[][], take: Take) => number[][]} how much each counts: the average, or the first maximum */
function sharesOf(samples, take) {
  const values = samples.flat();
  const first = values.indexOf(Math.max(...values));
  const width = samples[0]?.length ?? 0;
  return samples.map((row, s) =>
    row.map((_, t) => (take === "average" ? 1 / values.length : Number(s * width + t === first))),
  );
}

/**
 * The axis neighbours of every sample of every bin.
 * @param {SampleGrid} grid
 * @param {number[]} featureSize
 */
function neighboursOf(grid, [height, width]) {
  /** @type {(bins: number[][], length: number) => Neighbours[][]} */
  const along = (bins, length) => bins.map((bin) => bin.map((position) => neighbours(position, length)));
  return { vertical: along(grid.ys, height), horizontal: along(grid.xs, width) };
}

/**
 * RoIAlign of one box: nothing is rounded, every bin is read at sample points.
 * @param {FeatureMap} map
 * @param {Box} box
 * @param {GridOptions & {take?: Take}} how
 * @returns values (P x Q); samples and shares (P x Q x S x T); grid
 */
export function roiAlign(map, box, { take = "average", ...how }) {
  const grid = sampleGrid(box, how);
  const { vertical, horizontal } = neighboursOf(grid, [map.length, map[0].length]);
  const samples = vertical.map((ys) => horizontal.map((xs) => ys.map((y) => xs.map((x) => readBetween(map, y, x)))));
  const shares = samples.map((row) => row.map((bin) => sharesOf(bin, take)));
  const values = samples.map((row, p) =>
    row.map((bin, q) => {
      const weights = shares[p][q].flat();
      return bin.flat().reduce((sum, sample, place) => sum + sample * weights[place], 0);
    }),
  );
  return { values, samples, shares, grid };
}

/**
 * The gradient of the map: each sample hands its share to the four cells around it.
 * @type {(aligned: Aligned, upstream: number[][], how: {featureSize: number[]}) => FeatureMap}
 */
export function alignBackward(aligned, upstream, { featureSize }) {
  const gradient = table(featureSize[0], featureSize[1], () => 0);
  const { vertical, horizontal } = neighboursOf(aligned.grid, featureSize);
  /** @type {(y: Neighbours, x: Neighbours, amount: number) => void} */
  const hand = (y, x, amount) => {
    gradient[y.low][x.low] += amount * y.lowWeight * x.lowWeight;
    gradient[y.low][x.high] += amount * y.lowWeight * x.highWeight;
    gradient[y.high][x.low] += amount * y.highWeight * x.lowWeight;
    gradient[y.high][x.high] += amount * y.highWeight * x.highWeight;
  };
  aligned.shares.forEach((row, p) =>
    row.forEach((bin, q) =>
      bin.forEach((shares, s) =>
        shares.forEach((share, t) => hand(vertical[p][s], horizontal[q][t], share * upstream[p][q])),
      ),
    ),
  );
  return gradient;
}

/**
 * The pyramid level that a box is read at; level k has one cell for 2^k pixels of the resized image.
 * @param {Box} box
 * @param {{lowest?: number, highest?: number}} [levels]
 */
export function pyramidLevel([x1, y1, x2, y2], { lowest = 2, highest = 5 } = {}) {
  const side = Math.sqrt((x2 - x1) * (y2 - y1));
  const level = Math.floor(CANONICAL_LEVEL + Math.log2(side / CANONICAL_SIDE) + ROUNDING);
  return Math.min(Math.max(level, lowest), highest);
}

/**
 * What RoIPool and RoIAlign answer while a region moves.
 * @param {FeatureMap} map
 * @param {Box} box in cells
 * @param {{shifts: number[][], outputSize: number[]}} how `shifts`, [dx, dy] each
 * @returns pooled and aligned, one P x Q table for each shift
 */
export function poolingDrift(map, box, { shifts, outputSize }) {
  const moved = shifts.map(([dx, dy]) => [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy]);
  return {
    pooled: moved.map((region) => roiPool(map, region, { outputSize }).values),
    aligned: moved.map((region) => roiAlign(map, region, { outputSize }).values),
  };
}
