/** A crowd in the IoU lesson: the greedy matching of COCO beside the best assignment. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Section } from "../kit/frame.js"
 * @import { IouLesson, State } from "./derive.js"
 */

import { make, say } from "../../base/dom.js";
import { remembering, whenChanged } from "../../base/memo.js";
import { fixed } from "../../base/numbers.js";
import { line, words } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";
import { bestAssignment } from "../../maths/assignment.js";
import { boxSimilarity } from "../../maths/iou_losses.js";
import { judge } from "../../maths/outcomes.js";
import { addWholeHandle } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { framedTable } from "../kit/framed_table.js";

/**
 * @typedef {{people: Box[], scores: number[], width: number}} CrowdData as pedviz/lessons/iou_crowd.py gives them
 * @typedef {ReturnType<ReturnType<typeof rememberCrowd>>} Crowd
 * @typedef {Crowd["best"]} Pairs
 * @typedef {{key: "greedy"|"best", label: string, mark: string, of: string}} Rule
 */

/** @type {("k1"|"k2"|"k3"|"k4")[]} */
const KEYS = ["k1", "k2", "k3", "k4"];
const LETTERS = ["P", "Q", "R", "S"];
const HEIGHT_SHARE = 0.66; // of the figure's width
/** @type {Rule[]} */
const RULES = [
  { key: "greedy", label: "greedy, as COCO", mark: "●", of: "enclosing" },
  { key: "best", label: "best assignment", mark: "◆", of: "inter" },
];

/**
 * A function that remembers its last result while boxes and threshold stay the same: `ious`, a row a detection; for
 * each rule `columns`, the person of each detection or -1, the number of `pairs`, and the `total` of their IoUs.
 * @param {CrowdData} data
 */
export const rememberCrowd = ({ people, scores }) =>
  remembering([...KEYS, "floor"], (/** @type {State} */ state) => {
    const ious = KEYS.map((key) => people.map((person) => boxSimilarity(state[key], person, { kind: "iou" })));
    const gains = ious.map((row) => row.map((iou) => (iou >= state.floor ? iou : 0)));
    const of = (/** @type {number[]} */ columns) => ({
      columns,
      pairs: columns.filter((column) => column >= 0).length,
      total: columns.reduce((sum, column, row) => sum + (ious[row][column] ?? 0), 0),
    });
    return {
      ious,
      greedy: of(judge([{ scores, ious, people: people.length }], { threshold: state.floor }).matches),
      best: of(bestAssignment(gains)),
    };
  });

/** @type {(stage: Stage, box: Box, down: number) => [number, number]} `down`, a share of its height */
const middle = (stage, [x1, y1, x2, y2], down) => [stage.px((x1 + x2) / 2), stage.py(y1 + (y2 - y1) * down)];

/**
 * A line from each detection to its person; those of the two rules lie one above the other.
 * @param {Stage} stage
 * @param {State} state
 * @param {Box[]} people
 * @param {Pairs} pairs
 * @param {string} of
 * @param {number} down
 */
function ties(stage, state, people, { columns }, of, down) {
  return columns.flatMap((column, row) => {
    if (column < 0) return [];
    const [from, to] = [middle(stage, state[KEYS[row]], down), middle(stage, people[column], down)];
    return [line(...from, ...to, { class: "pvl-tie", "data-of": of })];
  });
}

