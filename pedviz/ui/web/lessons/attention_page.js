/** Lesson 5, attention. */

import { make } from "../dom.js";
import { addPlane, addVectors, describe } from "./attention_picture.js";
import { AXES, costsOf, KEYS, valuesOf } from "./attention_values.js";
import { addField } from "./fields.js";
import { addFormula } from "./formula.js";
import { createLesson } from "./kit.js";
import { blank, frac, name, number, root, row, sub, sup, symbol, text, under } from "./mathml.js";
import { fixed, format } from "./numbers.js";
import { addPlot } from "./plot.js";

const INKS = { z1: 1, z2: 2, z3: 3, shadow: 4, curve: 6, pair: 4, crossing: 2, scores: 2, summary: 1 };
const DIGITS = 4;
const LONG_FRACTION = 9; // letters
const HOW = { linear: "Linear", softmax: "Softmax", scaled: "Softmax of similarity / √d" };
const MOST_RATIO = 4; // of the plot of crossings
const COSINES = Array.from({ length: 101 }, (_, index) => 0.01 + (0.99 * index) / 100);

const whole = (value) => value.toLocaleString("en");
const chosenOf = ({ row: looking, key }) => [Number(looking) - 1, Number(key) - 1];

/** 3/10, or decimals where the fraction would be long. */
function written(value) {
  const exactly = String(value);
  return exactly.length <= LONG_FRACTION && exactly.includes("/") ? exactly : format(Number(value), DIGITS);
}

const QUESTIONS = [
  {
    key: "dot", asks: (state) => { const [i, j] = chosenOf(state); return `What is ${KEYS[i]} · ${KEYS[j]}, with α = ${format(state.alpha, 2)}?`; },
    answer: (state, { gram }) => { const [i, j] = chosenOf(state); return gram[i][j]; }, tolerance: 0.01, explains: () => "Coordinate times coordinate, summed, times α squared.",
  },
  {
    key: "norm", asks: (state) => `How long is ${KEYS[chosenOf(state)[0]]}?`,
    answer: (state, { norms }) => norms[chosenOf(state)[0]], tolerance: 0.01, explains: () => "The root of its dot product with itself.",
  },
  {
    key: "linear", asks: (state) => { const [i, j] = chosenOf(state); return `Which linear weight does ${KEYS[i]} give to ${KEYS[j]}? (0 if it does not exist)`; },
    answer: (state, { weights }) => { const [i, j] = chosenOf(state); return weights.linear[i] ? Number(weights.linear[i][j]) : 0; }, tolerance: 0.005, explains: (state, { weights }) => { const [i, j] = chosenOf(state); return weights.linear[i] ? `Exactly ${weights.linear[i][j]}.` : "Its row sums to 0."; },
  },
  {
    key: "scaled", asks: (state) => { const [i, j] = chosenOf(state); return `And which with softmax of similarity / √d, d = ${AXES.length}?`.replace("which", `which does ${KEYS[i]} give to ${KEYS[j]}`); },
    answer: (state, { weights }) => { const [i, j] = chosenOf(state); return weights.scaled[i][j]; }, tolerance: 0.005, explains: () => "Exponentials of the halved similarities, over their sum.",
  },
  {
    key: "cost", asks: ({ n, d }) => `How many multiplications does (Q Kᵀ) V take for n = ${n}, d = ${d}?`,
    answer: (_, { costs }) => costs.scores, tolerance: 0, explains: ({ n, d }) => `${n} × ${n} × (${d} + ${d}).`,
  },
];

const Z = (place) => symbol(`z${place + 1}`, sub("z", String(place + 1)), `vector ${place + 1}`);
const FIXED = [
  row(sub("w", row("i", "j")), "=", frac(row(sub("z", "i"), "·", sub("z", "j")), row(under(name("∑"), "k"), sub("z", "i"), "·", sub("z", "k")))),
  row(text("or "), frac(sup("e", row(sub("z", "i"), "·", sub("z", "j"), "/", root("d"))), row(under(name("∑"), "k"), sup("e", row(sub("z", "i"), "·", sub("z", "k"), "/", root("d")))))),
];

