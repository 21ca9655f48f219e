/** Anchors on an image: which are people, which background, which are ignored, and which few are learned from. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { SvgAttributes } from "../../base/svg.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Section } from "../kit/frame.js"
 * @import { LossesLesson } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { svg } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";
import { anchorGrid, BACKGROUND, IGNORED, labelAnchors, PERSON, sampleAnchors } from "../../maths/anchors.js";
import { boxSimilarity } from "../../maths/iou_losses.js";
import { addField } from "../kit/fields.js";

/**
 * @typedef {{address: string, width: number, height: number, people: Box[]}} Picture lengths in pixels
 * @typedef {ReturnType<typeof labelledAnchors>} Labelled
 */

const STRIDE = 32; // pixels a cell: a detector with a single map
const SIDES = [32, 64, 128, 256, 512];
const SAMPLED = 256;

/**
 * Random numbers from 0 to 1, the same for the same seed (Mulberry32).
 * @param {number} count
 * @param {number} seed
 */
function randomKeys(count, seed) {
  let state = seed >>> 0;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  });
}

/**
 * All anchors of the image and their overlaps with its people: {boxes, overlaps}.
 * @param {Picture} picture
 */
export function anchorsOf({ width, height, people }) {
  const boxes = anchorGrid([Math.ceil(height / STRIDE), Math.ceil(width / STRIDE)], {
    stride: [STRIDE, STRIDE],
    sides: SIDES,
  });
  return { boxes, overlaps: people.map((person) => boxes.map((box) => boxSimilarity(box, person, { kind: "iou" }))) };
}

/**
 * What a training step makes of them: labels, who was rescued, and the places that are learned from.
 * @param {ReturnType<typeof anchorsOf>} anchors
 * @param {{high: number, low: number, draw: number}} state
 */
export function labelledAnchors({ boxes, overlaps }, { high, low, draw }) {
  const found = labelAnchors(overlaps, { anchors: boxes.length, high, low: Math.min(low, high) });
  const sampled = sampleAnchors(found.labels, randomKeys(boxes.length, draw), { size: SAMPLED });
  const count = (/** @type {number} */ label) => found.labels.filter((one) => one === label).length;
  return {
    ...found,
    boxes,
    sampled,
    counts: {
      positive: count(PERSON),
      ignored: count(IGNORED),
      background: count(BACKGROUND),
      rescued: found.rescued.filter(Boolean).length,
      sampledPositive: sampled.filter((place) => found.labels[place] === PERSON).length,
    },
  };
}

/** @param {Stage} stage @param {Box} box @param {SvgAttributes} attributes */
function dot(stage, [x1, y1, x2, y2], attributes) {
  return svg("circle", { cx: stage.px((x1 + x2) / 2), cy: stage.py((y1 + y2) / 2), ...attributes });
}

/** @param {Stage} stage @param {Labelled} labelled @param {Box[]} people */
function parts(stage, { boxes, labels, rescued, sampled }, people) {
  const places = (/** @type {number} */ label) => [...boxes.keys()].filter((place) => labels[place] === label);
  return [
    ...sampled
      .filter((place) => labels[place] === BACKGROUND)
      .map((place) => dot(stage, boxes[place], { r: 2.5, class: "pvl-point", "data-of": "background" })),
    ...places(IGNORED).map((place) => dot(stage, boxes[place], { r: 4, class: "pvg-ring", "data-of": "ignored" })),
    ...people.map((box) => stage.rectangle(box, { class: "pvl-box", "data-of": "b" })),
    ...places(PERSON).map((place) =>
      stage.rectangle(boxes[place], {
        class: rescued[place] ? "pvl-anchor pvl-box-b" : "pvl-anchor",
        "data-of": "positive",
      }),
    ),
  ];
}

/** @param {Labelled} labelled */
const sentence = ({ counts, boxes, sampled }) =>
  `Of ${boxes.length} anchors ${counts.positive} are positive, ${counts.rescued} of them only because some person ` +
  `has no better one; ${counts.ignored} are ignored and ${counts.background} are background. This step learns from ` +
  `${sampled.length}: ${counts.sampledPositive} positive ones and ${sampled.length - counts.sampledPositive} of ` +
  "the background.";

/**
 * @param {LossesLesson} lesson
 * @param {Section} section
 * @param {Picture} picture
 */
export function addAnchors(lesson, { text, figure }, picture) {
  const stage = createStage(lesson, figure, {
    label: "Anchors on an image with three people",
    heightFor: (width) => (width * picture.height) / picture.width,
  });
  stage.view = { x: 0, y: 0, width: picture.width, height: picture.height };
  const legend = make(
    "div",
    { class: "pvl-legend-row" },
    ...[
      ["positive", "positive (dashed: rescued)"],
      ["ignored", "ignored"],
      ["background", "background, sampled"],
      ["b", "people"],
    ].map(([of, label]) =>
      make(
        "span",
        { class: "pvl-legend-entry", "data-of": of },
        make("i", { class: "pvl-swatch", "data-of": of }),
        label,
      ),
    ),
  );
  const outcome = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  figure.append(legend);
  for (const key of /** @type {const} */ (["high", "low", "draw"])) addField(lesson, text, key);
  text.append(outcome);
  lesson.onDraw(
    whenChanged(
      ({ ask }, { anchors }) => [ask, anchors, stage.width],
      ({ ask }, { anchors }) => {
        const photo = svg("image", {
          href: new URL(picture.address, document.baseURI).href,
          width: stage.width,
          height: stage.height,
          class: "pvl-anchor-photo",
          preserveAspectRatio: "none",
        });
        stage.draw([photo, ...parts(stage, anchors, picture.people)]);
        outcome.textContent = sentence(anchors);
        stage.describe(ask ? "Anchors on an image with three people." : sentence(anchors));
      },
    ),
    figure,
  );
}
