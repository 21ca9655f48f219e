/**
 * The layers of this project's detectors, from descriptions alone: the twin of
 * pedviz/theory/detector_parameters.py, held equal to it by a test.
 */

import { convLayer, linearLayer, normLayer } from "./parameters.js";

const PYRAMID_CHANNELS = 256;
const LITE_CHANNELS = 128;
const BOX_RESOLUTION = 7; // cells that the box head reads along each side
const BOX_HIDDEN = 1024;
const LITE_BOX_HIDDEN = 512;
const MASK_CHANNELS = 256;
const MASK_DEPTH = 4;

const RESNETS = {
  resnet18: { depths: [2, 2, 2, 2], bottleneck: false, groups: 1, groupWidth: 64 },
  resnet50: { depths: [3, 4, 6, 3], bottleneck: true, groups: 1, groupWidth: 64 },
  resnext101_32x8d: { depths: [3, 4, 23, 3], bottleneck: true, groups: 32, groupWidth: 8 },
};
const STAGE_WIDTHS = [64, 128, 256, 512];
const MOBILENET_STAGES = [
  // expansion, channels, blocks
  [1, 16, 1],
  [6, 24, 2],
  [6, 32, 3],
  [6, 64, 4],
  [6, 96, 3],
  [6, 160, 3],
  [6, 320, 1],
];
const MOBILENET_TAPS = [24, 32, 96, 1280]; // what a pyramid on MobileNetV2 is built from

const count = (length) => Array.from({ length }, (_, place) => place);

/** A convolution without bias and the batch norm behind it, which has parameters if it is trained. */
function backboneConv(inputs, outputs, { kernel, name, groups = 1, norm }) {
  const conv = convLayer(inputs, outputs, { kernel, groups, bias: false, name, part: "backbone" });
  return norm === "batch" ? [conv, normLayer(outputs, { name: `${name} norm`, part: "backbone" })] : [conv];
}

function resnetBlock(inputs, outputs, { width, resnet, norm, name }) {
  const { bottleneck, groups, groupWidth } = resnet;
  const inner = Math.floor((width * groupWidth) / 64) * groups;
  const parts = bottleneck
    ? [
        [inputs, inner, 1, "reduce"],
        [inner, inner, 3, "middle", groups],
        [inner, outputs, 1, "expand"],
      ]
    : [
        [inputs, outputs, 3, "first"],
        [outputs, outputs, 3, "second"],
      ];
  if (inputs !== outputs) parts.push([inputs, outputs, 1, "shortcut"]); // the sum needs equal shapes
  return parts.flatMap(([from, to, kernel, part, inGroups]) =>
    backboneConv(from, to, { kernel, name: `${name} ${part}`, groups: inGroups, norm }),
  );
}

function resnetLayers(resnet, norm) {
  const expansion = resnet.bottleneck ? 4 : 1;
  const layers = backboneConv(3, 64, { kernel: 7, name: "stem", norm });
  let channels = 64;
  STAGE_WIDTHS.forEach((width, stage) => {
    for (const block of count(resnet.depths[stage])) {
      const outputs = width * expansion;
      const name = `stage ${stage + 1} block ${block + 1}`;
      layers.push(...resnetBlock(channels, outputs, { width, resnet, norm, name }));
      channels = outputs;
    }
  });
  return layers;
}

function mobilenetLayers(norm) {
  const layers = backboneConv(3, 32, { kernel: 3, name: "stem", norm });
  let [channels, number] = [32, 0];
  for (const [expansion, outputs, blocks] of MOBILENET_STAGES) {
    for (let block = 0; block < blocks; block += 1) {
      number += 1;
      const inner = channels * expansion;
      const conv = (from, to, kernel, part, groups = 1) =>
        layers.push(...backboneConv(from, to, { kernel, name: `block ${number} ${part}`, groups, norm }));
      if (expansion > 1) conv(channels, inner, 1, "expand");
      conv(inner, inner, 3, "depthwise", inner);
      conv(inner, outputs, 1, "project");
      channels = outputs;
    }
  }
  return [...layers, ...backboneConv(channels, MOBILENET_TAPS.at(-1), { kernel: 1, name: "last", norm })];
}

