/**
 * When two vectors are more similar to each other than one is to itself: a condition, a projection and a region.
 *
 * @import { PlotData } from "../../charts/plot.js"
 * @import { Stage } from "../../charts/stage.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Lesson, State, Values } from "./values.js"
 * @typedef {{i: number, j: number, norms: number[], gram: Values["gram"], cosine: number}} Pair
 */

import { make } from "../../base/dom.js";
import { format } from "../../base/numbers.js";
import { arrow, line, words } from "../../base/svg.js";
import { addPlot } from "../../charts/plot.js";
import { createStage } from "../../charts/stage.js";
import { exceeds } from "../../maths/fractions.js";
import { addField } from "../kit/fields.js";
import { framedTable } from "../kit/framed_table.js";
import { KEYS } from "./values.js";
import { written } from "./written.js";

const THINGS = { 1: "z1", 2: "z2", 3: "z3" };
const MOST = 2; // of the plot's height
const DIGITS = 3;
const EDGE = [
  [0, 0],
  [1, 1],
]; // of the region: the bar is the cosine
const POINTLESS = "A vector without length has no angle.";

/** @type {(places: {i: number, j: number, k: number}, gram: Values["gram"]) => string} */
const sentence = ({ i, j, k }, gram) =>
  `${KEYS[i]}·${KEYS[j]} = ${written(gram[i][j], DIGITS)} ${exceeds(gram[i][j], gram[k][k]) ? ">" : "≤"} ` +
  `${KEYS[k]}·${KEYS[k]} = ${written(gram[k][k], DIGITS)}`;

/** @type {(state: State, values: Values) => PlotData} */
function region({ ask }, { comparisons, gram }) {
  return {
    x: { label: "cos φ between zi and zj", low: -1, high: 1 },
    y: { label: "|zk|² / (|zi| |zj|)", low: 0, high: MOST },
    series: [{ of: "region", label: "zi · zj > zk · zk", points: EDGE, strong: true, filled: true }],
    marks: comparisons.map((one) => ({
      x: one.cosine,
      y: one.bar,
      of: one.exceeds ? "region" : KEYS[one.k],
      title: sentence(one, gram),
    })),
    alt: ask
      ? "Every dot product against every squared length."
      : `${comparisons.map((one) => sentence(one, gram)).join("; ")}.`,
  };
}

/** @param {Stage} stage @param {Pair} pair */
function drawPair(stage, { i, j, norms, cosine }) {
  const reach = 1.25 * Math.max(norms[i], norms[j]);
  stage.view = { x: -reach, y: -reach, width: 2 * reach, height: 1.25 * reach };
  /** @type {(x: number, y: number) => [number, number]} */
  const at = (x, y) => [stage.px(x), stage.py(y)];
  const [projection, rise] = [norms[i] * cosine, norms[i] * Math.sqrt(Math.max(0, 1 - cosine ** 2))];
  /** @type {(x: number, y: number, of: string) => SVGElement} */
  const name = (x, y, of) =>
    words(stage.px(x), stage.py(y), of, { "data-of": of, class: "pvl-halo", "text-anchor": "middle" });
  stage.draw([
    line(...at(-reach, 0), ...at(reach, 0), { class: "pvg-grid" }),
    line(...at(projection, -rise), ...at(projection, 0), { class: "pvg-guide" }),
    line(...at(0, 0.07 * reach), ...at(projection, 0.07 * reach), {
      class: "pvl-att-projection",
      "data-of": "projection",
    }),
    words(...at(projection / 2, 0.2 * reach), "projection", {
      "data-of": "projection",
      class: "pvl-halo",
      "text-anchor": "middle",
    }),
    arrow(...at(0, 0), ...at(norms[j], 0), { "data-of": KEYS[j] }),
    i === j ? null : arrow(...at(0, 0), ...at(projection, -rise), { "data-of": KEYS[i] }),
    name(norms[j] + 0.1 * reach, 0.03 * reach, KEYS[j]),
    i === j ? null : name(projection, -rise - 0.05 * reach, KEYS[i]),
  ]);
}

/** @param {Pair} pair */
function pairText({ i, j, norms, cosine, gram }) {
  const projection = norms[i] * cosine;
  const more = exceeds(gram[i][j], gram[j][j]);
  return (
    `The projection of ${KEYS[i]} onto ${KEYS[j]} is ${format(projection, DIGITS)} long, ${KEYS[j]} itself ` +
    `${format(norms[j], DIGITS)}: ${KEYS[j]} is ${more ? "more similar to" : "not more similar to"} ${KEYS[i]} than ` +
    "to itself."
  );
}

/**
 * Two vectors at their true angle, with the projection of one onto the other.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
function addPair(lesson, host) {
  const stage = createStage(lesson, host, {
    label: "Two vectors at their true angle",
    heightFor: (width) => width * 0.625,
  });
  const caption = host.appendChild(make("p", { class: "pvl-outcome", "data-answer": "any" }));
  lesson.onDraw(({ row, key, ask }, { norms, cosines, gram }) => {
    const [i, j] = [Number(row) - 1, Number(key) - 1];
    const cosine = cosines[i][j];
    if (cosine === null) stage.draw([words(stage.width / 2, stage.height / 2, POINTLESS, { "text-anchor": "middle" })]);
    else drawPair(stage, { i, j, norms, gram, cosine });
    const says = cosine === null ? POINTLESS : pairText({ i, j, norms, gram, cosine });
    caption.textContent = says;
    stage.describe(cosine === null || !ask ? says : `${KEYS[i]} and ${KEYS[j]} at their true angle.`);
  }, host);
}

/** @param {Lesson} lesson @param {HTMLElement} host */
function addComparisons(lesson, host) {
  const body = make("tbody");
  host.append(
    framedTable({
      label: "Similarities to others and to oneself",
      heads: ["", ...KEYS.map((key) => `${key}·${key}`)],
      rows: body,
    }),
  );
  lesson.onDraw((_, { gram }) => {
    const lines = KEYS.flatMap((_key, i) => KEYS.slice(i + 1).map((_other, step) => [i, i + 1 + step]));
    body.replaceChildren(
      ...lines.map(([i, j]) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, `${KEYS[i]}·${KEYS[j]}`),
          ...KEYS.map((_key, k) => {
            const more = exceeds(gram[i][j], gram[k][k]);
            const content = `${written(gram[i][j], DIGITS)} ${more ? ">" : "≤"} ${written(gram[k][k], DIGITS)}`;
            return make("td", { "data-answer": "any", class: more ? "pvl-chosen" : null }, content);
          }),
        ),
      ),
    );
  }, host);
}

/**
 * Choices, the list of crossings, the pair with its projection, and the region.
 * @param {Lesson} lesson
 * @param {Section} section
 */
export function addCrossing(lesson, { text: wordsHost, figure }) {
  for (const key of /** @type {const} */ (["row", "key"])) addField(lesson, wordsHost, key, { things: THINGS });
  const list = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  wordsHost.append(list);
  const panels = make("div", { class: "pvl-att-pictures" });
  const [left, right] = [make("div"), make("div")];
  panels.append(left, right);
  figure.append(panels);
  addPair(lesson, left);
  addPlot(lesson, right, { label: "Where two are more similar than one is to itself", shape: 0.75, data: region });
  addComparisons(lesson, figure);
  lesson.onDraw((_, { crossings, gram }) => {
    const each = crossings.map(({ first: i, second: j, itself: k }) => sentence({ i, j, k }, gram));
    list.textContent = each.length
      ? `Here: ${each.join("; ")}.`
      : "Here no two vectors are more similar to each other than any is to itself.";
  }, figure);
}
