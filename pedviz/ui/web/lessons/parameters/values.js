/**
 * Everything that follows from the state of the lesson on counting parameters.
 *
 * @import { Common } from "../kit/kit.js"
 * @typedef {Record<"layer"|"k"|"ch"|"side"|"classes"|"hid"|"c"|"mask", number> &
 *   {w: number[], model: string, norm: boolean} & Common} State
 * @typedef {ReturnType<ReturnType<typeof deriver>>} Values
 * @typedef {Values["vgg"]} Vgg
 * @typedef {Vgg["layers"][number]} VggLayer
 * @typedef {ReturnType<typeof countedVariant>} Variant
 * @typedef {import("../kit/kit.js").Lesson<State, Values>} Lesson
 * @typedef {[name: string, part: string, weights: number, biases: number]} Row a layer, as pedviz/lessons/parameters.py
 *   lists it
 * @typedef {{id: string, label: string, backbone: string, hidden: number, layers: Row[]}} Listed a variant
 */

import { remembering } from "../../base/memo.js";
import {
  convLayer,
  countByPart,
  countParameters,
  linearLayer,
  VGG16_HIDDEN,
  VGG16_WIDTHS,
  vgg16Layers,
} from "../../maths/parameters.js";

/** @type {Object<string, string>} */
export const PARTS = {
  backbone: "Backbone",
  neck: "Neck",
  rpn: "Proposal network",
  box_head: "Box head",
  mask_head: "Mask head",
};
export const HEAD = { cells: 49, hidden: 1024 }; // what the box head reads and writes

/**
 * Where each layer's count comes from: what enters it, in channels or numbers.
 * @param {import("../../maths/parameters.js").Layer[]} layers
 * @param {State} state
 */
function withInputs(layers, state) {
  return layers.map((layer, place) => {
    const isConv = layer.output.length === 3;
    const inputs = layer.weights / (layer.output[0] * (isConv ? state.k ** 2 : 1));
    return { ...layer, isConv, inputs, outputs: layer.output[0], number: place + 1 };
  });
}

const HALVINGS = 2 ** VGG16_WIDTHS.length; // pixels of the image for each cell that is laid out

/** @param {State} state */
function vggOf(state) {
  const widths = VGG16_WIDTHS.map((block, place) => block.map(() => state.w[place]));
  const { ch: channels, side, classes, k: kernel, hid } = state;
  const layers = withInputs(
    vgg16Layers({ channels, side, classes, kernel, widths, hidden: VGG16_HIDDEN.map(() => hid) }),
    state,
  );
  const parts = countByPart(layers);
  return {
    layers,
    total: countParameters(layers),
    convolutions: parts.convolutions,
    connected: parts["fully connected"],
  };
}

/**
 * How VGG16 grows with its image: [side, convolutions, all] at both ends of every side that leaves one number of
 * cells, up to `highest`, where the next step begins.
 * @param {State} state
 * @param {number} highest
 */
export function growthOf(state, highest) {
  const cells = Array.from({ length: highest / HALVINGS }, (_, place) => place + 1);
  return cells.flatMap((cell) => {
    const { convolutions, total } = vggOf({ ...state, side: cell * HALVINGS });
    return [cell, cell + 1].map((end) => [Math.min(end * HALVINGS, highest), convolutions, total]);
  });
}

/** What a batch norm is called in the table of layers; a frozen one has no parameters. */
const isNorm = (/** @type {string} */ name) => name.endsWith(" norm");

/**
 * A row of the table as a layer, with so many times the channels in the last mask layer.
 * @param {Row} row
 * @param {number} factor
 */
function layerOf([name, part, weights, biases], factor) {
  const isWider = name === "enlarge" || name === "class maps";
  const [w, b] = [isWider ? weights * factor : weights, name === "enlarge" ? biases * factor : biases];
  return { name, part, weights: w, biases: b, parameters: w + b };
}

/**
 * The layers of a variant, in the form that the state asks for.
 * @param {Row[]} rows
 * @param {number} hidden
 * @param {{mask: number, norm: boolean}} state
 */
function variantLayers(rows, hidden, { mask, norm }) {
  return rows.filter(([name]) => norm || !isNorm(name)).map((row) => layerOf(row, mask / hidden));
}

/** @param {Listed} variant @param {Row[]} backbone @param {State} state */
function countedVariant(variant, backbone, state) {
  const layers = variantLayers([...backbone, ...variant.layers], variant.hidden, state);
  return { ...variant, layers, parts: countByPart(layers), total: countParameters(layers) };
}

/**
 * What makes the values of a state.
 * @param {{backbones: Object<string, Row[]>, variants: Listed[]}} data
 */
export function deriver({ backbones, variants }) {
  const light = variantLayers(backbones.mobilenet_v2, 1, { mask: 1, norm: false });
  const vggBy = remembering(["k", "ch", "side", "classes", "hid", "w"], vggOf);
  const countedBy = remembering(["mask", "norm"], (/** @type {State} */ state) =>
    variants.map((variant) => countedVariant(variant, backbones[variant.backbone], state)),
  );
  return (/** @type {State} */ state) => {
    const [vgg, counted] = [vggBy(state), countedBy(state)];
    return {
      vgg,
      chosen: vgg.layers[state.layer - 1],
      variants: counted,
      variant: /** @type {Variant} */ (counted.find(({ id }) => id === state.model)), // Python lists every option
      head: linearLayer(HEAD.cells * state.c, HEAD.hidden).parameters,
      squeeze: convLayer(state.c, 256, { kernel: 1, bias: false }).parameters,
      light: countParameters(light),
    };
  };
}
