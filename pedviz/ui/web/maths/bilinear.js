/**
 * Reading a map between its cells: the twin of pedviz/theory/bilinear.py, held equal to it by a test.
 *
 * A map is an array of rows; the value of row i and column j sits at y = i and x = j.
 */

/**
 * @typedef {ReturnType<typeof neighbours>} Neighbours
 * @typedef {ReturnType<typeof bilinearPoint>} BilinearPoint
 */

/**
 * The two cells that a position lies between along one axis, and their shares.
 * @param {number} position in cells
 * @param {number} length cells along the axis
 * @returns the shares sum to 1 in [-1, length], else to 0
 */
export function neighbours(position, length) {
  const inside = position >= -1 && position <= length;
  const clipped = inside ? Math.min(Math.max(position, 0), length - 1) : 0;
  const low = Math.floor(clipped);
  const highWeight = clipped - low;
  return {
    low,
    high: Math.min(low + 1, length - 1),
    lowWeight: inside ? 1 - highWeight : 0,
    highWeight: inside ? highWeight : 0,
  };
}

/** @type {(map: number[][], vertical: Neighbours, horizontal: Neighbours) => number} between four cells, x first */
export function readBetween(map, vertical, horizontal) {
  const [upper, lower] = [vertical.low, vertical.high].map(
    (row) => horizontal.lowWeight * map[row][horizontal.low] + horizontal.highWeight * map[row][horizontal.high],
  );
  return vertical.lowWeight * upper + vertical.highWeight * lower;
}

/**
 * Read a map at one position, with every intermediate number.
 * @param {number[][]} map
 * @param {{x: number, y: number}} position in cells
 * @returns rows and columns (low, high); cells and weights, 2 x 2 as [row][column]; alongX, both
 *   rows read at x; alongY, both columns read at y; value
 */
export function bilinearPoint(map, { x, y }) {
  const vertical = neighbours(y, map.length);
  const horizontal = neighbours(x, map[0].length);
  const [rows, columns] = [vertical, horizontal].map(({ low, high }) => [low, high]);
  const [yShares, xShares] = [vertical, horizontal].map(({ lowWeight, highWeight }) => [lowWeight, highWeight]);
  const cells = rows.map((row) => columns.map((column) => map[row][column]));
  return {
    rows,
    columns,
    cells,
    weights: yShares.map((yShare) => xShares.map((xShare) => yShare * xShare)),
    alongX: cells.map((row) => row[0] * xShares[0] + row[1] * xShares[1]),
    alongY: [0, 1].map((column) => yShares[0] * cells[0][column] + yShares[1] * cells[1][column]),
    value: readBetween(map, vertical, horizontal),
  };
}
