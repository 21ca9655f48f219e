/** Photo mode of the IoU lesson: the student's box for a person, beside the ground truth. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Section } from "../kit/frame.js"
 * @import { IouLesson, State, Values } from "./derive.js"
 */

import { make, say } from "../../base/dom.js";
import { remembering } from "../../base/memo.js";
import { fixed, format } from "../../base/numbers.js";
import { svg, words } from "../../base/svg.js";
import { onceNear } from "../../base/when_visible.js";
import { createStage } from "../../charts/stage.js";
import { boxSimilarity } from "../../maths/iou_losses.js";
import { addCornerHandles, addWholeHandle, EDGES } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { framedTable } from "../kit/framed_table.js";

/**
 * As pedviz/lessons/iou_photo.py lists them; lengths in pixels.
 * @typedef {Record<"id"|"label"|"note"|"alt"|"credit"|"address", string>
 *   & {start: Box, width: number, height: number, people: Box[]}} Photo
 */

const SMALLEST = 4; // pixels of the photo: less is a press, not a box
const ASKS = "Draw a box around one person, or drag the box that is there; then compare.";

/** @type {(photos: Photo[], state: State) => Photo} */
const photoOf = (photos, { photo }) => photos.find(({ id }) => id === photo) ?? photos[0];

/**
 * A function that remembers its last result while photo and box stay the same.
 * @param {Photo[]} photos
 */
export const rememberDrawn = (photos) =>
  remembering(["photo", "mine"], (/** @type {State} */ state) => {
    const { people } = photoOf(photos, state);
    const ious = people.map((person) => boxSimilarity(state.mine, person, { kind: "iou" }));
    const iou = Math.max(...ious);
    return { iou, person: people[ious.indexOf(iou)] };
  });

/**
 * Draw a new box where there is none: from where the pointer goes down to where it goes up.
 * @param {IouLesson} lesson
 * @param {Stage} stage
 */
function addPen(lesson, stage) {
  const sheet = svg("rect", { class: "pvl-brush-area", width: "100%", height: "100%" });
  stage.handles.append(sheet);
  let strokes = 0;
  /** @type {{x: number, y: number}|null} */
  let from = null;
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = stage.unitsAt(event);
    strokes += 1;
    sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!from) return;
    const to = stage.unitsAt(event);
    const { mine } = lesson.fit({
      mine: [Math.min(from.x, to.x), Math.min(from.y, to.y), Math.max(from.x, to.x), Math.max(from.y, to.y)],
    });
    if (mine[2] - mine[0] >= SMALLEST && mine[3] - mine[1] >= SMALLEST)
      lesson.set({ mine, truth: false }, `pen ${strokes}`);
  });
  for (const end of ["pointerup", "pointercancel"])
    sheet.addEventListener(end, () => {
      from = null;
      lesson.seal();
    });
}

/** @type {(stage: Stage, box: Box, of: string, text: string, more?: string) => SVGElement[]} */
const named = (stage, box, of, text, more = "") => [
  stage.rectangle(box, { class: `pvl-box ${more}`, "data-of": of }),
  words(stage.px(box[0]) + 6, stage.py(box[1]) + 18, text, { class: "pvl-halo", "data-of": of }),
];

/** @param {State} state @param {Values["drawn"]} drawn @param {Photo} photo */
function describe({ mine, truth }, { iou }, { alt }) {
  const box = `Your box runs from ${mine.slice(0, 2).join(", ")} to ${mine.slice(2).join(", ")}.`;
  return `${alt} ${box}${truth ? ` Its IoU with the ground truth is ${format(iou, 3)}.` : ""}`;
}