const BACKBONES = [...Object.keys(RESNETS), "mobilenet_v2"];

function tapsOf(backbone) {
  const resnet = RESNETS[backbone];
  return resnet ? STAGE_WIDTHS.map((width) => width * (resnet.bottleneck ? 4 : 1)) : MOBILENET_TAPS;
}

/** The neck's layers, and the channels that it hands on. */
function neckOf(backbone, neck) {
  const taps = tapsOf(backbone);
  const [width, first] = neck === "lite" ? [LITE_CHANNELS, 3] : [PYRAMID_CHANNELS, 2];
  const conv = (inputs, kernel, name, bias = true) => convLayer(inputs, width, { kernel, bias, name, part: "neck" });
  if (neck === "single") return { layers: [], channels: taps.at(-1) };
  if (neck === "proj256") return { layers: [conv(taps.at(-1), 1, "projection", false)], channels: PYRAMID_CHANNELS };
  const layers = taps
    .slice(first - 2)
    .flatMap((channels, level) => [
      conv(channels, 1, `level ${level + first} lateral`),
      conv(width, 3, `level ${level + first} output`),
    ]);
  return { layers, channels: width };
}

function rpnLayers(channels, anchors) {
  const conv = (outputs, kernel, name) => convLayer(channels, outputs, { kernel, name, part: "rpn" });
  return [conv(channels, 3, "shared"), conv(anchors, 1, "objectness"), conv(anchors * 4, 1, "anchor shifts")];
}

function boxHeadLayers(channels, numClasses, hidden) {
  const linear = (inputs, outputs, name) => linearLayer(inputs, outputs, { name, part: "box_head" });
  return [
    linear(BOX_RESOLUTION ** 2 * channels, hidden, "first"),
    linear(hidden, hidden, "second"),
    linear(hidden, numClasses, "class"),
    linear(hidden, numClasses * 4, "box"),
  ];
}

function maskHeadLayers(channels, numClasses, { width, hidden }) {
  const conv = (inputs, outputs, kernel, name) => convLayer(inputs, outputs, { kernel, name, part: "mask_head" });
  return [
    ...count(MASK_DEPTH).map((n) => conv(n ? width : channels, width, 3, `conv ${n + 1}`)),
    conv(width, hidden, 2, "enlarge"),
    conv(hidden, numClasses, 1, "class maps"),
  ];
}

/**
 * Every layer with parameters of a Faster or Mask R-CNN.
 * @param {string} backbone one of BACKBONES
 * @param {string} neck "fpn", "lite", "single" or "proj256"
 * @param {Object} how `anchors` at each place; `masks`; `numClasses`; `maskHidden`; `norm`, "frozen" or "batch"
 * @throws {RangeError} the backbone is unknown
 */
export function detectorLayers(backbone, neck, how) {
  const { anchors, masks = true, numClasses = 2, maskHidden = 256, norm = "frozen" } = how;
  if (!BACKBONES.includes(backbone)) {
    throw new RangeError(`backbone: expected one of ${BACKBONES.join(", ")}, got '${backbone}'`);
  }
  const resnet = RESNETS[backbone];
  const { layers: neckLayers, channels } = neckOf(backbone, neck);
  const lite = neck === "lite";
  return [
    ...(resnet ? resnetLayers(resnet, norm) : mobilenetLayers(norm)),
    ...neckLayers,
    ...rpnLayers(channels, anchors),
    ...boxHeadLayers(channels, numClasses, lite ? LITE_BOX_HIDDEN : BOX_HIDDEN),
    ...(masks
      ? maskHeadLayers(channels, numClasses, { width: lite ? LITE_CHANNELS : MASK_CHANNELS, hidden: maskHidden })
      : []),
  ];
}
