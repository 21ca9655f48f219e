/**
 * Lesson 6, counting parameters.
 *
 * @import { Question } from "../kit/questions.js"
 * @import { Section } from "../kit/frame.js"
 * @import { Lesson, State, Values, VggLayer } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { whole } from "../../base/numbers.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { createLesson } from "../kit/kit.js";
import { blank, name, number, row, sub, symbol, text } from "../kit/mathml.js";
import { addBars, addGrowth, addParts } from "./picture.js";
import { deriver, HEAD, PARTS } from "./values.js";

const INKS = {
  conv: 1,
  fc: 2,
  chosen: 3,
  inputs: 4,
  outputs: 5,
  kernel: 1,
  total: 6,
  backbone: 1,
  neck: 4,
  rpn: 5,
  box_head: 2,
  mask_head: 3,
};
const FIELDS = /** @type {const} */ (["layer", "k", "ch", "side", "classes", "hid", "w"]);
const SHOWN_LAYERS = 8; // of a variant, the largest
const FIRST_CONNECTED = "fc6";

/** @param {number} part @param {number} all */
const share = (part, all) => `${((100 * part) / all).toFixed(1)} %`;
/** @param {string} of @param {number} value */
const count = (of, value) => symbol(of, whole(value));

/** @param {State} state @param {Values} values */
function describe({ ask }, { vgg, chosen }) {
  const what = `VGG16 with ${vgg.layers.length} layers; ${chosen.name} is chosen.`;
  if (ask) return what;
  return (
    `${what} It has ${whole(chosen.parameters)} of ${whole(vgg.total)} parameters. Convolutions hold ` +
    `${share(vgg.convolutions, vgg.total)}, fully connected layers ${share(vgg.connected, vgg.total)}.`
  );
}

const kindOf = (/** @type {VggLayer} */ { isConv }) => (isConv ? "conv" : "fc");
/** @type {(layer: VggLayer, state: State) => string} */
const shape = ({ isConv, inputs, outputs }, { k }) =>
  isConv
    ? `${k} × ${k}, ${whole(inputs)} to ${whole(outputs)} channels`
    : `${whole(inputs)} to ${whole(outputs)} numbers`;
/** What enters it is a question of its own. @param {VggLayer} layer */
const isLaidOut = ({ name: title }) => title === FIRST_CONNECTED;
const enters = (/** @type {VggLayer} */ layer) =>
  isLaidOut(layer) ? blank("laid", count("inputs", layer.inputs)) : count("inputs", layer.inputs);
/** @type {(layer: VggLayer, state: State) => string} */
const asked = (layer, state) =>
  isLaidOut(layer) ? `all numbers of the last map to ${whole(layer.outputs)} numbers` : shape(layer, state);

/** @type {Question<State, Values>[]} */
const QUESTIONS = [
  {
    key: "layer",
    asks: (state, { chosen }) => `How many parameters does ${chosen.name} have: ${asked(chosen, state)}, with biases?`,
    answer: (_, { chosen }) => chosen.parameters,
    tolerance: 0,
    explains: (_, { chosen }) => `${whole(chosen.weights)} weights and ${whole(chosen.biases)} biases.`,
  },
  {
    key: "laid",
    asks: ({ side }, { vgg }) =>
      `The image is ${side} pixels wide and halved five times, and ${vgg.layers[12].outputs} channels are left. ` +
      "How many numbers enter fc6?",
    answer: (_, { vgg }) => vgg.layers[13].inputs,
    tolerance: 0,
    explains: ({ side }, { vgg }) => `${Math.floor(side / 32)} × ${Math.floor(side / 32)} × ${vgg.layers[12].outputs}.`,
  },
  {
    key: "share",
    after: "layers",
    asks: () => "What percentage of all parameters is in the fully connected layers?",
    answer: (_, { vgg }) => (100 * vgg.connected) / vgg.total,
    tolerance: 1,
    explains: (_, { vgg }) => `${whole(vgg.connected)} of ${whole(vgg.total)}.`,
  },
  {
    key: "head",
    after: "head",
    asks: ({ c }) => `How many parameters does a layer from 7 × 7 × ${whole(c)} numbers to 1,024 have?`,
    answer: (_, { head }) => head,
    tolerance: 0,
    explains: ({ c }) => `49 × ${whole(c)} × 1,024 + 1,024.`,
  },
];

const FIXED = [
  row(
    text("convolution: "),
    symbol("kernel", "k", "side of the kernel"),
    symbol("kernel", "k"),
    symbol("inputs", sub("c", name("in")), "what enters"),
    symbol("outputs", sub("c", name("out")), "what leaves"),
    "+",
    symbol("outputs", sub("c", name("out"))),
  ),
  row(
    text("fully connected: "),
    symbol("inputs", sub("n", name("in"))),
    symbol("outputs", sub("n", name("out"))),
    "+",
    symbol("outputs", sub("n", name("out"))),
  ),
];

/** @param {State} state @param {Values} values */
function liveLines({ k }, { vgg, chosen }) {
  const kernel = chosen.isConv ? [number("kernel", k), "×", number("kernel", k), "×"] : [];
  return [
    row(
      text(`${chosen.name}: `),
      ...kernel,
      enters(chosen),
      "×",
      count("outputs", chosen.outputs),
      "+",
      count("outputs", chosen.outputs),
    ),
    row("=", blank("layer", count("chosen", chosen.parameters))),
    row(text("convolutions "), blank("any", count("conv", vgg.convolutions))),
    row(
      text("connected "),
      blank("share", row(count("fc", vgg.connected), text(` = ${share(vgg.connected, vgg.total)}`))),
    ),
    row(text("together "), blank("any", count("total", vgg.total))),
  ];
}

