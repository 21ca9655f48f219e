/** Lesson 3, RoIPool vs. RoIAlign. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Random } from "../kit/random.js"
 * @import { Step } from "../kit/steps.js"
 * @import { RoiLesson, State, Values } from "./values.js"
 */

import { make } from "../../base/dom.js";
import { format } from "../../base/numbers.js";
import { addHandle } from "../../charts/handles.js";
import { movedTo, reversedBox } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { createLesson } from "../kit/kit.js";
import { blank, name, number, row, sub, symbol, text, under } from "../kit/mathml.js";
import { addSteps } from "../kit/steps.js";
import { alignParts, createCells, gradientPicture, mapStage, outputTable, poolParts } from "./cells.js";
import { addDrift } from "./drift.js";
import { QUESTIONS } from "./questions.js";
import { addReal } from "./real.js";
import { deriver } from "./values.js";
import { countOf, edges, inMap, listed, RULES, span } from "./written.js";

const INKS = { box: 1, whole: 4, bin: 2, max: 3, sample: 3, weight: 5, pool: 2, align: 1, cell: 6 };
const KEY_STEP = 0.25; // cells

const check = (/** @type {State} */ { box }) => {
  const problem = reversedBox("the region", box);
  return problem ? { box: problem } : {};
};

/** @param {State} state */
function notice({ box: [x1, y1, x2, y2] }) {
  if (x1 < x2 && y1 < y2) return {};
  return {
    box:
      "No area: torchvision's RoIPool still reads the cells that the line or point falls in, report B's count " +
      "none where its corners coincide; RoIAlign makes it one cell wide unless aligned, and then its samples lie on " +
      "a line or in a point.",
  };
}

/** @param {State} state @param {Values} values */
function describe({ box, ask, rule }, { pooled: { bins, values } }) {
  const what = `A map of 8 by 8 cells and a region from ${edges(box)}.`;
  if (ask) return what;
  return (
    `${what} Bins ${RULES[rule]}: rows ${bins.rows.map(span).join(" and ")}, columns ` +
    `${bins.columns.map(span).join(" and ")}. Maxima ${listed(values)}.`
  );
}

/** @type {Step<State, Values>[]} */
const STEPS = [
  {
    title: "Region.",
    lights: ["box"],
    says: ({ box }) => [
      `In cells of the map it reaches from (${format(box[0], 2)}, ${format(box[1], 2)}) to (${format(box[2], 2)}, ` +
        `${format(box[3], 2)}).`,
    ],
  },
  {
    title: "Quantise.",
    lights: ["whole"],
    says: (_, { pooled: { bins } }) => {
      const [x1, y1, x2, y2] = inMap(bins.region);
      return [
        `Corners are rounded to whole cells: columns ${span([x1, x2])}, rows ${span([y1, y2])}. What was cut off ` +
          "is gone.",
      ];
    },
  },
  {
    title: "Bins.",
    lights: ["bin"],
    says: ({ rule }, { pooled: { bins } }) => [
      `Rows ${bins.rows.map(span).join(" | ")}, columns ${bins.columns.map(span).join(" | ")}. ` +
        (rule === "report"
          ? "Each cut is rounded down, so bins touch and differ in size."
          : "Each bin is rounded outwards, so bins may overlap."),
    ],
  },
  {
    title: "Maximum.",
    lights: ["max"],
    says: (_, { pooled }) => [
      "Of every bin the largest value: ",
      make("span", { "data-answer": "any" }, `${listed(pooled.values)}.`),
    ],
  },
];

/** @param {RoiLesson} lesson @param {Stage} stage */
function addRegion(lesson, stage) {
  const fit = (/** @type {Box} */ box) => lesson.fit({ box });
  /** @type {(first: number, second: number, label: string) => void} */
  const corner = (first, second, label) =>
    addHandle(lesson, stage, {
      label,
      of: "box",
      step: () => KEY_STEP,
      cursor: "nwse-resize",
      place: ({ box }) => ({ x: box[first], y: box[second] }),
      move: ({ x, y }, { box }) =>
        fit(
          first
            ? [box[0], box[1], Math.max(x, box[0]), Math.max(y, box[1])]
            : [Math.min(x, box[2]), Math.min(y, box[3]), box[2], box[3]],
        ),
    });
  addHandle(lesson, stage, {
    label: "Region",
    of: "box",
    step: () => KEY_STEP,
    place: ({ box: [x1, y1, x2, y2] }) => ({ x1, y1, x2, y2 }),
    move: ({ x, y }, { box }) => fit(movedTo(lesson.setting("box"), box, x, y)),
  });
  corner(0, 1, "Region, upper left corner");
  corner(2, 3, "Region, lower right corner");
}

/** @param {RoiLesson} lesson */
function addPooling(lesson) {
  const { stage, fit } = mapStage(lesson, lesson.main, "A region on a map of 8 by 8 cells");
  const cells = createCells(stage);
  addRegion(lesson, stage);
  const outputs = make("div", { class: "pvl-roi-outputs" });
  const show = /** @type {const} */ (["report", "torchvision"]).map((rule) => ({
    rule,
    fill: outputTable(outputs, { label: `RoIPool, ${RULES[rule]}`, of: "pool" }),
  }));
  lesson.main.append(outputs);
  lesson.onDraw((state, values) => {
    fit();
    stage.draw([
      cells(values.map),
      ...poolParts(stage, values.pooled),
      stage.rectangle(state.box, { class: "pvl-roi-box", "data-of": "box" }),
    ]);
    stage.describe(describe(state, values));
    for (const { rule, fill } of show) fill(values.both[rule].values);
  });
  addFormula(lesson, lesson.side, {
    label: "RoIPool",
    fixed: [
      row(
        sub("y", row("p", "q")),
        "=",
        under(name("max"), symbol("bin", name("bin"), "bin")),
        symbol("max", "x", "value of a cell"),
      ),
    ],
    live: ({ box }, { pooled }) => [
      row(text("region "), ...box.flatMap((edge, place) => [number("box", edge, 2), text(place < 3 ? ", " : "")])),
      row(
        text("whole cells "),
        number("whole", countOf(pooled).wide),
        "×",
        number("whole", countOf(pooled).high),
        "=",
        blank("cells", number("whole", countOf(pooled).all)),
      ),
      row(text("upper left bin: "), blank("pool", number("max", pooled.values[0][0]))),
    ],
  });
  addSteps(lesson, lesson.side, "step", STEPS);
  addField(lesson, lesson.side, "box", { of: "box" });
  for (const key of /** @type {const} */ (["rule", "map", "bins"])) addField(lesson, lesson.side, key);
}

