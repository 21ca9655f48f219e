/** Drawing one pane: the photo, then masks, then boxes, then labels, in pixels of the photo. */

import { layerSize } from "../base/layers.js";
import { thresholds } from "./scene.js";

/**
 * @import { Layers } from "../base/layers.js"
 * @import { Part } from "../base/photo.js"
 * @import { Palette, StyleData } from "../payloads.d.ts"
 * @import { Lit } from "./focus.js"
 * @import { PaneName, Person, Scene, State } from "./scene.js"
 *
 * @typedef {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} Context
 * @typedef {{x: number, y: number, width: number, height: number}} Place of a tag
 *
 * @typedef {Object} PaneSettings
 * @property {Person[]} people
 * @property {State} state
 * @property {Pick<Layers, "layer">|null} layers
 * @property {number} threshold of masks
 * @property {Palette} palette
 * @property {Float32Array|null} truth four numbers a person
 * @property {number[]} missed places in `truth`
 * @property {number} selected place in `truth`, -1 for none
 * @property {Lit|null} [lit] who is lit up
 *
 * @typedef {PaneSettings & {unit: number, box: Part}} DrawSettings unit: photo pixels for one screen pixel; box: the
 *   part of the photo in sight
 * @typedef {DrawSettings & {rules: StyleData}} RuledSettings
 */

const LINE = 2; // screen pixels
const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, sans-serif";
const DIMMED = 0.45;

/**
 * What a pane of a scene is drawn from.
 * @param {Scene} scene
 * @param {PaneName} pane
 * @param {Pick<PaneSettings, "state"|"layers"|"palette">} looks
 * @returns {PaneSettings}
 */
export function paneSettings(scene, pane, { state, layers, palette }) {
  return {
    people: scene.people[pane],
    state,
    layers,
    threshold: thresholds(state, pane).mask,
    palette,
    truth: state.view === "truth" ? scene.truth : null,
    missed: scene.counts[pane]?.missed ?? [],
    selected: -1,
  };
}

/** @type {(person: Person, rules: StyleData) => string} */
function labelOf(person, { numbered, prefix, decimals }) {
  return `${numbered ? `${person.number} · ` : ""}${prefix}${person.score.toFixed(decimals)}`;
}

/** @type {(context: Context, people: Person[], settings: RuledSettings) => void} */
function drawMasks(context, people, { state, layers, threshold, rules, lit, unit }) {
  if (!layers) return;
  const size = layerSize(1 / unit);
  for (const person of [...people].reverse()) {
    const layer = layers.layer(person, { threshold, colour: rules.mask ?? person.colour, size });
    if (!layer) continue;
    context.globalAlpha = state.opacity * (lit && !lit(person) ? DIMMED : 1);
    context.drawImage(layer.canvas, layer.x, layer.y, layer.width, layer.height);
  }
  context.globalAlpha = 1;
}

/**
 * A rectangle that stays readable on any photo: a dark line below the coloured one.
 * @param {Context} context
 * @param {Float32Array} box
 * @param {{colour: string, dash: number[], width: number, unit: number}} line
 */
function strokeBox(context, box, { colour, dash, width, unit }) {
  const [x1, y1, x2, y2] = box;
  context.setLineDash([]);
  context.lineWidth = (width + 1.5) * unit;
  context.strokeStyle = "rgb(0 0 0 / 55%)";
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  context.setLineDash(dash.map((length) => length * width * unit));
  context.lineWidth = width * unit;
  context.strokeStyle = colour;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
  context.setLineDash([]);
}

/** @type {(context: Context, people: Person[], settings: RuledSettings) => void} */
function drawBoxes(context, people, { rules, lit, unit }) {
  for (const person of people) {
    const bright = lit?.(person);
    context.globalAlpha = lit && !bright ? DIMMED : 1;
    strokeBox(context, person.box, {
      colour: rules.box ?? person.colour,
      dash: person.dash,
      width: bright ? LINE * 2 : LINE,
      unit,
    });
  }
  context.globalAlpha = 1;
}

/** @type {(a: Place, b: Place) => boolean} */
const apart = (a, b) => a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

/**
 * Where a tag goes: above the box, else at its other corners, wherever no better person's tag is.
 * @param {Person} person
 * @param {{width: number, height: number, box: Part, taken: Place[]}} room
 */
