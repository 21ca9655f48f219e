/** The precision-recall curve of the ranked list, with what the chosen rule averages. */

/**
 * @import { Mark } from "../../charts/series.js"
 * @import { Lesson, ListState, Rule, State, Values } from "./values.js"
 * @typedef {Values["list"]} List
 */

import { format } from "../../base/numbers.js";
import { addPlot } from "../../charts/plot.js";
import { samplePrecision, VOC_RECALL_POINTS } from "../../maths/precision_recall.js";

export const RULES = {
  raw: "the uninterpolated curve",
  all: "interpolated",
  voc: "interpolated, at 11 points",
  coco: "interpolated, at 101 points",
};

/**
 * The outline of steps: each height holds from the recall before to its own.
 * @type {(heights: number[], recall: number[]) => number[][]}
 */
function steps(heights, recall) {
  return heights.flatMap((height, place) => {
    const before = recall[place - 1] ?? 0;
    return recall[place] > before
      ? [
          [before, height],
          [recall[place], height],
        ]
      : [];
  });
}

/** @type {(rule: Rule, list: List) => number[][]} */
function outline(rule, { precision, best, recall }) {
  return steps(rule === "raw" ? precision : best, recall);
}

/**
 * A ring for every detection and, for 11 points, one for each point.
 * @type {(state: State, list: List) => Mark[]}
 */
function marksOf({ rule }, { returned, precision, recall }) {
  const found = returned.map((hit, place) => ({
    x: recall[place],
    y: precision[place],
    of: hit ? "hit" : "miss",
    title:
      `Detection ${place + 1}, ${hit ? "true" : "false"} positive: precision ${format(precision[place])}, recall ` +
      `${format(recall[place])}`,
  }));
  const sampled = rule === "voc" ? samplePrecision(precision, recall, { points: VOC_RECALL_POINTS }) : [];
  return [
    ...found,
    ...sampled.map((value, place) => ({
      x: place / 10,
      y: value,
      of: "area",
      title: `At recall ${format(place / 10)}: ${format(value)}`,
    })),
  ];
}

/**
 * The list and its curve in words; without numbers that are asked for.
 * @type {(state: State, values: Values) => string}
 */
export function describeList({ ask, people, rule }, { list: { returned, counts, precision, recall, averages } }) {
  const order = returned.map((hit) => (hit ? "true" : "false")).join(", ");
  const what = `${people} people; ${returned.length} detections returned${order ? `, positives: ${order}` : ""}.`;
  if (ask || !returned.length) return what;
  const end = returned.length - 1;
  return (
    `${what} ${counts.truePositives[end]} found, precision ${format(precision[end])}, recall ` +
    `${format(recall[end])}. Average precision, ${RULES[rule]}: ${format(averages[rule])}.`
  );
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addCurve(lesson, host) {
  addPlot(lesson, host, {
    label: "Precision-recall curve",
    shape: 0.6,
    parts: ({ rule }, { list }) => [rule, list],
    data: (state, values) => {
      const { list } = values;
      return {
        x: { label: "Recall: share of the people found", low: 0, high: 1 },
        y: { label: "Precision: fraction correct", low: 0, high: 1 },
        series: [
          {
            of: "area",
            label: `averaged: ${RULES[state.rule]}`,
            strong: true,
            filled: true,
            points: outline(state.rule, list),
          },
          {
            of: "curve",
            label: "after each detection",
            dash: "5 4",
            points: list.recall.map((recall, place) => [recall, list.precision[place]]),
          },
        ],
        marks: marksOf(state, list),
        alt: describeList(state, values),
      };
    },
  });
}
