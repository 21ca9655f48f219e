/** One pane: a canvas with the photo and its people, and the hands of the visitor on it. */

import { make } from "./dom.js";
import { drawPeople } from "./draw.js";
import { dragged, grab, handlesOf, tidyBox } from "./truth.js";

const WHEEL = 0.0015;
const HANDLE = 5; // screen pixels
const REACH = 12;
const TAP = 4; // a pointer that moves less than this has pressed, not dragged
const KEY_STEP = 1;
const TALLEST = "64vh"; // a tall photo is shown whole

/** The smallest person under a point: of two that overlap, the one that is harder to hit. */
function personAt(people, x, y) {
  const inside = ({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  return people.filter(inside).reduce((a, b) => (a && size(a) <= size(b) ? a : b), null);
}

/**
 * @param {string} pane "a" or "b"
 * @param {Object} hooks {viewport, truth, drawing: function(): boolean, onHover(pane, person),
 *   onPick(pane, person), redraw()}
 */
export function createPane(pane, { viewport, truth, drawing, onHover, onPick, redraw }) {
  const canvas = make("canvas", { class: "pvc-canvas", role: "img", tabindex: "0", "aria-label": "No photo yet" });
  const context = canvas.getContext("2d");
  const busy = make("p", { class: "pvc-busy", hidden: true });
  const error = make("p", { class: "pvc-error", role: "alert", hidden: true });
  const element = make("div", { class: "pvc-picture" }, canvas, busy, error);
  let photo = null;
  let people = [];
  let draft = null; // the truth box under the pointer's hand
  const pointers = new Map();
  let pinch = null;

  const scale = () => (canvas.clientWidth / (photo?.width ?? 1)) * viewport.zoom || 1;

  function toPhoto(event) {
    const place = canvas.getBoundingClientRect();
    const { left, top } = viewport.box;
    return [left + (event.clientX - place.left) / scale(), top + (event.clientY - place.top) / scale()];
  }

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round((canvas.clientWidth * ratio * photo.height) / photo.width);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }

  function drawHandles(unit) {
    const box = draft?.box ?? truth.boxes[truth.selected];
    if (!box) return;
    context.fillStyle = "#fff";
    context.strokeStyle = "#000";
    context.lineWidth = unit;
    for (const { x, y } of handlesOf(box)) {
      context.fillRect(x - HANDLE * unit, y - HANDLE * unit, 2 * HANDLE * unit, 2 * HANDLE * unit);
      context.strokeRect(x - HANDLE * unit, y - HANDLE * unit, 2 * HANDLE * unit, 2 * HANDLE * unit);
    }
  }

  /** Draw everything again; settings are those of drawPeople without unit and box. */
  function draw(settings) {
    people = settings.people;
    if (!photo || !canvas.clientWidth) return;
    resize();
    canvas.style.touchAction = drawing() || viewport.zoom > 1 ? "none" : "pan-y";
    const ratio = canvas.width / canvas.clientWidth;
    const unit = 1 / scale();
    const { box } = viewport;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(ratio / unit, ratio / unit);
    context.translate(-box.left, -box.top);
    context.drawImage(settings.state.style === "report_a" ? photo.stretched() : photo.image, 0, 0, photo.width, photo.height);
    const truthBoxes = draft && settings.truth ? withDraft(settings.truth) : settings.truth;
    drawPeople(context, { ...settings, unit, box, truth: truthBoxes });
    if (drawing()) drawHandles(unit);
  }

  function withDraft(boxes) {
    const shown = draft.place < 0 ? Float32Array.from([...boxes, ...draft.box]) : Float32Array.from(boxes);
    shown.set(draft.box, 4 * (draft.place < 0 ? shown.length / 4 - 1 : draft.place));
    return shown;
  }

  function startTruth(event, x, y) {
    const held = grab(truth, x, y, REACH / scale());
    if (held) truth.select(held.place);
    const start = held ? truth.boxes[held.place] : [x, y, x, y];
    draft = { place: held?.place ?? -1, edges: held ? held.edges : [2, 3], start, box: [...start], from: [x, y] };
  }

  function endTruth() {
    const { place, box, start } = draft;
    draft = null;
    if (place < 0) {
      if (!truth.add(box)) truth.select(-1);
    } else if (box.some((value, i) => value !== start[i])) truth.set(place, box);
    redraw();
  }

  function onDown(event) {
    if (!photo) return;
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = toPhoto(event);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
    if (pointers.size === 2) [draft, pinch] = [null, spread()];
    else if (drawing() && event.button === 0) startTruth(event, x, y);
  }

  function spread() {
    const [first, second] = [...pointers.values()];
    return Math.hypot(first.x - second.x, first.y - second.y);
  }

  function onMove(event) {
    if (!photo) return;
    const [x, y] = toPhoto(event);
    const held = pointers.get(event.pointerId);
    if (!held) {
      onHover(pane, personAt(people, x, y));
      return;
    }
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    Object.assign(held, { x: event.clientX, y: event.clientY, moved: held.moved + Math.hypot(dx, dy) });
    if (pointers.size === 2) {
      const now = spread();
      viewport.zoomAt(now / pinch, x, y);
      pinch = now;
    } else if (draft) {
      const [fromX, fromY] = draft.from;
      draft.box = dragged(draft.start, draft.edges, x - fromX, y - fromY);
      const tidy = tidyBox(draft.box, photo.width, photo.height);
      if (tidy && draft.edges === null) draft.box = dragged(draft.start, null, ...inside(x - fromX, y - fromY));
      redraw();
    } else if (viewport.zoom > 1) viewport.pan(-dx / scale(), -dy / scale());
  }

  function inside(dx, dy) {
    const [x1, y1, x2, y2] = draft.start;
    const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
    return [clamp(dx, -x1, photo.width - x2), clamp(dy, -y1, photo.height - y2)];
  }

  function onUp(event) {
    const held = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (!held) return;
    if (draft) endTruth();
    else if (held.moved < TAP) onPick(pane, personAt(people, ...toPhoto(event)));
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const used = (drawing() && truthKey(event)) || viewport.key(event.key);
    if (used) event.preventDefault();
  }

  function truthKey({ key, shiftKey }) {
    const place = truth.selected;
    if (place < 0) return false;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (moves[key]) {
      const [dx, dy] = moves[key].map((way) => way * KEY_STEP);
      if (shiftKey) truth.set(place, dragged(truth.boxes[place], [2, 3], dx, dy));
      else truth.move(place, dx, dy);
    } else if (key === "Delete" || key === "Backspace") truth.remove(place);
    else if (key === "Escape") truth.select(-1);
    else return false;
    return true;
  }

  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", (event) => { pointers.delete(event.pointerId); draft = null; redraw(); });
  canvas.addEventListener("pointerleave", () => { if (!pointers.size) onHover(pane, null); });
  canvas.addEventListener("keydown", onKey);
  canvas.addEventListener("dblclick", () => { if (!drawing()) viewport.reset(); });
  canvas.addEventListener("wheel", (event) => {
    // A wheel over an unzoomed picture scrolls the page, as people expect, unless Ctrl asks for zoom.
    if (!photo || (!event.ctrlKey && viewport.zoom === 1)) return;
    event.preventDefault();
    viewport.zoomAt(Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 4 : 1)), ...toPhoto(event));
  }, { passive: false });

  return {
    element,
    canvas,
    draw,
    setPhoto(next) {
      photo = next;
      if (!photo) return;
      canvas.style.aspectRatio = `${photo.width} / ${photo.height}`;
      canvas.style.width = `min(100%, calc(${TALLEST} * ${photo.width / photo.height}))`;
    },
    setBusy(text) {
      busy.hidden = !text;
      busy.textContent = text ?? "";
      element.classList.toggle("is-busy", Boolean(text));
    },
    setError(text) {
      error.hidden = !text;
      error.textContent = text ?? "";
    },
    describe(text) {
      canvas.setAttribute("aria-label", text);
    },
  };
}
