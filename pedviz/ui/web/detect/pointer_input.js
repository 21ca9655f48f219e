/** The visitor's hands on one canvas: pointers, wheel and keys become zoom, pan, hover, press and pen strokes. */

const WHEEL = 0.0015;
const PINCH_WHEEL = 4; // a touchpad's pinch arrives as a wheel with Ctrl, in smaller steps
const TAP = 4; // a pointer that moves less than this, in screen pixels, has pressed, not dragged

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Object} options
 *   viewport: see viewport.js
 *   pen: see pen.js
 *   drawing(): whether the pen is out
 *   ready(): whether there is a photo
 *   scale(): screen pixels for one photo pixel
 *   toPhoto(clientX, clientY): photo point below a screen point
 *   onHover(point|null), onPress(point): with a photo point [x, y]
 */
export function listen(canvas, { viewport, pen, drawing, ready, scale, toPhoto, onHover, onPress }) {
  const pointers = new Map();

  function pinch() {
    const [first, second] = [...pointers.values()];
    const spread = Math.max(Math.hypot(first.x - second.x, first.y - second.y), 1);
    return { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2, spread };
  }

  function onDown(event) {
    if (!ready()) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
    if (pointers.size === 2) {
      pen.cancel();
      for (const held of pointers.values()) held.moved = Infinity; // two fingers never press
    } else if (drawing() && event.button === 0) pen.start(...toPhoto(event.clientX, event.clientY), scale());
  }

  /** Two fingers: the photo below them stays below them. Zoom first, for a photo shown whole cannot be moved. */
  function pinched(move) {
    const before = pinch();
    move();
    const now = pinch();
    viewport.zoomAt(now.spread / before.spread, ...toPhoto(before.x, before.y));
    viewport.pan((before.x - now.x) / scale(), (before.y - now.y) / scale());
  }

  function onMove(event) {
    if (!ready()) return;
    const point = toPhoto(event.clientX, event.clientY);
    const held = pointers.get(event.pointerId);
    if (!held) {
      onHover(point);
      return;
    }
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    const move = () =>
      Object.assign(held, { x: event.clientX, y: event.clientY, moved: held.moved + Math.hypot(dx, dy) });
    if (pointers.size === 2) pinched(move);
    else {
      move();
      if (pen.active) pen.move(...point);
      else viewport.pan(-dx / scale(), -dy / scale());
    }
  }

  function onUp(event) {
    const held = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (!held) return;
    if (pen.active) pen.end();
    else if (held.moved < TAP) onPress(toPhoto(event.clientX, event.clientY));
  }

  function onCancel(event) {
    pointers.delete(event.pointerId);
    pen.cancel();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((drawing() && pen.key(event)) || viewport.key(event.key)) event.preventDefault();
  }

  function onWheel(event) {
    // A wheel over an unzoomed image scrolls the page, as people expect, unless Ctrl asks for zoom.
    if (!ready() || (!event.ctrlKey && viewport.zoom === 1)) return;
    event.preventDefault();
    const speed = WHEEL * (event.ctrlKey ? PINCH_WHEEL : 1);
    viewport.zoomAt(Math.exp(-event.deltaY * speed), ...toPhoto(event.clientX, event.clientY));
  }

  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", onCancel);
  canvas.addEventListener("pointerleave", () => {
    if (!pointers.size) onHover(null);
  });
  canvas.addEventListener("keydown", onKey);
  canvas.addEventListener("wheel", onWheel, { passive: false });
  canvas.addEventListener("dblclick", () => {
    if (!drawing()) viewport.reset();
  });
}
