/** Pictures of the attention lesson: coordinates as bars to drag, mixtures beneath, and two vectors in their plane. */

import { addHandle } from "./handles.js";
import { AXES, KEYS } from "./attention_values.js";
import { format } from "./numbers.js";
import { createStage } from "./stage.js";
import { arrow, line, svg, words } from "./svg.js";

const TALLEST = 9; // units that a bar may have
const GROUP = AXES.length + 1; // bars and a gap
const HEIGHT = 2.5 * TALLEST; // of one row of groups, in units of a coordinate
const BASE = [TALLEST * 1.15, HEIGHT + TALLEST * 1.15]; // where the bars of both rows stand
const DIGITS = 3;

/** The largest coordinate that has to be seen, in steps, so that the picture does not breathe with every change. */
function reachOf({ vectors, outputs }) {
  const all = [...vectors, ...outputs.filter(Boolean)].flat().map(Math.abs);
  return [3, 5, TALLEST, 20, 50, 200, 1000].find((reach) => reach >= Math.max(...all)) ?? Math.max(...all);
}

const across = (group, axis) => group * GROUP + axis + 0.5;

function bar(stage, { x, from, to, of }) {
  const [top, bottom] = [Math.min(from, to), Math.max(from, to)];
  return stage.rectangle([x + 0.12, top, x + 0.88, bottom], { class: "pvl-att-bar", "data-of": of });
}

/** The coordinates of a vector. */
function vectorParts(stage, vector, { group, unit }) {
  const base = BASE[0];
  return vector.flatMap((value, axis) => [
    bar(stage, { x: across(group, axis), from: base, to: base - value * unit, of: KEYS[group] }),
    words(stage.px(across(group, axis) + 0.5), stage.py(base + TALLEST * 1.2) + 8, AXES[axis], { class: "pvl-tick", "text-anchor": "middle" }),
  ]);
}

/** A mixture, stacked from what each vector gives to each coordinate. */
function mixtureParts(stage, { weights, vectors }, { group, unit }) {
  const base = BASE[1];
  if (!weights) return [words(stage.px(across(group, 2)), stage.py(base), "does not exist", { class: "pvl-halo", "text-anchor": "middle" })];
  return AXES.flatMap((_, axis) => {
    let [up, down] = [base, base];
    return vectors.map((vector, place) => {
      const piece = Number(weights[place]) * vector[axis] * unit;
      const from = piece >= 0 ? up : down;
      if (piece >= 0) up -= piece;
      else down -= piece;
      return bar(stage, { x: across(group, axis), from, to: from - piece, of: KEYS[place] });
    });
  });
}

/** What screen readers say instead of the picture. */
export function describe({ alpha, how, ask }, { vectors, weights }) {
  const what = `Three vectors with α = ${format(alpha, 2)}: ${vectors.map((vector, place) => `${KEYS[place]} = (${vector.map((value) => format(value, DIGITS)).join(", ")})`).join("; ")}.`;
  if (ask) return what;
  const rows = weights[how].map((row, place) => `${KEYS[place]} ${row ? `listens with ${row.map((weight) => format(Number(weight), DIGITS)).join(", ")}` : "has no weights"}`);
  return `${what} With ${how} weights ${rows.join("; ")}.`;
}

/**
 * Bars of all coordinates with handles, and beneath them what each vector becomes.
 * @param {Object} lesson
 * @param {HTMLElement} host
 */