function tagPlace(person, { width, height, box, taken }) {
  const [x1, y1, x2, y2] = person.box;
  /** @type {(corner: number[]) => Place} */
  const inside = ([x, y]) => ({
    x: Math.min(Math.max(x, box.left), Math.max(box.left, box.right - width)),
    y: Math.min(Math.max(y, box.top), Math.max(box.top, box.bottom - height)),
    width,
    height,
  });
  const places = [
    [x1, y1 - height],
    [x2 - width, y1 - height],
    [x1, y1],
    [x2 - width, y1],
    [x1, y2 - height],
    [x2 - width, y2 - height],
  ].map(inside);
  return places.find((place) => taken.every((other) => apart(place, other))) ?? places[0];
}

/** @type {(context: Context, text: string, person: Person, settings: DrawSettings & {taken: Place[]}) => void} */
function drawTag(context, text, person, { unit, box, taken }) {
  const size = 12 * unit;
  const pad = 4 * unit;
  context.font = `600 ${size}px ${FONT_FAMILY}`;
  const place = tagPlace(person, {
    width: context.measureText(text).width + 2 * pad,
    height: size + 1.5 * pad,
    box,
    taken,
  });
  taken.push(place);
  context.fillStyle = person.colour;
  context.fillRect(place.x, place.y, place.width, place.height);
  context.fillStyle = person.text;
  context.fillText(text, place.x + pad, place.y + place.height / 2);
}

/**
 * A label without a plate: inside the box where the style says how far, else above it.
 * @type {(context: Context, text: string, person: Person, settings: RuledSettings & {colour: string}) => void}
 */
function drawBareLabel(context, text, person, { rules, unit, box, colour }) {
  const size = 13 * unit;
  const inset = (rules.inset_px ?? 0) * unit;
  context.font = `600 ${size}px ${FONT_FAMILY}`;
  context.fillStyle = colour;
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.lineWidth = 3 * unit;
  context.lineJoin = "round";
  const below = rules.inset_px !== null;
  const x = Math.min(person.box[0] + inset, box.right - context.measureText(text).width);
  const y = below ? person.box[1] + inset + size / 2 : Math.max(person.box[1] - size / 2, size / 2);
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

/** @type {(context: Context, people: Person[], settings: RuledSettings) => void} */
function drawLabels(context, people, settings) {
  const { text: usual, sure_text: sure, sure_score: least } = settings.rules;
  context.textBaseline = "middle";
  /** @type {Place[]} */
  const taken = [];
  for (const person of people) {
    context.globalAlpha = settings.lit && !settings.lit(person) ? DIMMED : 1;
    const text = labelOf(person, settings.rules);
    if (usual === null) drawTag(context, text, person, { ...settings, taken });
    else {
      const colour = person.score > least ? (sure ?? usual) : usual;
      drawBareLabel(context, text, person, { ...settings, colour });
    }
  }
  context.globalAlpha = 1;
}

/** @type {(context: Context, truth: Float32Array, settings: DrawSettings) => void} */
function drawTruth(context, truth, { palette, unit, missed, selected }) {
  const { colour, dash } = palette.roles.truth;
  for (let i = 0; i < truth.length / 4; i += 1) {
    const box = truth.subarray(4 * i, 4 * i + 4);
    if (missed.includes(i)) {
      context.fillStyle = colour;
      context.globalAlpha = 0.22;
      context.fillRect(box[0], box[1], box[2] - box[0], box[3] - box[1]);
      context.globalAlpha = 1;
    }
    strokeBox(context, box, { colour, dash, width: i === selected ? LINE * 1.5 : LINE, unit });
  }
}

/**
 * Draw people over whatever is on the canvas; its transform maps photo pixels to canvas pixels.
 * @param {Context} context
 * @param {DrawSettings} settings
 */
export function drawPeople(context, settings) {
  const { people, state } = settings;
  const ruled = { ...settings, rules: settings.palette.styles[state.style] };
  if (state.masks) drawMasks(context, people, ruled);
  if (settings.truth) drawTruth(context, settings.truth, settings);
  if (state.boxes) drawBoxes(context, people, ruled);
  if (state.labels) drawLabels(context, people, ruled);
}
