/** A guessing game: ten pairs of boxes, their IoU to estimate by eye, and how the estimates err. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Random } from "../kit/random.js"
 * @import { IouLesson } from "./derive.js"
 */

import { make, say } from "../../base/dom.js";
import { fixed, format } from "../../base/numbers.js";
import { svg } from "../../base/svg.js";
import { bareSlider } from "../../charts/slider.js";
import { boxIou } from "../../maths/nms.js";
import { createRandom } from "../kit/random.js";

const PAIRS = 10;
const WIDTH = 40;
const HEIGHT = 24;
const BIASED = 0.03; // mean error that is worth a word

/** @typedef {{a: Box, b: Box}} Pair */
/** @typedef {{guess: number, iou: number}} Guess */

/** @param {Pair} pair */
const iouOf = ({ a, b }) => boxIou(a, 0, b, 0);

/** @param {Random} random @returns {Box} */
function randomBox({ whole }) {
  const [x, y] = [whole(0, 24), whole(0, 12)];
  return [x, y, x + whole(6, 16), y + whole(5, 12)];
}

/**
 * Ten pairs, one for each tenth of IoU, in an order of their own: drawn until one falls into its tenth.
 * @param {number} seed
 */
function pairsOf(seed) {
  const random = createRandom(seed);
  const pairs = Array.from({ length: PAIRS }, (_, tenth) => {
    for (;;) {
      const a = randomBox(random);
      const b = a.map((edge) => edge + random.whole(tenth - PAIRS, PAIRS - tenth));
      const inside = b[0] >= 0 && b[1] >= 0 && b[2] <= WIDTH && b[3] <= HEIGHT && b[0] < b[2] && b[1] < b[3];
      if (inside && Math.min(PAIRS - 1, Math.floor(iouOf({ a, b }) * PAIRS)) === tenth) return { a, b };
    }
  });
  return pairs
    .map((pair) => ({ pair, place: random.whole(0, 999) }))
    .sort((first, second) => first.place - second.place)
    .map(({ pair }) => pair);
}

/** @param {SVGElement} picture @param {Pair} pair */
function drawPair(picture, { a, b }) {
  /** @type {(box: Box, of: string, more: string) => SVGElement} */
  const box = ([x1, y1, x2, y2], of, more) =>
    svg("rect", {
      x: x1 * 10,
      y: y1 * 10,
      width: (x2 - x1) * 10,
      height: (y2 - y1) * 10,
      class: `pvl-box ${more}`,
      "data-of": of,
    });
  picture.replaceChildren(box(a, "a", ""), box(b, "b", "pvl-box-b"));
  picture.setAttribute(
    "aria-label",
    `Box A from ${a.slice(0, 2)} to ${a.slice(2)}, box B from ${b.slice(0, 2)} to ${b.slice(2)}`,
  );
}

/**
 * "On average 0.08 off; you guess too high, by 0.05."
 * @param {Guess[]} guesses
 */
function verdict(guesses) {
  const errors = guesses.map(({ guess, iou }) => guess - iou);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const bias = mean(errors);
  const lean =
    Math.abs(bias) < BIASED
      ? "too high about as often as too low"
      : `too ${bias > 0 ? "high" : "low"}, by ${fixed(Math.abs(bias), 2)} on average`;
  return `All ten guessed: ${fixed(mean(errors.map(Math.abs)), 2)} off on average, ${lean}.`;
}

/**
 * @param {IouLesson} lesson
 * @param {Section} section
 */
export function addGuess(lesson, { text, figure }) {
  const picture = svg("svg", { class: "pvl-guess", viewBox: `0 0 ${WIDTH * 10} ${HEIGHT * 10}`, role: "img" });
  const where = make("p", { class: "pv-muted" });
  const answer = make("output", {}, "0.50");
  const slider = bareSlider("Your estimate of the IoU", { min: 0, max: 1, step: 0.01, value: 0.5 }, (value) =>
    say(answer, fixed(value, 2)),
  );
  const told = make("p", { class: "pvl-outcome", role: "status" });
  const rows = make("tbody");
  const table = make(
    "table",
    { class: "pvl-table", hidden: true },
    make("thead", {}, make("tr", {}, ...["guess", "IoU", "error"].map((head) => make("th", { scope: "col" }, head)))),
    rows,
  );
  const act = make("button", { type: "submit", class: "pv-button pv-primary" });
  const form = make("form", { class: "pvl-guess-form" }, slider, answer, act);
  let seed = lesson.state().seed || 1;
  let pairs = pairsOf(seed);
  /** @type {Guess[]} */
  let guesses = [];

  function show() {
    const place = Math.min(guesses.length, PAIRS - 1);
    const done = guesses.length === PAIRS;
    drawPair(picture, pairs[place]);
    say(where, `Pair ${place + 1} of ${PAIRS}`);
    say(act, done ? "Ten other pairs" : "Guess");
    slider.disabled = done;
  }
  function take() {
    const iou = iouOf(pairs[guesses.length]);
    const guess = Number(slider.value);
    guesses.push({ guess, iou });
    rows.append(make("tr", {}, ...[guess, iou, guess - iou].map((value) => make("td", {}, format(value, 2)))));
    table.hidden = false;
    say(told, guesses.length === PAIRS ? verdict(guesses) : `It was ${fixed(iou, 2)}, you said ${fixed(guess, 2)}.`);
  }
  function again() {
    seed += 1;
    [pairs, guesses] = [pairsOf(seed), []];
    rows.replaceChildren();
    table.hidden = true;
    say(told, "");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (guesses.length === PAIRS) again();
    else take();
    show();
  });
  text.append(where, form, told);
  figure.append(picture, table);
  show();
}
