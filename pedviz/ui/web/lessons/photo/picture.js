/**
 * The image of the lesson on the whole detector: the photo on a canvas, and over it what a stage makes of it.
 *
 * @import { Stage } from "../../charts/stage.js"
 * @import { Lesson, Point, Ready, State, Values } from "./values.js"
 * @typedef {(state: State, values: Values) => string} Description the image in words
 * @typedef {() => number|null} Pointed the candidate that the mouse or the table points at
 */

import { smallestAt } from "../../base/boxes.js";
import { boxOf } from "../../base/decode.js";
import { make, pencil } from "../../base/dom.js";
import { createStage } from "../../charts/stage.js";
import { paintHeat } from "../kit/heat.js";
import { stageMarks } from "./marks.js";

const TALLEST = 640; // pixels
const USUAL_SHAPE = 0.55; // height over width while there is no photo yet
const OPACITY = 0.55; // of masks
const [FIRST_WITH_CANDIDATES, SUPPRESSION] = [4, 5]; // stages

/**
 * The image's own size and the margins that the first stage shows as padding: [width, height] in its units.
 * @param {State} state
 * @param {Ready} values
 */
function frameOf(state, { trace, size }) {
  return state.step === 1 ? [size.padded[1], size.padded[0]] : [trace.photo.width, trace.photo.height];
}

/**
 * The window of units that shows all of a frame in the middle of the stage.
 * @param {Stage} stage
 * @param {number[]} frame its width and height
 */
function viewOf(stage, [width, height]) {
  const scale = Math.min(stage.width / width, stage.height / height);
  const [across, down] = [stage.width / scale, stage.height / scale];
  return { x: (width - across) / 2, y: (height - down) / 2, width: across, height: down };
}

/** @type {(context: CanvasRenderingContext2D, stage: Stage, values: Ready, opacity: number) => void} */
function paintMap(context, stage, { trace, level, channel }, opacity) {
  const { pixels } = channel;
  if (!pixels) return; // on its way
  const small = new OffscreenCanvas(1, 1);
  paintHeat(small, { pixels, columns: level.columns, rows: level.rows });
  // Cells are as large as their stride says; the last ones reach into the padding, which the clip cuts off.
  const unit = [trace.photo.width / trace.resized[1], trace.photo.height / trace.resized[0]];
  context.save();
  context.beginPath();
  context.rect(stage.px(0), stage.py(0), stage.length(trace.photo.width), stage.length(trace.photo.height));
  context.clip();
  context.imageSmoothingEnabled = false;
  context.globalAlpha = opacity;
  const [width, height] = [level.columns * level.stride * unit[0], level.rows * level.stride * unit[1]];
  context.drawImage(small, stage.px(0), stage.py(0), stage.length(width), stage.length(height));
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stage} stage
 * @param {Ready} values
 * @param {{id: number, colour: number}[]} people
 * @param {{threshold: number, colours: string[]}} how
 */
function paintMasks(context, stage, { trace }, people, { threshold, colours }) {
  context.globalAlpha = OPACITY;
  for (const { id, colour } of people) {
    const layer = trace.layers.layer({ id }, { threshold, colour: colours[colour % colours.length], size: 1 });
    if (layer)
      context.drawImage(
        layer.canvas,
        stage.px(layer.x),
        stage.py(layer.y),
        stage.length(layer.width),
        stage.length(layer.height),
      );
  }
  context.globalAlpha = 1;
}

/**
 * An empty canvas over the stage, one unit a CSS pixel.
 * @param {HTMLCanvasElement} canvas
 * @param {Stage} stage
 */
