/** What the lesson on RoIPool and RoIAlign asks. */

/**
 * @import { Question } from "../kit/questions.js"
 * @import { State, Values } from "./values.js"
 */

import { format } from "../../base/numbers.js";
import { countOf, DIGITS, edges, RULES, span } from "./written.js";

/** @type {Question<State, Values>[]} */
export const QUESTIONS = [
  {
    key: "cells",
    asks: ({ box, rule }) => `How many cells does RoIPool read for the region ${edges(box)}, counted ${RULES[rule]}?`,
    answer: (_, { pooled }) => countOf(pooled).all,
    tolerance: 0,
    explains: (_, { pooled }) => `${countOf(pooled).wide} columns times ${countOf(pooled).high} rows.`,
  },
  {
    key: "pool",
    asks: () => "What is the output of RoIPool for the upper left bin?",
    answer: (_, { pooled }) => pooled.values[0][0],
    tolerance: 0,
    explains: (_, { pooled: { bins, cells } }) =>
      cells[0][0] < 0
        ? "The bin has no cells, and is then taken as 0."
        : `The maximum over rows ${span(bins.rows[0])} and columns ${span(bins.columns[0])}.`,
  },
  {
    key: "sample",
    after: "align",
    asks: (_, { chosen }) =>
      chosen
        ? `What is the map's value at x = ${format(chosen.x, DIGITS)}, y = ${format(chosen.y, DIGITS)}?`
        : "What is the map's value at the first sample point?",
    answer: (_, { chosen }) => chosen?.value ?? null,
    tolerance: 0.01,
    explains: (_, { chosen }) =>
      chosen
        ? "Four cells, each with the product of its shares along x and y."
        : "The region has no area, and so no sample points.",
  },
  {
    key: "align",
    after: "align",
    asks: ({ take }) =>
      `What is RoIAlign's output for the upper left bin, ${take === "average" ? "the average" : "the maximum"} of ` +
      "its samples?",
    answer: (_, { aligned }) => aligned.values[0][0],
    tolerance: 0.01,
    explains: (_, { aligned, chosen }) =>
      chosen
        ? `Of ${format(aligned.samples[0][0].flat().length)} samples: ${aligned.samples[0][0]
            .flat()
            .map((value) => format(value, 2))
            .join(", ")}.`
        : "Without sample points torchvision returns 0.",
  },
];
