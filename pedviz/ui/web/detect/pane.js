/** One pane: the image on a canvas, what is told below it, and its busy and error lines. */

import { make } from "../base/dom.js";
import { drawPeople } from "./draw.js";
import { listen } from "./pointer_input.js";
import { createFacts } from "./result_summary.js";

const TALLEST = "var(--pvc-tallest)"; // a tall photo is shown whole

/** The smallest person under a point: of two that overlap, the one that is harder to hit. */
function personAt(people, [x, y]) {
  const inside = ({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];
  const size = ({ box }) => (box[2] - box[0]) * (box[3] - box[1]);
  return people.filter(inside).reduce((a, b) => (a && size(a) <= size(b) ? a : b), null);
}

/**
 * @param {"a"|"b"} pane
 * @param {Object} hooks
 *   viewport, pen: see viewport.js and pen.js
 *   drawing(): whether the pen is out
 *   badge: {colour, text} of the pane's letter
 *   keys: id of the element that explains the keys
 *   onHover(person|null), onPick(person|null)
 */
export function createPane(pane, { viewport, pen, drawing, badge, keys, onHover, onPick }) {
  const canvas = make("canvas", {
    class: "pvc-canvas",
    role: "img",
    tabindex: "0",
    "aria-label": "No photo yet",
    "aria-describedby": keys,
  });
  const context = canvas.getContext("2d", { alpha: false });
  const busy = make("p", { class: "pvc-busy", hidden: true });
  const error = make("p", { class: "pvc-error", role: "alert", hidden: true });
  const facts = createFacts(pane, badge);
  const picture = make("div", { class: "pvc-picture is-empty" }, canvas, busy, error);
  const element = make(
    "figure",
    { class: `pvc-pane pvc-pane-${pane}` },
    picture,
    make("figcaption", {}, facts.element),
  );
  let photo = null;
  let people = [];

  const scale = () => (canvas.clientWidth / (photo?.width ?? 1)) * viewport.zoom || 1;

  function toPhoto(clientX, clientY) {
    const place = canvas.getBoundingClientRect();
    const { left, top } = viewport.box;
    return [left + (clientX - place.left) / scale(), top + (clientY - place.top) / scale()];
  }

  function hover(point) {
    const person = point && personAt(people, point);
    const free = viewport.zoom > 1 ? "grab" : "default";
    canvas.style.cursor = point && drawing() ? pen.cursor(...point, scale()) : person ? "pointer" : free;
    onHover(person);
  }

  listen(canvas, {
    viewport,
    pen,
    drawing,
    scale,
    toPhoto,
    ready: () => photo !== null,
    onHover: hover,
    onPress: (point) => onPick(personAt(people, point)),
  });

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round((canvas.clientWidth * ratio * photo.height) / photo.width);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }

  return {
    element,
    /** What stands below the image, see result_summary.js. */
    tell: facts.show,
    /** Draw everything again; settings are those of drawPeople without unit and box. */
    draw(settings) {
      people = settings.people;
      if (!photo || !canvas.clientWidth) return;
      resize();
      canvas.style.touchAction = drawing() || viewport.zoom > 1 ? "none" : "pan-y";
      const ratio = canvas.width / canvas.clientWidth;
      const { box } = viewport;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.drawImage(
        photo.part(settings.palette.styles[settings.state.style], box, canvas.width, canvas.height),
        0,
        0,
      );
      context.scale(ratio * scale(), ratio * scale());
      context.translate(-box.left, -box.top);
      drawPeople(context, { ...settings, unit: 1 / scale(), box });
      if (drawing()) pen.drawHandles(context, scale());
    },
    setPhoto(next) {
      photo = next;
      picture.classList.toggle("is-empty", !photo);
      if (!photo) {
        [canvas.width, canvas.height] = [0, 0]; // nothing of a forgotten photo stays on the page
        return;
      }
      canvas.style.aspectRatio = `${photo.width} / ${photo.height}`;
      canvas.style.width = `min(100%, calc(${TALLEST} * ${photo.width / photo.height}))`;
    },
    setBusy(text) {
      busy.hidden = !text;
      busy.textContent = text ?? "";
      element.setAttribute("aria-busy", String(Boolean(text)));
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
