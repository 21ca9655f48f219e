/** The best one-to-one matching: the twin of pedviz/theory/assignment.py. */

const UNMATCHED = -1;

/**
 * Which column each row is matched with, so that the gains of all pairs together are as large as possible.
 * @param {number[][]} gains rows of numbers that are at least 0; a pair that gains nothing is no pair
 * @returns {number[]} the column of each row, or -1
 */
export function bestAssignment(gains) {
  const [rows, columns] = [gains.length, gains[0]?.length ?? 0];
  if (rows > columns) {
    const turned = Array.from({ length: columns }, (_, column) => gains.map((row) => row[column]));
    const found = bestAssignment(turned);
    return gains.map((_, row) => found.indexOf(row));
  }
  const assigned = augment(gains.map((row) => row.map((gain) => -gain)));
  return assigned.map((column, row) => (gains[row][column] > 0 ? column : UNMATCHED));
}

/**
 * The column of each row at the least cost, by shortest augmenting paths; no more rows than columns.
 * @param {number[][]} costs
 */
function augment(costs) {
  const columns = costs[0]?.length ?? 0;
  const rowPrices = costs.map(() => 0);
  const columnPrices = Array(columns + 1).fill(0);
  const owner = Array(columns + 1).fill(UNMATCHED); // the row of each column; the last holds the row to be placed
  costs.forEach((_, row) => {
    owner[columns] = row;
    let column = columns;
    const cameFrom = Array(columns).fill(columns);
    const distances = Array(columns).fill(Infinity);
    const reached = new Set();
    while (owner[column] !== UNMATCHED) {
      reached.add(column);
      const here = owner[column];
      let nearest = -1;
      for (let to = 0; to < columns; to += 1) {
        if (reached.has(to)) continue;
        const reduced = costs[here][to] - rowPrices[here] - columnPrices[to];
        if (reduced < distances[to]) [distances[to], cameFrom[to]] = [reduced, column];
        if (nearest < 0 || distances[to] < distances[nearest]) nearest = to;
      }
      const step = distances[nearest];
      for (const at of reached) {
        rowPrices[owner[at]] += step;
        columnPrices[at] -= step;
      }
      for (let to = 0; to < columns; to += 1) if (!reached.has(to)) distances[to] -= step;
      column = nearest;
    }
    while (column !== columns) {
      owner[column] = owner[cameFrom[column]];
      column = cameFrom[column];
    }
  });
  const found = costs.map(() => UNMATCHED);
  owner.slice(0, columns).forEach((row, column) => {
    if (row !== UNMATCHED) found[row] = column;
  });
  return found;
}