function liveLines(state, { gram, norms, weights, rows }) {
  const [i, j] = chosenOf(state);
  const mine = weights[state.how][i];
  const sum = mine ? mine.flatMap((weight, place) => [...(place ? ["+"] : []), symbol(`z${place + 1}`, text(written(weight))), Z(place)]) : [text("does not exist: the row sums to 0")];
  return [
    row(Z(i), "·", Z(j), "=", blank("dot", number(KEYS[j], gram[i][j]))), row(text("|"), Z(i), text("|"), "=", blank("norm", number(KEYS[i], norms[i]))),
    row(sub("z", String(i + 1)), text(" becomes "), blank("any", row(...sum))),
    ...(state.how === "linear" && rows[i] === "outside" ? [row(text("a weight below 0: this is no mixture"))] : []),
  ];
}

/** A 3 x 3 table; `cell` writes row i, column j, or null for a row that does not exist. */
function addMatrix(lesson, host, { title, cell, keyOf = () => "any" }) {
  const body = make("tbody");
  const heads = ["", ...KEYS].map((key) => make("th", { scope: "col", "data-of": key || null }, key));
  host.append(make("div", { class: "pvl-table-frame", tabindex: "0", role: "region", "aria-label": title },
    make("table", { class: "pvl-table" }, make("caption", {}, title), make("thead", {}, make("tr", {}, ...heads)), body)));
  lesson.onDraw((state, values) => {
    const [i, j] = chosenOf(state);
    body.replaceChildren(...KEYS.map((key, p) => make("tr", {}, make("th", { scope: "row", "data-of": key }, key), ...KEYS.map((_, q) => {
      const content = cell(values, p, q);
      const isChosen = p === i && q === j;
      const value = Number(content?.number);
      return make("td", { "data-answer": isChosen ? keyOf() : "any", class: [isChosen ? "pvl-chosen" : "", content && (value < 0 || value > 1) && content.weight ? "pvl-bent" : ""].join(" ").trim() || null }, content ? content.text : "none");
    }))));
  });
}

function addWeights(lesson, { figure }) {
  const host = make("div", { class: "pvl-panels" });
  figure.append(host);
  addMatrix(lesson, host, { title: "Similarities (Gram matrix)", keyOf: () => "dot", cell: ({ gram }, p, q) => ({ number: gram[p][q], text: format(gram[p][q], 3) }) });
  for (const [how, title] of Object.entries(HOW)) {
    addMatrix(lesson, host, {
      title, keyOf: () => (how === "softmax" ? "any" : how),
      cell: ({ weights }, p, q) => weights[how][p] && { number: weights[how][p][q], weight: true, text: how === "linear" ? written(weights[how][p][q]) : fixed(weights[how][p][q], 3) },
    });
  }
  const states = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  figure.append(states);
  const fate = { proper: "is a proper mixture", outside: "leaves [0, 1]", undefined: "does not exist" };
  lesson.onDraw((_, { rows, norms }) => {
    states.textContent = `Lengths: ${norms.map((length, place) => `|${KEYS[place]}| = ${format(length, 3)}`).join(", ")}. With linear weights ${rows.map((kind, place) => `${KEYS[place]} ${fate[kind]}`).join(", ")}.`;
  });
}

