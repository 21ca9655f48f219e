/**
 * What each vector becomes, coordinate by coordinate: bars stacked from what every vector gives.
 *
 * @import { Stage } from "../../charts/stage.js"
 * @import { How, Lesson, Values } from "./values.js"
 * @typedef {number[][]} Pieces of every coordinate, one for each vector that gives to it
 */

import { format } from "../../base/numbers.js";
import { line, svg, words } from "../../base/svg.js";
import { createStage } from "../../charts/stage.js";
import { AXES, KEYS } from "./values.js";

const GROUP = AXES.length + 1; // bars and a gap
const REACHES = [1, 2, 3, 5, 10, 20, 50, 200, 1000]; // heights that are shown
const ROOM = 1.15; // above the tallest bar
const TITLE = 30; // pixels
const LETTERS = 22;
const NARROW = 600; // no room for a sentence over every group

/**
 * Every coordinate of every output in pieces, one for each vector that gives to it; null without weights.
 * @param {Values} values
 * @param {Values["weights"][How]} weights
 * @returns {(Pieces|null)[]}
 */
function piecesOf({ vectors }, weights) {
  return weights.map(
    (mine) => mine && AXES.map((_, axis) => vectors.map((vector, place) => Number(mine[place]) * Number(vector[axis]))),
  );
}

/** @type {(pieces: number[], sign: number) => number} */
const total = (pieces, sign) => pieces.reduce((sum, piece) => sum + Math.max(0, sign * piece), 0);

/** @param {(Pieces|null)[]} groups */
function windowOf(groups) {
  const stacks = groups.flatMap((group) => group ?? []);
  const reach = (/** @type {number} */ sign) => {
    const tallest = Math.max(0, ...stacks.map((pieces) => total(pieces, sign)));
    return tallest === 0 ? 0 : (REACHES.find((height) => height >= tallest) ?? tallest);
  };
  return { up: Math.max(reach(1), 1), down: reach(-1) };
}

/** @param {Stage} stage @param {number[]} pieces @param {number} left */
function stack(stage, pieces, left) {
  const tops = { up: 0, down: 0 };
  return pieces.map((piece, place) => {
    const way = piece >= 0 ? "up" : "down";
    const from = tops[way];
    tops[way] -= piece;
    const [top, bottom] = [Math.min(from, tops[way]), Math.max(from, tops[way])];
    return stage.rectangle([left + 0.12, top, left + 0.88, bottom], { class: "pvl-att-bar", "data-of": KEYS[place] });
  });
}

/** @param {Stage} stage @param {Pieces|null} coordinates @param {number} group */
function groupParts(stage, coordinates, group) {
  const left = group * GROUP + 0.5;
  const middle = stage.px(left + AXES.length / 2);
  const says = stage.width < NARROW ? `y${group + 1}` : `y${group + 1}, what ${KEYS[group]} becomes`;
  const title = words(middle, TITLE - 10, says, { "data-of": KEYS[group], class: "pvl-halo", "text-anchor": "middle" });
  if (!coordinates)
    return [
      title,
      words(middle, stage.py(0) - 12, "does not exist", {
        class: "pvl-halo",
        "data-answer": "any",
        "text-anchor": "middle",
      }),
    ];
  return [
    title,
    svg("g", { "data-answer": "any" }, ...coordinates.flatMap((pieces, axis) => stack(stage, pieces, left + axis))),
    ...AXES.map((axis, place) =>
      words(stage.px(left + place + 0.5), stage.height - 6, axis, { class: "pvg-tick", "text-anchor": "middle" }),
    ),
  ];
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addBars(lesson, host) {
  const stage = createStage(lesson, host, {
    label: "What each vector becomes",
    heightFor: (width) => Math.min(Math.max(width * 0.34, 200), 340),
  });
  lesson.onDraw(({ how, ask }, values) => {
    const groups = piecesOf(values, values.weights[how]);
    const { up, down } = windowOf(groups);
    const unit = (ROOM * (up + down)) / Math.max(stage.height - TITLE - LETTERS, 1);
    stage.view = { x: 0, y: -up * ROOM - TITLE * unit, width: 3 * GROUP, height: stage.height * unit };
    stage.draw([
      line(0, stage.py(0), stage.width, stage.py(0), { class: "pvg-zero" }),
      ...groups.flatMap((coordinates, group) => groupParts(stage, coordinates, group)),
    ]);
    const sums = groups.map(
      (coordinates, group) =>
        `y${group + 1} ${
          coordinates
            ? coordinates
                .map((pieces) =>
                  format(
                    pieces.reduce((sum, piece) => sum + piece, 0),
                    3,
                  ),
                )
                .join(", ")
            : "does not exist"
        }`,
    );
    stage.describe(
      ask
        ? "Bars of what each vector becomes, one for each of p, q, r and s."
        : `Along p, q, r and s: ${sums.join("; ")}.`,
    );
  });
}