export function addVectors(lesson, host) {
  const stage = createStage(lesson, host, { label: "Three vectors and their mixtures", heightFor: (width) => Math.min(Math.max(width * 0.72, 380), 620) });
  stage.view = { x: 0, y: -1, width: 3 * GROUP + 0.5, height: 2 * HEIGHT + 2 };
  const unit = () => TALLEST / reachOf(lesson.values());
  lesson.onDraw((state, values) => {
    const scale = { unit: unit() };
    const title = (group, row, text, attributes) => words(stage.px(across(group, 2)), stage.py(row ? HEIGHT - 0.2 : -1) + 16, text, { class: "pvl-halo", "text-anchor": "middle", ...attributes });
    stage.draw([
      ...BASE.map((base) => line(0, stage.py(base), stage.width, stage.py(base), { class: "pvl-zero" })),
      ...values.vectors.flatMap((vector, group) => [title(group, 0, KEYS[group], { "data-of": KEYS[group] }), ...vectorParts(stage, vector, { group, ...scale })]),
      ...values.vectors.flatMap((_, group) => [
        title(group, 1, `${KEYS[group]} becomes`, { class: `pvl-halo${KEYS[group].endsWith(state.row) ? " pvl-count-name" : ""}` }),
        svg("g", { "data-answer": "any" }, ...mixtureParts(stage, { weights: values.weights[state.how][group], vectors: values.vectors }, { group, ...scale })),
      ]),
    ]);
    stage.describe(describe(state, values));
  });
  KEYS.forEach((key, group) => AXES.forEach((name, axis) => addHandle(lesson, stage, {
    label: `${key}, coordinate ${name}`, of: key, cursor: "ns-resize", step: () => unit(),
    place: (state) => ({ x: across(group, axis) + 0.5, y: BASE[0] - state[key][axis] * unit() }),
    move: ({ y }, state) => lesson.fit({ [key]: state[key].with(axis, (BASE[0] - y) / unit()) }),
  })));
}

/** The vector that looks and the one it is compared with, at their true angle, with the shadow. */
export function addPlane(lesson, host) {
  const stage = createStage(lesson, host, { label: "Two vectors in their plane", heightFor: (width) => Math.min(width * 0.6, 380) });
  lesson.onDraw(({ row, key, ask }, { norms, pairs, gram }) => {
    const [i, j] = [Number(row) - 1, Number(key) - 1];
    const pair = i === j ? { cosine: 1 } : pairs.find((one) => one.i === i && one.j === j);
    if (!pair) {
      stage.draw([words(stage.width / 2, stage.height / 2, "A vector without length has no angle.", { "text-anchor": "middle" })]);
      stage.describe("A vector without length has no angle.");
      return;
    }
    const angle = Math.acos(pair.cosine);
    const reach = 1.2 * Math.max(norms[i], norms[j]);
    stage.view = { x: -reach * 0.95, y: -reach * 1.05, width: 2.1 * reach, height: 1.26 * reach };
    const shadow = norms[i] * pair.cosine;
    const tip = [norms[i] * Math.cos(angle), -norms[i] * Math.sin(angle)];
    const at = (x, y) => [stage.px(x), stage.py(y)];
    const vector = (x, y, of) => arrow(...at(0, 0), ...at(x, y), { "data-of": of });
    stage.draw([
      line(...at(-reach, 0), ...at(reach, 0), { class: "pvl-grid" }), line(...at(...tip), ...at(tip[0], 0), { class: "pvl-guide" }),
      line(...at(0, 0.03 * reach), ...at(shadow, 0.03 * reach), { class: "pvl-att-shadow", "data-of": "shadow" }),
      vector(norms[j], 0, KEYS[j]), i === j ? null : vector(...tip, KEYS[i]),
      words(stage.px(norms[j]) - 6, stage.py(0) + 32, KEYS[j], { "data-of": KEYS[j], class: "pvl-halo", "text-anchor": "end" }),
      i === j ? null : words(stage.px(tip[0]) + 8, stage.py(tip[1]) + 4, KEYS[i], { "data-of": KEYS[i], class: "pvl-halo" }),
    ]);
    stage.describe(`${KEYS[i]} and ${KEYS[j]} in their plane.${ask ? "" : ` The shadow of ${KEYS[i]} on ${KEYS[j]} is ${format(shadow, DIGITS)} long, ${KEYS[j]} itself ${format(norms[j], DIGITS)}. Dot product ${format(gram[i][j], DIGITS)}.`}`);
  });
}
