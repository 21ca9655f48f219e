/** The scene: people, detections to drag, who takes whom at a threshold, and the mean over thresholds. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Data, Lesson, State, Values } from "./values.js"
 * @typedef {Values["scene"]} Scene
 */

import { make } from "../../base/dom.js";
import { whenChanged } from "../../base/memo.js";
import { fixed, format } from "../../base/numbers.js";
import { patchChildren } from "../../base/patch.js";
import { words } from "../../base/svg.js";
import { addHandle } from "../../charts/handles.js";
import { addPlot } from "../../charts/plot.js";
import { createStage } from "../../charts/stage.js";
import { addWholeHandle } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { framedTable } from "../kit/framed_table.js";
import { DETECTION_KEYS } from "./values.js";

const HEIGHT_SHARE = 0.64; // of the figure's width
const DIGITS = 3;
const LETTERS = ["P", "Q", "R"];

/** The person that each detection takes, by its place. @type {(scene: Scene) => Record<number, number>} */
const fates = ({ order, takes }) => Object.fromEntries(order.map((place, rank) => [place, takes[rank]]));

/** @type {(stage: Stage, box: Box, place: number) => SVGElement[]} */
function personParts(stage, box, place) {
  return [
    stage.rectangle(box, { class: "pvl-box", "data-of": "person" }),
    words(stage.px(box[0]) + 6, stage.py(box[3]) - 7, LETTERS[place], {
      class: "pvl-name pvl-halo",
      "data-of": "person",
    }),
  ];
}

/**
 * What a detection is drawn as; while its outcome is asked for, its colour says nothing.
 * @type {(person: number, state: State) => string}
 */
const fateOf = (person, { ask }) => (ask ? "any" : person >= 0 ? "hit" : "miss");

/** @type {(stage: Stage, state: State, place: number, person: number) => SVGElement[]} */
function detectionParts(stage, state, place, person) {
  const box = state[DETECTION_KEYS[place]];
  const of = fateOf(person, state);
  const label = `${place + 1}: ${fixed(state.s[place], 2)} ${person >= 0 ? `✓ ${LETTERS[person]}` : "✗"}`;
  return [
    stage.rectangle(box, { class: "pvl-box pvl-box-b", "data-of": of }),
    words(stage.px(box[2]) - 5, stage.py(box[1]) + 16, label, {
      class: "pvl-halo",
      "data-of": of,
      "data-answer": "any",
      "text-anchor": "end",
    }),
  ];
}

/** @type {(state: State, scene: Scene) => string} */
function sentence({ t, s, ask }, { order, ious, takes, ap, mean }) {
  const each = order.map((place, rank) => {
    const best = Math.max(...ious[rank]);
    const fate =
      takes[rank] >= 0
        ? `is matched with ${LETTERS[takes[rank]]}, IoU ${format(ious[rank][takes[rank]], DIGITS)}`
        : `is a false positive, best IoU ${format(best, DIGITS)}`;
    return `detection ${place + 1}, score ${format(s[place], 2)}, ${fate}`;
  });
  const what = `Three people and five detections; a true positive needs IoU ≥ ${format(t, 2)}.`;
  return ask
    ? what
    : `${what} ${each.join("; ")}. Average precision ${format(ap, DIGITS)}; mean over thresholds ` +
        `${format(mean, DIGITS)}.`;
}

/** @type {(lesson: Lesson, host: HTMLElement, people: Box[], room: number) => void} */
function addPicture(lesson, host, people, room) {
  const stage = createStage(lesson, host, {
    label: "People and detections",
    heightFor: (width) => width * HEIGHT_SHARE,
  });
  stage.view = { x: 0, y: 0, width: room, height: room * HEIGHT_SHARE };
  lesson.onDraw(
    whenChanged(
      ({ ask }, { scene }) => [ask, scene, stage.width],
      (state, { scene }) => {
        const taken = fates(scene);
        stage.draw([
          ...people.flatMap((box, place) => personParts(stage, box, place)),
          ...DETECTION_KEYS.flatMap((_, place) => detectionParts(stage, state, place, taken[place])),
        ]);
        stage.describe(sentence(state, scene));
      },
    ),
    host,
  );
  DETECTION_KEYS.forEach((key, place) => {
    addWholeHandle(lesson, stage, { key, label: `Detection ${place + 1}`, of: "any", step: () => 1 });
  });
  DETECTION_KEYS.forEach((key, place) => {
    // after every box, so that none lies over a corner
    addHandle(lesson, stage, {
      label: `Detection ${place + 1}, lower right corner`,
      of: "any",
      step: () => 1,
      cursor: "nwse-resize",
      place: (state) => ({ x: state[key][2], y: state[key][3] }),
      move: ({ x, y }, state) =>
        lesson.fit({ [key]: [state[key][0], state[key][1], Math.max(x, state[key][0]), Math.max(y, state[key][1])] }),
    });
  });
}