function cleared(canvas, stage) {
  [canvas.width, canvas.height] = [stage.width * devicePixelRatio, stage.height * devicePixelRatio];
  const context = pencil(canvas);
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

/**
 * Paints the photo anew only where something about it changed: scaling it is what takes time.
 * @param {HTMLCanvasElement} canvas
 * @param {Stage} stage
 * @returns {(state: State, values: Ready) => void}
 */
function photoPainter(canvas, stage) {
  /** @type {unknown[]} */
  let last = [];
  return ({ step }, { trace: { photo, resized } }) => {
    const [width, height] = step === 1 ? [resized[1], resized[0]] : [photo.width, photo.height];
    const wanted = [photo, width, height, stage.width, stage.height, devicePixelRatio];
    if (wanted.every((value, i) => value === last[i])) return;
    last = wanted;
    const context = cleared(canvas, stage);
    context.imageSmoothingQuality = "high";
    context.drawImage(
      photo.picture({ stretched: false }),
      stage.px(0),
      stage.py(0),
      stage.length(width),
      stage.length(height),
    );
  };
}

/**
 * What a stage paints over the photo: a feature map, or masks.
 * @param {HTMLCanvasElement} canvas
 * @param {Stage} stage
 * @param {State} state
 * @param {Ready} values
 * @param {string[]} colours
 */
function paintOver(canvas, stage, state, values, colours) {
  canvas.hidden = ![2, 6, 7].includes(state.step);
  if (canvas.hidden) return;
  const context = cleared(canvas, stage);
  if (state.step === 2) paintMap(context, stage, values, state.see);
  if (state.step === 6 && values.person.map)
    paintMasks(context, stage, values, [{ id: values.person.id, colour: 0 }], { threshold: state.mask, colours });
  if (state.step === 7)
    paintMasks(context, stage, values, values.people.map((id, colour) => ({ id, colour })).reverse(), {
      threshold: state.mask,
      colours,
    });
}

/**
 * The smallest candidate above the score threshold whose box holds a place, or null.
 * @param {Ready} values
 * @param {{x: number, y: number}} place
 */
function candidateAt({ trace, fates }, { x, y }) {
  const ids = [...fates.kept, ...fates.gone.map(({ id }) => id)];
  const boxes = ids.map((id) => boxOf(trace.detections, id));
  return ids[smallestAt(boxes, [x, y])] ?? null;
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {{colours: string[], describe: Description, pointed: Pointed, point: Point}} options
 * @returns the stage; its `frame` takes what is said over the image
 */
export function addPicture(lesson, host, { colours, describe, pointed, point }) {
  let shape = USUAL_SHAPE;
  const stage = createStage(lesson, host, {
    label: "The photo, stage by stage",
    heightFor: (width) => Math.min(width * shape, TALLEST),
  });
  const [below, over] = [0, 1].map(() => make("canvas", { class: "pvl-photo-canvas", "aria-hidden": "true" }));
  const paintPhoto = photoPainter(below, stage);
  stage.frame.prepend(below, over);
  stage.frame.classList.add("pvl-photo-stage");
  lesson.onDraw((state, values) => {
    if (!values.ready) return;
    const frame = frameOf(state, values);
    if (shape !== frame[1] / frame[0]) {
      shape = frame[1] / frame[0];
      stage.refit();
    }
    stage.view = viewOf(stage, frame);
    paintPhoto(state, values);
    paintOver(over, stage, state, values, colours);
    stage.draw(stageMarks(stage, state, values, pointed()));
    stage.describe(describe(state, values));
  });
  listenToPointer(lesson, stage, { pointed, point });
  return stage;
}

/**
 * A click chooses a candidate; where suppression is shown, the mouse alone shows why one went.
 * @param {Lesson} lesson
 * @param {Stage} stage
 * @param {{pointed: Pointed, point: Point}} options
 */
function listenToPointer(lesson, stage, { pointed, point }) {
  const at = (/** @type {MouseEvent} */ event) => {
    const values = lesson.values();
    return values.ready ? candidateAt(values, stage.unitsAt(event)) : null;
  };
  stage.frame.addEventListener("click", (event) => {
    const id = lesson.state().step < FIRST_WITH_CANDIDATES ? null : at(event);
    if (id !== null) lesson.set({ box: id + 1 });
  });
  stage.frame.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || lesson.state().step !== SUPPRESSION) return;
    const id = at(event);
    if (id !== pointed()) point(id);
  });
  stage.frame.addEventListener("pointerleave", () => {
    if (pointed() !== null) point(null);
  });
}
