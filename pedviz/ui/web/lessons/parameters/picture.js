/**
 * Images of where weights sit: a bar a layer of VGG16, and a strip of parts a variant.
 *
 * @import { Stage } from "../../charts/stage.js"
 * @import { Lesson, State, Values, Variant, Vgg, VggLayer } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { short, whole } from "../../base/numbers.js";
import { svg, words } from "../../base/svg.js";
import { addPlot } from "../../charts/plot.js";
import { createStage } from "../../charts/stage.js";
import { growthOf, PARTS } from "./values.js";

const ROW = 27; // pixels
const STRIP = 46; // of the strip above the bars
const LABEL = 92; // room for a layer's name on the left
const COUNT = 150; // room for the numbers on the right, also in presenter mode

/**
 * All layers side by side in one strip, as wide as their share.
 * @param {Stage} stage
 * @param {Vgg} vgg
 * @param {{chosen: VggLayer, ask: boolean}} seen
 */
function strip(stage, { layers, total }, { chosen, ask }) {
  const width = stage.width - 24;
  let left = 12;
  return layers.map((layer) => {
    const wide = (width * layer.parameters) / total;
    const piece = svg(
      "rect",
      {
        x: left,
        y: 10,
        width: wide,
        height: STRIP - 20,
        "data-of": layer.isConv ? "conv" : "fc",
        class: layer === chosen ? "pvl-count-piece pvl-count-chosen" : "pvl-count-piece",
      },
      svg("title", {}, ask ? layer.name : `${layer.name}: ${whole(layer.parameters)}`),
    );
    left += wide;
    return piece;
  });
}

/**
 * @param {Stage} stage
 * @param {VggLayer} layer
 * @param {{longest: number, total: number, isChosen: boolean, place: number}} all
 */
function bar(stage, layer, { longest, total, isChosen, place }) {
  const y = STRIP + place * ROW;
  const room = stage.width - LABEL - COUNT;
  const of = layer.isConv ? "conv" : "fc";
  return [
    words(LABEL - 8, y + 18, layer.name, {
      "text-anchor": "end",
      "data-of": of,
      class: isChosen ? "pvl-count-name" : null,
    }),
    svg("rect", {
      x: LABEL,
      y: y + 4,
      width: Math.max((room * layer.parameters) / longest, 1),
      height: ROW - 8,
      "data-of": of,
      class: isChosen ? "pvl-count-bar pvl-count-chosen" : "pvl-count-bar",
    }),
    words(stage.width - 10, y + 18, `${short(layer.parameters)}, ${((100 * layer.parameters) / total).toFixed(1)} %`, {
      "text-anchor": "end",
      class: "pvl-halo",
      "data-answer": isChosen ? "layer" : "any",
    }),
  ];
}

/**
 * A bar for each layer of VGG16; pressing one chooses it.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {(state: State, values: Values) => string} describe the image in words
 */
export function addBars(lesson, host, describe) {
  const layers = () => lesson.values().vgg.layers;
  const stage = createStage(lesson, host, {
    label: "Parameters of every layer",
    heightFor: () => STRIP + layers().length * ROW + 8,
  });
  stage.picture.addEventListener("click", (event) => {
    const place = Math.floor((stage.unitsAt(event).y * stage.height - STRIP) / ROW);
    if (place >= 0 && place < layers().length) lesson.set({ layer: place + 1 });
  });
  lesson.onDraw((state, values) => {
    const { vgg, chosen } = values;
    const longest = Math.max(...vgg.layers.map(({ parameters }) => parameters));
    stage.draw([
      ...strip(stage, vgg, { chosen, ask: state.ask }),
      ...vgg.layers.flatMap((layer, place) =>
        bar(stage, layer, { longest, total: vgg.total, isChosen: layer === chosen, place }),
      ),
    ]);
    stage.describe(describe(state, values));
  });
}

/**
 * What the image's side does to the count: nothing in convolutions, its square in fc6.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addGrowth(lesson, host) {
  const sides = lesson.setting("side");
  addPlot(lesson, host, {
    label: "Parameters over the image's side",
    parts: ({ k, ch, side, classes, hid, w }) => [k, ch, side, classes, hid, w],
    data: (state) => {
      const widest = state.side > sides.high / 2 ? sides.high : sides.high / 2;
      const points = growthOf(state, widest);
      return {
        x: { label: "Side of the image, pixels", low: sides.low, high: widest },
        y: { label: "Parameters", low: 0, high: Math.max(...points.map(([, , all]) => all)) * 1.05 },
        series: [
          { of: "total", label: "the whole network", strong: true, points: points.map(([side, , all]) => [side, all]) },
          {
            of: "conv",
            label: "its convolutions",
            dash: "8 5",
            points: points.map(([side, convolutions]) => [side, convolutions]),
          },
        ],
        alt:
          "The convolutions keep their count whatever the image's side; the whole grows in steps of 32 pixels, " +
          "with the square of the side.",
      };
    },
    cursor: {
      label: "Side of the image",
      of: "total",
      step: () => 32,
      place: ({ side }, { vgg }) => ({ x: side, y: vgg.total }),
      move: ({ x }) => lesson.fit({ side: x }),
    },
  });
}

/**
 * A button that stays, and keeps the focus, with a strip of a variant's parts.
 * @param {Lesson} lesson
 * @param {Variant} variant
 */
function variantStrip(lesson, { id, label }) {
  const count = make("span");
  const pieces = Object.keys(PARTS).map((part) => make("i", { "data-of": part }));
  const picture = make("span", { class: "pvl-count-strip", role: "img" }, ...pieces);
  const element = make(
    "button",
    { type: "button", class: "pvl-count-variant", onclick: () => lesson.set({ model: id }) },
    make("span", {}, make("strong", {}, label), " ", count),
    picture,
  );
  /** @type {(variant: Variant, state: State, most: number) => void} */
  function show({ parts, total }, { model }, most) {
    const said = Object.entries(PARTS)
      .filter(([part]) => parts[part] > 0)
      .map(([part, title]) => `${title}: ${whole(parts[part])}`);
    element.setAttribute("aria-pressed", String(id === model));
    say(count, whole(total));
    picture.setAttribute("aria-label", said.join(", "));
    pieces.forEach((piece) => {
      const part = piece.dataset.of ?? "";
      const own = parts[part] ?? 0;
      piece.hidden = own === 0;
      piece.style.width = `${(100 * own) / most}%`;
      piece.title = `${PARTS[part]}: ${whole(own)}`;
    });
  }
  return { element, show };
}

/**
 * A strip of parts for each variant, all to one scale.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addParts(lesson, host) {
  const legend = make(
    "div",
    { class: "pvl-legend-row" },
    ...Object.entries(PARTS).map(([part, label]) =>
      make(
        "span",
        { class: "pvl-legend-entry", "data-of": part },
        make("i", { class: "pvl-swatch", "data-of": part }),
        label,
      ),
    ),
  );
  const strips = lesson.values().variants.map((variant) => variantStrip(lesson, variant));
  host.append(legend, make("div", { class: "pvl-count-variants" }, ...strips.map(({ element }) => element)));
  lesson.onDraw((state, { variants }) => {
    const most = Math.max(...variants.map(({ total }) => total));
    strips.forEach(({ show }, place) => show(variants[place], state, most));
  }, host);
}
