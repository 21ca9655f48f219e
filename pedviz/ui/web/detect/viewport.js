/** Zoom and pan, one for both panes: which part of the photo is in sight. */

const MOST = 16;
const STEP = 1.25;
const PAN = 0.1; // of what is in sight, for one press of an arrow key

/** @typedef {ReturnType<typeof createViewport>} Viewport */

/** @type {Record<string, number[]>} */
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const ZOOMS = { "+": STEP, "=": STEP, "-": 1 / STEP };

/**
 * @param {() => void} onChange
 * @returns the shared viewport; sizes are those of the photo, in its pixels
 */
export function createViewport(onChange) {
  let width = 1;
  let height = 1;
  let zoom = 1;
  let left = 0;
  let top = 0;

  function settle() {
    left = Math.min(Math.max(left, 0), width - width / zoom);
    top = Math.min(Math.max(top, 0), height - height / zoom);
    onChange();
  }

  const self = {
    /** The part of the photo in sight. */
    get box() {
      return { left, top, right: left + width / zoom, bottom: top + height / zoom };
    },
    get zoom() {
      return zoom;
    },
    /** Show all of a photo of this size. */
    reset(newWidth = width, newHeight = height) {
      [width, height, zoom, left, top] = [newWidth, newHeight, 1, 0, 0];
      onChange();
    },
    /** Zoom by a factor and keep the photo point (x, y) where it is on the screen. */
    zoomAt(/** @type {number} */ factor, x = left + width / zoom / 2, y = top + height / zoom / 2) {
      const next = Math.min(Math.max(zoom * factor, 1), MOST);
      left = x - ((x - left) * zoom) / next;
      top = y - ((y - top) * zoom) / next;
      zoom = next;
      settle();
    },
    /** Move by photo pixels. */
    pan(/** @type {number} */ dx, /** @type {number} */ dy) {
      left += dx;
      top += dy;
      settle();
    },
    /** Keys that every pane understands; true where one was used. */
    key(/** @type {string} */ name) {
      if (MOVES[name] && zoom > 1) {
        const [x, y] = MOVES[name];
        self.pan((x * PAN * width) / zoom, (y * PAN * height) / zoom);
      } else if (ZOOMS[name]) self.zoomAt(ZOOMS[name]);
      else if (name === "0") self.reset();
      else return false;
      return true;
    },
  };
  return self;
}