/** @type {(lesson: Lesson, host: HTMLElement) => void} */
function addMatches(lesson, host) {
  const body = make("tbody");
  host.append(
    framedTable({
      label: "Who is matched with whom",
      caption: make(
        "caption",
        { class: "pv-hidden" },
        "Detections in order of score, and the person matched with each",
      ),
      heads: ["Detection", "Score", ...LETTERS.map((letter) => `IoU with ${letter}`), "Outcome"],
      rows: body,
    }),
  );
  lesson.onDraw(
    whenChanged(
      ({ ask }, { scene }) => [ask, scene],
      (state, { scene: { order, ious, takes } }) => {
        const { s, t, ask } = state;
        patchChildren(
          body,
          order.map((place, rank) => {
            const person = takes[rank];
            const free = (/** @type {number} */ other) => !takes.slice(0, rank).includes(other);
            const fits = ious[rank].some((iou, other) => iou >= t && !free(other));
            const outcome =
              person >= 0
                ? `true positive: matched with ${LETTERS[person]}`
                : fits
                  ? "false positive: that person is matched already"
                  : "false positive: no IoU reaches the threshold";
            return make(
              "tr",
              {},
              make("th", { scope: "row" }, String(place + 1)),
              make("td", {}, fixed(s[place], 2)),
              ...ious[rank].map((iou, other) =>
                make("td", { class: other === person && !ask ? "pvl-chosen" : null }, fixed(iou, DIGITS)),
              ),
              make("td", { "data-of": fateOf(person, state), "data-answer": "any" }, outcome),
            );
          }),
        );
      },
    ),
    host,
  );
}

/** @type {(lesson: Lesson, host: HTMLElement) => void} */
function addThresholds(lesson, host) {
  addPlot(lesson, host, {
    label: "Average precision at every threshold",
    shape: 0.45,
    parts: (_, { scene }) => [scene],
    data: ({ t, ask }, { scene: { perThreshold, mean, ap } }) => ({
      x: { label: "IoU threshold", low: 0, high: 1 },
      y: { label: "AP", low: 0, high: 1 },
      series: [
        {
          of: "area",
          label: "AP at this threshold",
          strong: true,
          points: perThreshold.map((one) => [one.threshold, one.ap]),
        },
        {
          of: "mean",
          label: "mean",
          dash: "8 5",
          points: [perThreshold[0], perThreshold[perThreshold.length - 1]].map(({ threshold }) => [threshold, mean]),
        },
      ],
      marks: perThreshold.map((one) => ({
        x: one.threshold,
        y: one.ap,
        of: "area",
        title: `IoU ${fixed(one.threshold, 2)}: AP ${fixed(one.ap, DIGITS)}`,
      })),
      guides: [{ x: t, label: `.${fixed(t, 2).slice(2)}` }],
      alt: ask
        ? "Average precision over the threshold."
        : `${perThreshold.map((one) => `${fixed(one.threshold, 2)}: ${fixed(one.ap, DIGITS)}`).join(", ")}. Mean ` +
          `${format(mean)}. At ${fixed(t, 2)}: ${format(ap)}.`,
    }),
  });
}

/**
 * @param {Lesson} lesson
 * @param {{text: HTMLElement, figure: HTMLElement}} section
 * @param {Data} data
 */
export function addScene(lesson, { text, figure }, { people, room }) {
  const outcome = make("p", { class: "pvl-outcome", role: "status" });
  addPicture(lesson, figure, people, room);
  addMatches(lesson, figure);
  addField(lesson, text, "t", { of: "area" });
  addField(lesson, text, "span", { things: { coco: "mean", report: "mean" } });
  text.append(outcome);
  addThresholds(lesson, text);
  addField(lesson, text, "s");
  const boxes = make("details", {}, make("summary", {}, "Corners of the detections"));
  figure.append(boxes);
  for (const key of DETECTION_KEYS) addField(lesson, boxes, key);
  /** @type {(label: string, key: string, value: number) => (string|Element)[]} */
  const part = (label, key, value) => [label, make("strong", { "data-answer": key }, fixed(value, DIGITS))];
  lesson.onDraw(({ t }, { scene: { ap, mean } }) => {
    outcome.replaceChildren(
      ...part(`AP at ${fixed(t, 2)}: `, "scene", ap),
      ...part("; mean over the thresholds: ", "mean", mean),
      ".",
    );
  }, figure);
}
