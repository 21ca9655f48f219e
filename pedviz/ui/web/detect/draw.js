/** Drawing one pane: the photo, then masks, then boxes, then labels, in pixels of the photo. */

import { layerSize } from "../base/layers.js";

const LINE = 2; // screen pixels
const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', Roboto, Ubuntu, sans-serif";
const DIMMED = 0.45;

/** What a label says; `rules` is a DrawingStyle of pedviz/viz/palette.py, here and below. */
function labelOf(person, { numbered, prefix, decimals }) {
  return `${numbered ? `${person.number} · ` : ""}${prefix}${person.score.toFixed(decimals)}`;
}

function drawMasks(context, people, { state, layers, threshold, rules, lit, unit }) {
  const size = layerSize(1 / unit);
  for (const person of [...people].reverse()) {
    const layer = layers.layer(person, { threshold, colour: rules.mask ?? person.colour, size });
    if (!layer) continue;
    context.globalAlpha = state.opacity * (lit && !lit(person) ? DIMMED : 1);
    context.drawImage(layer.canvas, layer.x, layer.y, layer.width, layer.height);
  }
  context.globalAlpha = 1;
}

/** A rectangle that stays readable on any photo: a dark line below the coloured one. */
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

const apart = (a, b) => a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;

/** Where a tag goes: above the box, else at its other corners, wherever no better person's tag is. */
function tagPlace(person, { width, height, box, taken }) {
  const [x1, y1, x2, y2] = person.box;
  /** @type {(corner: number[]) => {x: number, y: number, width: number, height: number}} */
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

/** A label without a plate: inside the box where the style says how far, else above it. */
function drawBareLabel(context, text, person, { rules, unit, box }) {
  const size = 13 * unit;
  const inset = rules.inset_px * unit;
  context.font = `600 ${size}px ${FONT_FAMILY}`;
  const sure = rules.sure_text !== null && person.score > rules.sure_score;
  context.fillStyle = sure ? rules.sure_text : rules.text;
  context.strokeStyle = "rgb(0 0 0 / 70%)";
  context.lineWidth = 3 * unit;
  context.lineJoin = "round";
  const below = rules.inset_px !== null;
  const x = Math.min(person.box[0] + inset, box.right - context.measureText(text).width);
  const y = below ? person.box[1] + inset + size / 2 : Math.max(person.box[1] - size / 2, size / 2);
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

function drawLabels(context, people, settings) {
  context.textBaseline = "middle";
  const taken = [];
  for (const person of people) {
    context.globalAlpha = settings.lit && !settings.lit(person) ? DIMMED : 1;
    const text = labelOf(person, settings.rules);
    if (settings.rules.text === null) drawTag(context, text, person, { ...settings, taken });
    else drawBareLabel(context, text, person, settings);
  }
  context.globalAlpha = 1;
}

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
 * @param {CanvasRenderingContext2D|OffscreenCanvasRenderingContext2D} context
 * @param {Object} settings {people, state, layers, threshold, palette, lit, unit, box, truth, missed, selected}
 *   unit is photo pixels for one screen pixel, box the part of the photo in sight, lit says who is lit up
 */
export function drawPeople(context, settings) {
  const { people, state } = settings;
  const ruled = { ...settings, rules: settings.palette.styles[state.style] };
  if (state.masks && settings.layers) drawMasks(context, people, ruled);
  if (settings.truth) drawTruth(context, settings.truth, settings);
  if (state.boxes) drawBoxes(context, people, ruled);
  if (state.labels) drawLabels(context, people, ruled);
}
