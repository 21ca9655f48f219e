/** Painted masks as letters of an address: the twin of pedviz/lessons/cells.py. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CELLS_A_LETTER = 6;
export const SIDE = 28; // the network's mask maps are so wide

/** 131 letters for 784 cells, each 0 or 1, row by row. @param {ArrayLike<number>} cells */
export function packCells(cells) {
  let text = "";
  for (let first = 0; first < cells.length; first += CELLS_A_LETTER) {
    let place = 0;
    for (let bit = 0; bit < CELLS_A_LETTER; bit += 1) place = place * 2 + (cells[first + bit] ?? 0);
    text += LETTERS[place];
  }
  return text;
}

/** The cells of 131 letters, as 784 zeros and ones. @param {string} text */
export function unpackCells(text) {
  const cells = new Uint8Array(SIDE * SIDE);
  for (let cell = 0; cell < cells.length; cell += 1) {
    const place = LETTERS.indexOf(text[Math.floor(cell / CELLS_A_LETTER)]);
    cells[cell] = (place >> (CELLS_A_LETTER - 1 - (cell % CELLS_A_LETTER))) & 1;
  }
  return cells;
}
