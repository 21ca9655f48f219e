/** Everything that follows from the state of the lesson on counting parameters. */

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

export const PARTS = {
  backbone: "Backbone",
  neck: "Neck",
  rpn: "Proposal network",
  box_head: "Box head",
  mask_head: "Mask head",
};
export const HEAD = { cells: 49, hidden: 1024 }; // what the box head reads and writes

/** Where each layer's count comes from: what enters it, in channels or numbers. */
function withInputs(layers, state) {
  return layers.map((layer, place) => {
    const isConv = layer.output.length === 3;
    const inputs = layer.weights / (layer.output[0] * (isConv ? state.k ** 2 : 1));
    return { ...layer, isConv, inputs, outputs: layer.output[0], number: place + 1 };
  });
}

const HALVINGS = 2 ** VGG16_WIDTHS.length; // pixels of the image for each cell that is laid out

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
 */
export function growthOf(state, highest) {
  const cells = Array.from({ length: highest / HALVINGS }, (_, place) => place + 1);
  return cells.flatMap((cell) => {
    const { convolutions, total } = vggOf({ ...state, side: cell * HALVINGS });
    return [cell, cell + 1].map((end) => [Math.min(end * HALVINGS, highest), convolutions, total]);
  });
}

/** What a batch norm is called in the table of layers; a frozen one has no parameters. */
const isNorm = (name) => name.endsWith(" norm");

/** A row of the table as a layer, with so many times the channels in the last mask layer. */
function layerOf([name, part, weights, biases], factor) {
  const isWider = name === "enlarge" || name === "class maps";
  const [w, b] = [isWider ? weights * factor : weights, name === "enlarge" ? biases * factor : biases];
  return { name, part, weights: w, biases: b, parameters: w + b };
}

/** The layers of a variant, in the form that the state asks for. */
function variantLayers(rows, hidden, { mask, norm }) {
  return rows.filter(([name]) => norm || !isNorm(name)).map((row) => layerOf(row, mask / hidden));
}

/** @returns {(a: Object) => Object} values of a state; layers as pedviz/lessons/parameters.py lists them */
export function deriver({ backbones, variants }) {
  const rowsOf = ({ backbone, layers }) => [...backbones[backbone], ...layers];
  const light = variantLayers(backbones.mobilenet_v2, 1, { mask: 1, norm: false });
  const vggBy = remembering(["k", "ch", "side", "classes", "hid", "w"], vggOf);
  const countedBy = remembering(["mask", "norm"], (state) =>
    variants.map((variant) => {
      const layers = variantLayers(rowsOf(variant), variant.hidden, state);
      return { ...variant, layers, parts: countByPart(layers), total: countParameters(layers) };
    }),
  );
  return (state) => {
    const [vgg, counted] = [vggBy(state), countedBy(state)];
    return {
      vgg,
      chosen: vgg.layers[state.layer - 1],
      variants: counted,
      variant: counted.find(({ id }) => id === state.model),
      head: linearLayer(HEAD.cells * state.c, HEAD.hidden).parameters,
      squeeze: convLayer(state.c, 256, { kernel: 1, bias: false }).parameters,
      light: countParameters(light),
    };
  };
}
