/**
 * Where the weights of a network sit: the twin of pedviz/theory/parameters.py, held equal to it by a test.
 *
 * @typedef {{name: string, part: string, weights: number, biases: number, output: number[], parameters: number}} Layer
 * @typedef {Pick<Layer, "part"|"parameters">} Counted of a layer what is summed up
 */

/** @type {(name: string, part: string, weights: number, biases: number, output: number[]) => Layer} */
function layer(name, part, weights, biases, output) {
  return { name, part, weights, biases, output, parameters: weights + biases };
}

/**
 * A convolution, `kernel` x `kernel`; a transposed one has as many parameters.
 * @param {number} inputs channels
 * @param {number} outputs channels
 * @param {{kernel: number, bias?: boolean, groups?: number, name?: string, part?: string, output?: number[]}} how
 * @throws {RangeError} the channels do not divide into the groups
 */
export function convLayer(inputs, outputs, how) {
  const { kernel, bias = true, groups = 1, name = "conv", part = "", output = [] } = how;
  if (inputs % groups || outputs % groups) {
    throw new RangeError(`${inputs} and ${outputs} channels do not divide into ${groups} groups`);
  }
  return layer(name, part, kernel * kernel * (inputs / groups) * outputs, bias ? outputs : 0, output);
}

/**
 * A fully connected layer: one weight for each pair of numbers, one bias an output.
 * @param {number} inputs
 * @param {number} outputs
 */
export function linearLayer(inputs, outputs, { name = "linear", part = "" } = {}) {
  return layer(name, part, inputs * outputs, outputs, [outputs]);
}

/** Parameters of all layers together. @param {Counted[]} layers */
export function countParameters(layers) {
  return layers.reduce((sum, { parameters }) => sum + parameters, 0);
}

/** Parameters of each part, in the order in which the parts first come. @param {Counted[]} layers */
export function countByPart(layers) {
  /** @type {Record<string, number>} */
  const totals = {};
  for (const { part, parameters } of layers) totals[part] = (totals[part] ?? 0) + parameters;
  return totals;
}

export const VGG16_WIDTHS = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];
export const VGG16_HIDDEN = [4096, 4096];

/**
 * VGG16, or what becomes of it when its numbers are changed.
 * @param {{channels?: number, side?: number, classes?: number, kernel?: number, widths?: number[][],
 *   hidden?: number[]}} how `channels` and `side` of the square image; `classes`; `kernel`; `widths`, channels of
 *   each convolution in each block; `hidden`, numbers that leave the first fully connected layers
 * @throws {RangeError} nothing is left of the image after the last block
 */
export function vgg16Layers(how = {}) {
  const { channels = 3, side = 224, classes = 1000, kernel = 3, widths = VGG16_WIDTHS, hidden = VGG16_HIDDEN } = how;
  /** @type {Layer[]} */
  const layers = [];
  let [inputs, length] = [channels, side];
  widths.forEach((blockWidths, block) => {
    blockWidths.forEach((width, place) => {
      const name = `conv${block + 1}_${place + 1}`;
      layers.push(convLayer(inputs, width, { kernel, name, part: "convolutions", output: [width, length, length] }));
      inputs = width;
    });
    length = Math.floor(length / 2);
  });
  if (!length) throw new RangeError(`nothing is left of the image after ${widths.length} halvings; make it larger`);
  let numbers = inputs * length * length;
  [...hidden, classes].forEach((outputs, place) => {
    const name = `fc${widths.length + 1 + place}`;
    layers.push(linearLayer(numbers, outputs, { name, part: "fully connected" }));
    numbers = outputs;
  });
  return layers;
}
