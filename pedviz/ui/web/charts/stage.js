/**
 * The drawing area of an image: one SVG that is an image to screen readers, and over it one that holds the
 * handles. One unit of both is one CSS pixel, so text and lines keep their size on a phone and a projector;
 * images are drawn in their own units through `px` and `py`.
 */

import { make } from "../base/dom.js";
import { patchChildren } from "../base/patch.js";
import { svg } from "../base/svg.js";

/**
 * @import { SvgAttributes } from "../base/svg.js"
 * @typedef {ReturnType<typeof createStage>} Stage
 * @typedef {{x: number, y: number, width: number, height: number}} View the window of units that is seen
 * @typedef {{x: number, y: number}} Place in units
 */

/**
 * From units to pixels of a stage, and back.
 * @param {{view: View, width: number, height: number, handles: SVGSVGElement}} area
 */
function mapping(area) {
  const px = (/** @type {number} */ x) => ((x - area.view.x) / area.view.width) * area.width;
  const py = (/** @type {number} */ y) => ((y - area.view.y) / area.view.height) * area.height;
  return {
    px,
    py,
    /** Pixels for a length in units, across. */
    length: (/** @type {number} */ units) => (units / area.view.width) * area.width,
    /** @type {(edges: ArrayLike<number>, attributes?: SvgAttributes) => SVGRectElement} x1, y1, x2, y2 in units */
    rectangle({ 0: x1, 1: y1, 2: x2, 3: y2 }, attributes) {
      const [left, top] = [px(x1), py(y1)];
      return svg("rect", { x: left, y: top, width: px(x2) - left, height: py(y2) - top, ...attributes });
    },
    /** @type {(event: MouseEvent) => Place} where a pointer is */
    unitsAt({ clientX, clientY }) {
      const { view } = area;
      const bounds = area.handles.getBoundingClientRect();
      return {
        x: view.x + ((clientX - bounds.left) / bounds.width) * view.width,
        y: view.y + ((clientY - bounds.top) / bounds.height) * view.height,
      };
    },
  };
}

/**
 * @param {{requestDraw: () => void}} lesson from createLesson, or whoever else draws on it
 * @param {HTMLElement} host what it is put into
 * @param {Object} options
 * @param {string} options.label what the image shows, in a few words
 * @param {(width: number) => number} options.heightFor height in pixels for a width in pixels
 */
export function createStage(lesson, host, { label, heightFor }) {
  const picture = svg("svg", { class: "pvl-picture", role: "img", "aria-label": label });
  const handles = svg("svg", { class: "pvl-handles", role: "group", "aria-label": `${label}: handles` });
  const frame = make("div", { class: "pvl-stage" }, picture, handles);
  host.append(frame);
  const area = {
    frame,
    picture,
    handles,
    width: 0,
    height: 0,
    /** @type {View} */
    view: { x: 0, y: 0, width: 1, height: 1 },
    /** @param {(Node|null)[]} children in place of the image; null ones are left out */
    draw(children) {
      patchChildren(
        picture,
        children.filter((child) => child !== null),
      );
    },
    /** @param {string} text what a screen reader says instead of the image */
    describe(text) {
      if (picture.getAttribute("aria-label") !== text) picture.setAttribute("aria-label", text);
    },
    /** Take the height anew, for an image of another shape. */
    refit() {
      layOut(area.width);
    },
  };

  function resize() {
    const width = Math.round(frame.clientWidth);
    if (width === 0 || width === area.width) return;
    layOut(width);
    lesson.requestDraw();
  }
  /** @param {number} width */
  function layOut(width) {
    area.width = width;
    area.height = Math.round(heightFor(width));
    frame.style.aspectRatio = `${area.width} / ${area.height}`;
    for (const layer of [picture, handles]) layer.setAttribute("viewBox", `0 0 ${area.width} ${area.height}`);
  }
  new ResizeObserver(resize).observe(frame);
  resize();
  return Object.assign(area, mapping(area));
}
