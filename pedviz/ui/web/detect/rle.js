/** COCO's run-length encoding of masks, as pycocotools reads it. */

/**
 * Runs of a mask that stands in a window of an image, column by column, beginning with zeros.
 * @param {{x: number, y: number, width: number, height: number}} window
 * @param {Uint8Array} mask of the window, row by row
 * @param {number} height of the image
 * @param {number} width of the image
 * @returns {number[]} lengths that add up to width * height
 */
export function runs(window, mask, height, width) {
  /** @type {number[]} */
  const counts = [];
  let bit = 0;
  let length = 0;
  /** @type {(value: number, times: number) => void} */
  const push = (value, times) => {
    if (!times) return;
    if (value === bit) length += times;
    else {
      counts.push(length);
      [bit, length] = [value, times];
    }
  };
  push(0, window.x * height);
  for (let x = 0; x < window.width; x += 1) {
    push(0, window.y);
    for (let y = 0; y < window.height; y += 1) push(mask[y * window.width + x], 1);
    push(0, height - window.y - window.height);
  }
  push(0, (width - window.x - window.width) * height);
  counts.push(length);
  return counts;
}

/**
 * Runs as COCO's compressed text: from the fourth run on the difference to the one two before, in 6-bit digits.
 * @param {number[]} counts
 */
export function compress(counts) {
  let text = "";
  counts.forEach((count, place) => {
    let value = place > 2 ? count - counts[place - 2] : count;
    for (let more = true; more; ) {
      let digit = value & 0x1f;
      value >>= 5;
      more = digit & 0x10 ? value !== -1 : value !== 0;
      if (more) digit |= 0x20;
      text += String.fromCharCode(digit + 48);
    }
  });
  return text;
}