/** @param {IouLesson} lesson @param {HTMLElement} host @param {Photo[]} photos */
function addPicture(lesson, host, photos) {
  const shape = () => photoOf(photos, lesson.state());
  const stage = createStage(lesson, host, {
    label: "Photo with your box",
    heightFor: (width) => (width * shape().height) / shape().width,
  });
  const image = svg("image", { width: "100%", height: "100%", preserveAspectRatio: "none" });
  const above = svg("g", {});
  stage.draw([image, above]);
  /** @type {Photo|null} */
  let shown = null; // the photo, once somebody is near it
  let near = false;
  onceNear(stage.frame, () => {
    near = true;
    lesson.requestDraw();
  });
  lesson.onDraw((state, { drawn }) => {
    const photo = shape();
    if (stage.view.width !== photo.width) {
      stage.view = { x: 0, y: 0, width: photo.width, height: photo.height };
      if (stage.width) stage.refit();
    }
    if (near && shown !== photo) image.setAttribute("href", new URL(photo.address, document.baseURI).href);
    if (near) shown = photo;
    const truth = state.truth ? named(stage, drawn.person, "b", "ground truth", "pvl-box-b") : [];
    above.replaceChildren(...truth, ...named(stage, state.mine, "a", "yours"));
    stage.describe(describe(state, drawn, photo));
  }, stage.frame);
  addPen(lesson, stage);
  const step = () => 2;
  addWholeHandle(lesson, stage, { key: "mine", label: "Your box", of: "a", step });
  addCornerHandles(lesson, stage, { key: "mine", label: "Your box", of: "a", step });
}

/**
 * Another photo begins with a box of its own and without the ground truth.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 * @param {Photo[]} photos
 */
function addChoice(lesson, host, photos) {
  const button = (/** @type {Photo} */ { id, label, start }) =>
    make(
      "button",
      {
        type: "button",
        class: "pvl-preset",
        onclick: () => lesson.set({ photo: id, mine: start, truth: false }),
      },
      label,
    );
  const buttons = photos.map(button);
  const note = make("p", {});
  host.append(make("div", { class: "pvl-chips", role: "group", "aria-label": "Photo" }, ...buttons), note);
  lesson.onDraw((state) => {
    photos.forEach(({ id }, place) => {
      buttons[place].setAttribute("aria-pressed", String(id === state.photo));
    });
    say(note, photoOf(photos, state).note);
  }, host);
}

/**
 * Edge by edge: yours, the ground truth's, and how far off.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 */
function addEdges(lesson, host) {
  const body = make("tbody");
  const frame = /** @type {HTMLElement} */ (
    framedTable({
      label: "Edges of your box and of the ground truth",
      heads: ["edge", "yours", "ground truth", "off by"],
      rows: body,
    })
  );
  host.append(frame);
  lesson.onDraw(({ mine, truth }, { drawn }) => {
    frame.hidden = !truth;
    if (!truth) return;
    /** @type {(edge: string, place: number) => HTMLElement} */
    const row = (edge, place) => {
      const [own, real] = [mine[place], drawn.person[place]];
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, edge),
        ...[own, real, own - real].map((value) => make("td", {}, format(value, 0))),
      );
    };
    body.replaceChildren(...EDGES.map(row));
  }, host);
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 * @param {Photo[]} photos
 */
export function addPhoto(lesson, { text, figure }, photos) {
  addChoice(lesson, text, photos);
  const told = make("p", { class: "pvl-outcome", role: "status" });
  const credit = make("p", { class: "pv-muted" });
  const compare = make(
    "button",
    {
      type: "button",
      class: "pv-button pv-primary",
      onclick: () => lesson.set({ truth: !lesson.state().truth }),
    },
    "Compare",
  );
  text.append(make("div", { class: "pvl-buttons" }, compare), told);
  addEdges(lesson, text);
  addField(lesson, text, "mine", { of: "a" });
  addPicture(lesson, figure, photos);
  figure.append(credit);
  lesson.onDraw((state, { drawn }) => {
    say(compare, state.truth ? "Hide the ground truth" : "Compare with the ground truth");
    say(told, state.truth ? `IoU with the ground truth: ${fixed(drawn.iou, 3)}.` : ASKS);
    say(credit, photoOf(photos, state).credit);
  }, text);
}