/** @param {State} _ @param {Values} values */
function bilinearLines(_, { chosen, point, aligned }) {
  if (!chosen || !point) return [row(text("no sample points: the region has no area"))];
  /** @type {(values: number[], weights: number[]) => (Node|string)[]} */
  const terms = (values, weights) =>
    values.flatMap((value, place) => [
      ...(place ? ["+"] : []),
      number("weight", weights[place], 3),
      "×",
      number("cell", value, 2),
    ]);
  const result = () => blank("sample", number("sample", chosen.value, 3));
  const [top, bottom] = point.weights.map(([left, right]) => left + right);
  const [left, right] = [0, 1].map((column) => point.weights[0][column] + point.weights[1][column]);
  return [
    row(text("at x = "), number("sample", chosen.x, 3), text(", y = "), number("sample", chosen.y, 3)),
    ...point.cells.map((cells, r) => row(r ? "+" : "", ...terms(cells, point.weights[r]))),
    row("=", result()),
    row(text("x first: "), ...terms(point.alongX, [top, bottom])),
    row("=", result()),
    row(text("y first: "), ...terms(point.alongY, [left, right])),
    row("=", result()),
    row(text("upper left bin: "), blank("align", number("align", aligned.values[0][0], 3))),
  ];
}

/** @param {RoiLesson} lesson @param {Section} section */
function addAlign(lesson, { text: words, figure }) {
  const { stage, fit } = mapStage(lesson, figure, "The same region, unrounded, with its sample points");
  const cells = createCells(stage);
  addRegion(lesson, stage);
  lesson.onDraw((state, values) => {
    fit();
    stage.draw([
      cells(values.map),
      ...alignParts(stage, values, state),
      stage.rectangle(state.box, { class: "pvl-roi-box", "data-of": "box" }),
    ]);
    stage.describe(
      `Region ${edges(state.box)} with ${values.samples.length} sample ` +
        `points.${state.ask ? "" : ` RoIAlign: ${listed(values.aligned.values)}.`}`,
    );
    show(values.aligned.values);
  }, figure);
  const outputs = make("div", { class: "pvl-roi-outputs" });
  const show = outputTable(outputs, { label: "RoIAlign", of: "align", keyOf: (p, q) => (p + q ? "any" : "align") });
  figure.append(outputs);
  addFormula(lesson, words, { label: "One sample point from its four cells", fixed: [], live: bilinearLines });
  for (const key of /** @type {const} */ (["pt", "sr"])) addField(lesson, words, key, { of: "sample" });
  for (const key of /** @type {const} */ (["half", "take"])) addField(lesson, words, key);
}

/** @param {RoiLesson} lesson @param {Section} section */
function addBack(lesson, { figure }) {
  const panels = make("div", { class: "pvl-panels pvl-pair" });
  figure.append(panels);
  gradientPicture(lesson, panels, { label: "RoIPool: to the maxima alone", valuesOf: ({ back }) => back.pooled });
  gradientPicture(lesson, panels, { label: "RoIAlign: spread by the weights", valuesOf: ({ back }) => back.aligned });
}

/**
 * @param {Section} section
 * @param {{metric: string, pool: number, align: number}[]} rows
 */
function addPaper({ figure }, rows) {
  const cell = (/** @type {number} */ value) => make("td", {}, value.toFixed(1));
  figure.append(
    framedTable({
      label: "The paper's table",
      caption: "He et al., Mask R-CNN, table 2(d): ResNet-50 read at stride 32, AP in hundredths",
      heads: ["", "RoIPool", "RoIAlign", "gain"],
      rows: rows.map(({ metric, pool, align }) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, metric),
          cell(pool),
          cell(align),
          make("td", {}, `+${(align - pool).toFixed(1)}`),
        ),
      ),
    }),
  );
}

/**
 * A region with corners on half cells, on one of the maps.
 * @param {Random} random
 * @returns {Partial<State>}
 */
function vary({ whole, pick }) {
  const [x1, y1] = [whole(0, 7) / 2, whole(0, 7) / 2];
  return {
    box: [x1, y1, x1 + whole(4, 8) / 2, y1 + whole(4, 8) / 2],
    map: pick(["ramp", "hill", "noise"]),
    rule: pick(["report", "torchvision"]),
  };
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/roi.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, {
    inks: INKS,
    check,
    notice,
    describe,
    questions: QUESTIONS,
    derive: deriver(data.data.maps),
    apart: ["step", "dx", "sample", "person", "channel"],
    vary,
  });
  addPooling(lesson);
  addAlign(lesson, lesson.section("align", { layout: "split" }));
  addBack(lesson, lesson.section("back"));
  addDrift(lesson, lesson.section("drift", { layout: "split" }));
  addReal(lesson, lesson.section("real", { layout: "split" }));
  addPaper(lesson.section("paper", { layout: "split" }), data.data.paper);
  lesson.start();
}
