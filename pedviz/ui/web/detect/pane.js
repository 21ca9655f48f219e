/** One pane: the image on a canvas, what is told below it, and its busy and error lines. */

import { smallestAt } from "../base/boxes.js";
import { make, pencil } from "../base/dom.js";
import { drawPeople } from "./draw.js";
import { listen } from "./pointer_input.js";
import { createFacts } from "./result_summary.js";

/**
 * @import { Photo } from "../base/photo.js"
 * @import { PersonColour } from "../payloads.d.ts"
 * @import { PaneSettings } from "./draw.js"
 * @import { Point, PointerHooks } from "./pointer_input.js"
 * @import { PaneName, Person } from "./scene.js"
 *
 * @typedef {Pick<PointerHooks, "viewport"|"pen"|"drawing">} Hands
 * @typedef {{onHover: (person: Person|null) => void, onPick: (person: Person|null) => void}} PersonHooks
 * @typedef {Hands & PersonHooks & {badge: PersonColour, keys: string}} PaneHooks badge: of the pane's letter; keys: id
 *   of the element that explains the keys
 */

const TALLEST = "var(--pvc-tallest)"; // a tall photo is shown whole

/** @type {(people: Person[], point: Point) => Person|null} the smallest person under a point */
function personAt(people, point) {
  const boxes = people.map(({ box }) => box);
  return people[smallestAt(boxes, point)] ?? null;
}

class Pane {
  /** @type {Photo|null} */
  photo = null;
  /** @type {Person[]} */
  people = [];

  /**
   * @param {PaneName} pane
   * @param {PaneHooks} hooks
   */
  constructor(pane, hooks) {
    const { badge, keys, viewport, pen, drawing, onHover, onPick } = hooks;
    this.canvas = make("canvas", {
      class: "pvc-canvas",
      role: "img",
      tabindex: "0",
      "aria-label": "No photo yet",
      "aria-describedby": keys,
    });
    this.context = pencil(this.canvas, { alpha: false });
    this.busy = make("p", { class: "pvc-busy", hidden: true });
    this.error = make("p", { class: "pvc-error", role: "alert", hidden: true });
    this.picture = make("div", { class: "pvc-picture is-empty" }, this.canvas, this.busy, this.error);
    const facts = createFacts(pane, badge);
    const caption = make("figcaption", {}, facts.element);
    this.element = make("figure", { class: `pvc-pane pvc-pane-${pane}` }, this.picture, caption);
    /** What stands below the image, see result_summary.js. */
    this.tell = facts.show;
    this.viewport = viewport;
    this.pen = pen;
    this.drawing = drawing;
    this.onHover = onHover;
    listen(this.canvas, {
      viewport,
      pen,
      drawing,
      scale: () => this.scale(),
      toPhoto: (x, y) => this.toPhoto(x, y),
      ready: () => this.photo !== null,
      onHover: (point) => this.hover(point),
      onPress: (point) => onPick(personAt(this.people, point)),
    });
  }

  /** Screen pixels of one of the photo. */
  scale() {
    return (this.canvas.clientWidth / (this.photo?.width ?? 1)) * this.viewport.zoom || 1;
  }

  /** @type {PointerHooks["toPhoto"]} */
  toPhoto(clientX, clientY) {
    const place = this.canvas.getBoundingClientRect();
    const { left, top } = this.viewport.box;
    return [left + (clientX - place.left) / this.scale(), top + (clientY - place.top) / this.scale()];
  }

  /** @param {Point|null} point */
  hover(point) {
    const person = point && personAt(this.people, point);
    const free = this.viewport.zoom > 1 ? "grab" : "default";
    const usual = person ? "pointer" : free;
    this.canvas.style.cursor = point && this.drawing() ? this.pen.cursor(...point, this.scale()) : usual;
    this.onHover(person);
  }

  /** @param {Photo} photo */
  resize(photo) {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round((canvas.clientWidth * ratio * photo.height) / photo.width);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  }

  /**
   * Draw everything again.
   * @param {PaneSettings} settings
   */
  draw(settings) {
    const { canvas, context, photo, viewport, pen } = this;
    this.people = settings.people;
    if (!photo || !canvas.clientWidth) return;
    this.resize(photo);
    canvas.style.touchAction = this.drawing() || viewport.zoom > 1 ? "none" : "pan-y";
    const ratio = canvas.width / canvas.clientWidth;
    const { box } = viewport;
    const style = settings.palette.styles[settings.state.style];
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(photo.part(style, box, canvas.width, canvas.height), 0, 0);
    context.scale(ratio * this.scale(), ratio * this.scale());
    context.translate(-box.left, -box.top);
    drawPeople(context, { ...settings, unit: 1 / this.scale(), box });
    if (this.drawing()) pen.drawHandles(context, this.scale());
  }

  /** @param {Photo|null} next */
  setPhoto(next) {
    this.photo = next;
    this.picture.classList.toggle("is-empty", !next);
    if (!next) {
      [this.canvas.width, this.canvas.height] = [0, 0]; // nothing of a forgotten photo stays on the page
      return;
    }
    const { classList } = this.element.closest(".pvc") ?? this.element;
    classList.add("is-new"); // for a frame: what comes is another comparison, not the old one moved
    requestAnimationFrame(() => requestAnimationFrame(() => classList.remove("is-new")));
    this.canvas.style.aspectRatio = `${next.width} / ${next.height}`;
    this.canvas.style.width = `min(100%, calc(${TALLEST} * ${next.width / next.height}))`;
  }

  /** @param {string|null} text */
  setBusy(text) {
    this.busy.hidden = !text;
    this.busy.textContent = text ?? "";
    this.element.setAttribute("aria-busy", String(Boolean(text)));
  }

  /** @param {string|null} text */
  setError(text) {
    this.error.hidden = !text;
    this.error.textContent = text ?? "";
  }

  /** @param {string} text */
  describe(text) {
    this.canvas.setAttribute("aria-label", text);
  }
}

/**
 * @param {PaneName} pane
 * @param {PaneHooks} hooks
 */
export const createPane = (pane, hooks) => new Pane(pane, hooks);