function addCrossing(lesson, { text: wordsHost, figure }) {
  addField(lesson, wordsHost, "row", { things: { 1: "z1", 2: "z2", 3: "z3" } });
  addField(lesson, wordsHost, "key", { things: { 1: "z1", 2: "z2", 3: "z3" } });
  const list = make("p", { class: "pvl-outcome", role: "status", "data-answer": "any" });
  wordsHost.append(list);
  const pictures = make("div", { class: "pvl-panels" });
  figure.append(pictures);
  const [left, right] = [make("div"), make("div")];
  pictures.append(left, right);
  addPlane(lesson, left);
  addPlot(lesson, right, {
    label: "Where a crossing happens", shape: 0.75,
    data: ({ ask }, { pairs }) => ({
      x: { label: "cos φ", low: -1, high: 1 }, y: { label: "|zi| / |zj|", low: 0, high: MOST_RATIO },
      series: [{ of: "curve", label: "1 / cos φ: above it i is more like j than j itself", points: COSINES.map((cosine) => [cosine, Math.min(1 / cosine, MOST_RATIO)]) }],
      marks: pairs.map(({ i, j, ratio, cosine, exceeds }) => ({
        x: cosine, y: Math.min(ratio, MOST_RATIO), of: exceeds ? "crossing" : "pair",
        title: `${KEYS[i]} against ${KEYS[j]}: ${format(ratio, 3)} times as long, cos ${format(cosine, 3)}${exceeds ? ": crossing" : ""}`,
      })),
      alt: ask ? "Pairs of vectors by angle and ratio of lengths." : `${pairs.map(({ i, j, ratio, cosine, exceeds }) => `${KEYS[i]} against ${KEYS[j]}: ratio ${format(ratio, 3)}, cosine ${format(cosine, 3)}, ${exceeds ? "a crossing" : "none"}`).join("; ")}.`,
    }),
  });
  lesson.onDraw((_, { crossings, gram }) => {
    const each = crossings.map(({ first, second, itself }) => `${KEYS[first]}·${KEYS[second]} = ${format(gram[first][second], 3)} > ${KEYS[itself]}·${KEYS[itself]} = ${format(gram[itself][itself], 3)}`);
    list.textContent = each.length ? `Here: ${each.join("; ")}.` : "Here every vector is at least as similar to itself as any two others are to each other.";
  });
}

function addOrder(lesson, { text: wordsHost, figure }) {
  for (const key of ["n", "d"]) addField(lesson, wordsHost, key);
  addFormula(lesson, wordsHost, {
    label: "Multiplications of both orders", fixed: [],
    live: ({ n, d }, { costs }) => [
      row(symbol("scores", row("(", "Q", sup("K", "T"), ")", "V"), "scores first"), ":", String(n), "×", String(n), "×", String(2 * d), "=", blank("cost", symbol("scores", text(whole(costs.scores))))),
      row(symbol("summary", row("Q", "(", sup("K", "T"), "V", ")"), "summary first"), ":", String(d), "×", String(d), "×", String(2 * n), "=", blank("any", symbol("summary", text(whole(costs.summary))))),
    ],
  });
  addPlot(lesson, figure, {
    label: "Multiplications over the length of the sequence",
    data: ({ n, d, ask }, { costs }) => {
      const longest = Math.max(2 * d, n);
      const lengths = Array.from({ length: 101 }, (_, index) => (index * longest) / 100);
      const all = lengths.map((length) => costsOf({ n: length, d }));
      const points = (order) => all.map((cost, place) => [lengths[place], cost[order]]);
      return {
        x: { label: "Vectors in the sequence, n", low: 0, high: longest }, y: { label: "Multiplications", low: 0, high: Math.max(...all.flatMap(Object.values)) },
        series: [{ of: "scores", label: "scores first", dash: "8 4", points: points("scores") }, { of: "summary", label: "summary first", strong: true, points: points("summary") }],
        guides: [{ x: d, label: "n = d: equal" }], marks: [{ x: n, y: costs.scores, of: "scores", title: whole(costs.scores) }, { x: n, y: costs.summary, of: "summary", title: whole(costs.summary) }],
        alt: `Scores first grows with the square of n, summary first in proportion.${ask ? "" : ` At n = ${n}: ${whole(costs.scores)} and ${whole(costs.summary)}.`}`,
      };
    },
  });
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {Object} data Lesson.page_data() of pedviz/lessons/attention.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, { inks: INKS, describe, derive: valuesOf, questions: QUESTIONS, apart: ["how", "n", "d"] });
  addVectors(lesson, lesson.main);
  addFormula(lesson, lesson.side, { label: "Weights and mixture", fixed: FIXED, live: liveLines });
  addField(lesson, lesson.side, "how");
  addField(lesson, lesson.side, "row", { things: { 1: "z1", 2: "z2", 3: "z3" } });
  for (const key of KEYS) addField(lesson, lesson.side, key, { of: key });
  addField(lesson, lesson.side, "alpha");
  addWeights(lesson, lesson.section("weights"));
  addCrossing(lesson, lesson.section("crossing", { layout: "split" }));
  addOrder(lesson, lesson.section("order", { layout: "split" }));
  lesson.start();
}
