/** The visitor's hands on one canvas: pointers, wheel and keys become zoom, pan, hover, press and pen strokes. */

const WHEEL = 0.0015;
const PINCH_WHEEL = 4; // a touchpad's pinch arrives as a wheel with Ctrl, in smaller steps
const TAP = 4; // a pointer that moves less than this, in screen pixels, has pressed, not dragged

/**
 * @import { BoxPen } from "./pen.js"
 * @import { Viewport } from "./viewport.js"
 *
 * @typedef {[number, number]} Point x and y in the photo
 * @typedef {Object} PointerHooks
 * @property {Viewport} viewport
 * @property {BoxPen} pen
 * @property {() => boolean} drawing whether the pen is out
 * @property {() => boolean} ready whether there is a photo
 * @property {() => number} scale screen pixels for one photo pixel
 * @property {(clientX: number, clientY: number) => Point} toPhoto what is below a screen point
 * @property {(point: Point|null) => void} onHover
 * @property {(point: Point) => void} onPress
 */

class PointerInput {
  /** @type {Map<number, {x: number, y: number, moved: number}>} */
  pointers = new Map();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {PointerHooks} hooks
   */
  constructor(canvas, hooks) {
    this.canvas = canvas;
    this.hooks = hooks;
  }

  /** @param {MouseEvent} event */
  toPhoto({ clientX, clientY }) {
    return this.hooks.toPhoto(clientX, clientY);
  }

  pinch() {
    const [first, second] = [...this.pointers.values()];
    const spread = Math.max(Math.hypot(first.x - second.x, first.y - second.y), 1);
    return { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2, spread };
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { ready, pen, drawing, scale } = this.hooks;
    if (!ready()) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
    if (this.pointers.size === 2) {
      pen.cancel();
      for (const held of this.pointers.values()) held.moved = Infinity; // two fingers never press
    } else if (drawing() && event.button === 0) pen.start(...this.toPhoto(event), scale());
  }

  /**
   * Two fingers: the photo below them stays below them. Zoom first, for a photo shown whole cannot be moved.
   * @param {() => void} move
   */
  pinched(move) {
    const { viewport, toPhoto, scale } = this.hooks;
    const before = this.pinch();
    move();
    const now = this.pinch();
    viewport.zoomAt(now.spread / before.spread, ...toPhoto(before.x, before.y));
    viewport.pan((before.x - now.x) / scale(), (before.y - now.y) / scale());
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { ready, onHover, pen, viewport, scale } = this.hooks;
    if (!ready()) return;
    const point = this.toPhoto(event);
    const held = this.pointers.get(event.pointerId);
    if (!held) {
      onHover(point);
      return;
    }
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    const moved = () =>
      Object.assign(held, { x: event.clientX, y: event.clientY, moved: held.moved + Math.hypot(dx, dy) });
    if (this.pointers.size === 2) this.pinched(moved);
    else {
      moved();
      if (pen.active) pen.move(...point);
      else viewport.pan(-dx / scale(), -dy / scale());
    }
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { pen, onPress } = this.hooks;
    const held = this.pointers.get(event.pointerId);
    this.pointers.delete(event.pointerId);
    if (!held) return;
    if (pen.active) pen.end();
    else if (held.moved < TAP) onPress(this.toPhoto(event));
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.hooks.pen.cancel();
  }

  leave() {
    if (!this.pointers.size) this.hooks.onHover(null);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { drawing, pen, viewport } = this.hooks;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((drawing() && pen.key(event)) || viewport.key(event.key)) event.preventDefault();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const { ready, viewport } = this.hooks;
    // A wheel over an unzoomed image scrolls the page, as people expect, unless Ctrl asks for zoom.
    if (!ready() || (!event.ctrlKey && viewport.zoom === 1)) return;
    event.preventDefault();
    const speed = WHEEL * (event.ctrlKey ? PINCH_WHEEL : 1);
    viewport.zoomAt(Math.exp(-event.deltaY * speed), ...this.toPhoto(event));
  }

  double() {
    if (!this.hooks.drawing()) this.hooks.viewport.reset();
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PointerHooks} hooks
 */
export function listen(canvas, hooks) {
  const input = new PointerInput(canvas, hooks);
  canvas.addEventListener("pointerdown", (event) => input.down(event));
  canvas.addEventListener("pointermove", (event) => input.move(event));
  canvas.addEventListener("pointerup", (event) => input.up(event));
  canvas.addEventListener("pointercancel", (event) => input.cancel(event));
  canvas.addEventListener("pointerleave", () => input.leave());
  canvas.addEventListener("keydown", (event) => input.key(event));
  canvas.addEventListener("wheel", (event) => input.wheel(event), { passive: false });
  canvas.addEventListener("dblclick", () => input.double());
}
