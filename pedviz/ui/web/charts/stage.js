/**
 * The drawing area of an image: one SVG that is an image to screen readers, and over it one that holds the
 * handles. One unit of both is one CSS pixel, so text and lines keep their size on a phone and a projector;
 * images are drawn in their own units through `px` and `py`.
 */

import { make } from "../base/dom.js";
import { patchChildren } from "../base/patch.js";
import { svg } from "../base/svg.js";

/** From units to pixels of a stage, and back. */
const mapping = (stage) => ({
  px: (x) => ((x - stage.view.x) / stage.view.width) * stage.width,
  py: (y) => ((y - stage.view.y) / stage.view.height) * stage.height,
  /** Pixels for a length in units, across. */
  length: (units) => (units / stage.view.width) * stage.width,
  /** A rectangle from its edges [x1, y1, x2, y2] in units. */
  rectangle([x1, y1, x2, y2], attributes) {
    const [left, top] = [stage.px(x1), stage.py(y1)];
    return svg("rect", { x: left, y: top, width: stage.px(x2) - left, height: stage.py(y2) - top, ...attributes });
  },
  /** Where a pointer is, in units. */
  unitsAt(event) {
    const bounds = stage.handles.getBoundingClientRect();
    return {
      x: stage.view.x + ((event.clientX - bounds.left) / bounds.width) * stage.view.width,
      y: stage.view.y + ((event.clientY - bounds.top) / bounds.height) * stage.view.height,
    };
  },
});

/**
 * @param {{requestDraw: () => void}} lesson from createLesson, or whoever else draws on it
 * @param {HTMLElement} host what it is put into
 * @param {Object} options
 * @param {string} options.label what the image shows, in a few words
 * @param {(width: number) => number} options.heightFor height in pixels for a width in pixels
 * @returns {any}
 */
export function createStage(lesson, host, { label, heightFor }) {
  const picture = svg("svg", { class: "pvl-picture", role: "img", "aria-label": label });
  const handles = svg("svg", { class: "pvl-handles", role: "group", "aria-label": `${label}: handles` });
  const frame = make("div", { class: "pvl-stage" }, picture, handles);
  host.append(frame);
  /** @type {any} */
  const stage = {
    frame,
    picture,
    handles,
    width: 0,
    height: 0,
    /** The window of units that is seen: left, top, width, height. */
    view: { x: 0, y: 0, width: 1, height: 1 },
    /** Replace the image; null children are left out. */
    draw(children) {
      patchChildren(
        picture,
        children.filter((child) => child !== null),
      );
    },
    /** What a screen reader says instead of the image. */
    describe(text) {
      if (picture.getAttribute("aria-label") !== text) picture.setAttribute("aria-label", text);
    },
    /** Take the height anew, for an image of another shape. */
    refit() {
      layOut(stage.width);
    },
  };
  Object.assign(stage, mapping(stage));

  function resize() {
    const width = Math.round(frame.clientWidth);
    if (width === 0 || width === stage.width) return;
    layOut(width);
    lesson.requestDraw();
  }
  function layOut(width) {
    stage.width = width;
    stage.height = Math.round(heightFor(width));
    frame.style.aspectRatio = `${stage.width} / ${stage.height}`;
    for (const layer of [picture, handles]) layer.setAttribute("viewBox", `0 0 ${stage.width} ${stage.height}`);
  }
  new ResizeObserver(resize).observe(frame);
  resize();
  return stage;
}