/**
 * A row that stays, and its button with the focus: only what it says is written anew.
 * @param {Lesson} lesson
 * @param {VggLayer} first
 */
function layerRow(lesson, first) {
  const choose = make(
    "button",
    { type: "button", class: "pv-button pv-quiet pv-small", onclick: () => lesson.set({ layer: first.number }) },
    first.name,
  );
  const [joins, leaves, ...counts] = Array.from({ length: 5 }, () => make("td"));
  const part = make("td", { "data-answer": "any" });
  if (isLaidOut(first)) joins.dataset.answer = "laid";
  const element = make(
    "tr",
    { "data-of": kindOf(first) },
    make("th", { scope: "row" }, choose),
    joins,
    leaves,
    ...counts,
    part,
  );
  /** @type {(layer: VggLayer, state: State, values: Values) => void} */
  function show(layer, state, { vgg, chosen }) {
    const isChosen = layer === chosen;
    element.classList.toggle("pvl-chosen", isChosen);
    say(joins, shape(layer, state));
    say(leaves, layer.output.map(whole).join(" × "));
    say(part, share(layer.parameters, vgg.total));
    [layer.weights, layer.biases, layer.parameters].forEach((count, place) => {
      say(counts[place], whole(count));
      counts[place].dataset.answer = isChosen ? "layer" : "any";
    });
  }
  return { element, show };
}

/** @param {Lesson} lesson @param {Section} section */
function addTable(lesson, { figure }) {
  const rows = lesson.values().vgg.layers.map((layer) => layerRow(lesson, layer));
  const table = framedTable({
    label: "VGG16 layer by layer",
    heads: ["layer", "input to output", "output", "weights", "biases", "parameters", "share"],
    rows: rows.map(({ element }) => element),
  });
  figure.append(make("details", { class: "pvl-further" }, make("summary", {}, "All layers as a table"), table));
  lesson.onDraw(
    (state, values) => rows.forEach(({ show }, place) => show(values.vgg.layers[place], state, values)),
    table,
  );
}

/** @param {Lesson} lesson @param {Section} section */
function addDetectors(lesson, { text: words, figure }) {
  addField(lesson, words, "model");
  addField(lesson, words, "mask", { of: "mask_head" });
  addField(lesson, words, "norm");
  addParts(lesson, figure);
  const body = make("tbody");
  const caption = make("caption");
  figure.append(
    framedTable({
      label: "The largest layers of the chosen variant",
      caption,
      heads: ["part", "layer", "parameters", "share"],
      rows: body,
    }),
  );
  lesson.onDraw((_, { variant, head }) => {
    const largest = variant.layers.toSorted((a, b) => b.parameters - a.parameters).slice(0, SHOWN_LAYERS);
    caption.textContent = `${variant.label}: the ${largest.length} largest of ${variant.layers.length} layers`;
    body.replaceChildren(
      ...largest.map(({ part, name: title, parameters }) =>
        make(
          "tr",
          {},
          make("th", { scope: "row", "data-of": part }, PARTS[part]),
          make("td", {}, title),
          make("td", { "data-answer": parameters === head ? "head" : null }, whole(parameters)),
          make("td", {}, share(parameters, variant.total)),
        ),
      ),
    );
  }, figure);
}

/** @param {Lesson} lesson @param {Section} section */
function addHead(lesson, { text: words, figure }) {
  addField(lesson, words, "c", { of: "inputs" });
  addFormula(lesson, figure, {
    label: "The first layer of the box head",
    fixed: [
      row(
        "7",
        "×",
        "7",
        "×",
        symbol("inputs", "C", "input channels of the box head"),
        "×",
        whole(HEAD.hidden),
        "+",
        whole(HEAD.hidden),
      ),
    ],
    live: ({ c }, { head, squeeze, light }) => [
      row("7", "×", "7", "×", number("inputs", c), "×", whole(HEAD.hidden), "+", whole(HEAD.hidden)),
      row("=", blank("head", count("box_head", head))),
      row(text("a MobileNetV2 backbone: "), blank("any", count("backbone", light))),
      row(text("so the layer is "), blank("any", number("box_head", head / light, 1)), text(" backbones")),
      row(text("a squeeze to 256 costs "), blank("any", count("neck", squeeze))),
    ],
  });
}

/**
 * A layer to count, the sizes that it depends on, and the channels of a box head.
 * @param {import("../kit/random.js").Random} random
 */
const vary = ({ whole, pick }) => ({
  layer: whole(1, 13),
  k: pick([1, 3, 5, 7]),
  side: 32 * whole(4, 12),
  c: 64 * whole(2, 12),
});

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/parameters.py
 */
export function mount(element, data) {
  const lesson = createLesson(element, data, {
    inks: INKS,
    describe,
    derive: deriver(data.data),
    questions: QUESTIONS,
    apart: ["model", "mask", "norm"],
    vary,
  });
  addBars(lesson, lesson.main, describe);
  addGrowth(lesson, lesson.main);
  addFormula(lesson, lesson.side, { label: "Parameters of a layer", fixed: FIXED, live: liveLines });
  for (const key of FIELDS) addField(lesson, lesson.side, key);
  addTable(lesson, lesson.section("layers"));
  addDetectors(lesson, lesson.section("detectors", { layout: "split" }));
  addHead(lesson, lesson.section("head", { layout: "split" }));
  lesson.start();
}