/** @param {IouLesson} lesson @param {HTMLElement} host @param {CrowdData} data */
function addPicture(lesson, host, { people, scores, width }) {
  const stage = createStage(lesson, host, {
    label: "People and detections",
    heightFor: (pixels) => pixels * HEIGHT_SHARE,
  });
  stage.view = { x: 0, y: 0, width, height: width * HEIGHT_SHARE };
  /** @type {(x: number, y: number, text: string, of: string, anchor: string) => SVGElement} */
  const name = (x, y, text, of, anchor) =>
    words(x, y, text, { class: "pvl-name pvl-halo", "data-of": of, "text-anchor": anchor });
  lesson.onDraw((state, { crowd }) => {
    stage.draw([
      ...people.flatMap((box, place) => [
        stage.rectangle(box, { class: "pvl-box", "data-of": "b" }),
        name(stage.px(box[0]) + 6, stage.py(box[3]) - 8, LETTERS[place], "b", "start"),
      ]),
      ...KEYS.flatMap((key, place) => [
        stage.rectangle(state[key], { class: "pvl-box pvl-box-b", "data-of": "a" }),
        words(stage.px(state[key][2]) - 5, stage.py(state[key][1]) + 18, `${place + 1}: ${fixed(scores[place], 2)}`, {
          class: "pvl-halo",
          "data-of": "a",
          "text-anchor": "end",
        }),
      ]),
      ...ties(stage, state, people, crowd.greedy, "enclosing", 0.45),
      ...ties(stage, state, people, crowd.best, "inter", 0.6),
    ]);
    stage.describe(`Four people and four detections. ${RULES.map((rule) => sentence(rule, crowd)).join(" ")}`);
  }, host);
  KEYS.forEach((key, place) => {
    addWholeHandle(lesson, stage, { key, label: `Detection ${place + 1} of the crowd`, of: "a", step: () => 1 });
  });
}

/**
 * "Best assignment: 4 pairs (1 with P, …), their IoUs add up to 2.912."
 * @param {Rule} rule
 * @param {Crowd} crowd
 */
function sentence({ key, label }, crowd) {
  const { columns, pairs, total } = crowd[key];
  const each = columns.flatMap((column, row) => (column < 0 ? [] : [`${row + 1} with ${LETTERS[column]}`]));
  const title = label[0].toUpperCase() + label.slice(1);
  return `${title}: ${pairs} ${pairs === 1 ? "pair" : "pairs"} (${each.join(", ")}), IoU together ${fixed(total, 3)}.`;
}

/** @param {IouLesson} lesson @param {HTMLElement} host */
function addMatrix(lesson, host) {
  const body = make("tbody");
  host.append(
    framedTable({
      label: "IoU of every detection with every person, and the pairs of both rules",
      heads: ["detection", ...LETTERS],
      rows: body,
    }),
  );
  lesson.onDraw(
    whenChanged(
      (_, { crowd }) => [crowd],
      (_, { crowd }) => {
        /** @type {(iou: number, row: number, column: number) => HTMLElement} */
        const cell = (iou, row, column) => {
          const marks = RULES.filter(({ key }) => crowd[key].columns[row] === column);
          const signs = marks.map(({ mark, label, of }) => make("span", { "data-of": of, title: label }, ` ${mark}`));
          return make("td", { class: marks.length ? "pvl-chosen" : null }, fixed(iou, 3), ...signs);
        };
        /** @type {(row: number[], place: number) => HTMLElement} */
        const line = (row, place) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, String(place + 1)),
            ...row.map((iou, column) => cell(iou, place, column)),
          );
        body.replaceChildren(...crowd.ious.map(line));
      },
    ),
    host,
  );
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 * @param {CrowdData} data
 */
export function addCrowd(lesson, { text, figure }, data) {
  lesson.addPresets(text, "crowd");
  addField(lesson, text, "floor");
  const told = RULES.map(({ mark, of }) => ({ sign: make("span", { "data-of": of }, `${mark} `), says: make("span") }));
  text.append(make("div", { role: "status" }, ...told.map(({ sign, says }) => make("p", {}, sign, says))));
  addPicture(lesson, figure, data);
  addMatrix(lesson, figure);
  const boxes = make("details", {}, make("summary", {}, "Corners of the detections"));
  figure.append(boxes);
  for (const key of KEYS) addField(lesson, boxes, key, { of: "a" });
  lesson.onDraw((_, { crowd }) => {
    RULES.forEach((rule, place) => {
      say(told[place].says, sentence(rule, crowd));
    });
  }, text);
}
