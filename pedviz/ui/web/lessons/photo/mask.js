/**
 * From a person's 28 x 28 map to a mask: as the network makes it, stretched over the box, cut at the threshold.
 *
 * @import { PastedMap } from "../../maths/masks.js"
 * @import { HeatMap } from "../kit/heat.js"
 * @import { Trace } from "../kit/trace.js"
 * @import { Lesson, Ready } from "./values.js"
 * @typedef {Extract<Ready["person"], {map: Uint8Array}>} Mapped a person whose mask the network made
 */

import { make, say } from "../../base/dom.js";
import { MAP_SIDE } from "../../maths/masks.js";
import { pyramidLevel } from "../../maths/roi.js";
import { HEAT_GRADIENT, paintHeat } from "../kit/heat.js";

const TOP = 255;

/** @param {string} title */
function panel(title) {
  const canvas = make("canvas", { class: "pvl-photo-cells", role: "img", "aria-label": title });
  return {
    element: make("figure", { class: "pvl-photo-map" }, canvas, make("figcaption", {}, title)),
    /** Paint values of any size and say what they are. @type {(map: HeatMap, words: string) => void} */
    show(map, words) {
      if (map.columns && map.rows) paintHeat(canvas, map);
      canvas.setAttribute("aria-label", words);
    },
  };
}

/**
 * The stride of the level that a box is pooled from.
 * @param {Trace} trace
 * @param {ArrayLike<number>} box
 */
function strideOf({ levels, photo, resized }, box) {
  if (levels.length === 1) return levels[0].stride;
  const scale = [resized[1] / photo.width, resized[0] / photo.height];
  return 2 ** pyramidLevel(Array.from(box, (edge, k) => edge * scale[k % 2]));
}

/** @type {(trace: Trace, person: Mapped, threshold: number) => string} */
function sentences(trace, person, threshold) {
  const cells = person.map.filter((value) => value > threshold * TOP).length;
  const [width, height] = [person.box[2] - person.box[0], person.box[3] - person.box[1]];
  return (
    `Box ${person.id + 1} is ${Math.round(width)} × ${Math.round(height)} pixels of the photo; its features come ` +
    "from the level with " +
    (`stride ${strideOf(trace, person.box)}. One cell of the map covers ${(width / MAP_SIDE).toFixed(1)} × ` +
      `${(height / MAP_SIDE).toFixed(1)} pixels. `) +
    (`Above the threshold are ${cells} of ${MAP_SIDE * MAP_SIDE} cells, and after the pasting ${person.mask.area} ` +
      "pixels.")
  );
}

/** @param {Ready} values */
function withoutMap({ trace, person }) {
  if (person.id === null) return "Nobody scores above the threshold, so there is no mask to look at.";
  if (!trace.detections.model.masks) return "This detector has no mask head: its people are boxes.";
  return `The network made no map for box ${person.id + 1}: at its own suppression threshold of 0.5 this box went.`;
}

/**
 * The pixels that a map is stretched over, as whole numbers from 0 to 255.
 * @param {PastedMap} window
 */
function stretched({ width: columns, height: rows, values }) {
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = Math.round(values[i]);
  return { columns, rows, pixels };
}

/**
 * @param {Lesson} lesson
 * @param {{panels: HTMLElement, words: HTMLElement}} hosts of the three images, and of what they say
 */
export function addMap(lesson, hosts) {
  const [raw, soft, hard] = ["The map: 28 × 28 cells", "Stretched over the box", "Above the threshold"].map(panel);
  const note = make("p", {});
  const scale = make(
    "p",
    { class: "pvl-photo-scale" },
    "0",
    make("span", { style: `background: ${HEAT_GRADIENT}`, "aria-hidden": "true" }),
    "1, probability of “person”",
  );
  const panels = make("div", { class: "pvl-photo-maps" }, raw.element, soft.element, hard.element);
  hosts.panels.append(panels, scale);
  hosts.words.append(note);
  /** @type {PastedMap|null} */
  let shown = null; // the pasted window that the first two images are of
  lesson.onDraw(({ mask }, values) => {
    if (!values.ready) return;
    const { trace, person } = values;
    panels.hidden = scale.hidden = !person.map;
    say(note, person.map ? sentences(trace, person, mask) : withoutMap(values));
    if (!person.map) return;
    const name = `box ${person.id + 1}`;
    const { window, bits } = person.mask;
    if (window !== shown) {
      raw.show({ columns: MAP_SIDE, rows: MAP_SIDE, pixels: person.map }, `The 28 by 28 map of ${name}`);
      soft.show(stretched(window), `The map of ${name}, stretched over ${window.width} by ${window.height} pixels`);
    }
    shown = window;
    hard.show(
      { columns: window.width, rows: window.height, pixels: bits.map((bit) => bit * TOP) },
      `The pixels of ${name} above ${mask}`,
    );
  });
}

/**
 * Buttons for the people who stay, to choose whose map is shown.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addPeople(lesson, host) {
  const chips = make("div", { class: "pvl-buttons", role: "group", "aria-label": "Whose mask" });
  host.append(chips);
  let shown = "";
  lesson.onDraw((_, { ready, trace, people, person }) => {
    if (!ready) return;
    const key = JSON.stringify([trace.photo.id, trace.detections.model.id, people]);
    if (shown !== key) {
      chips.replaceChildren(
        ...people.map((id) =>
          make(
            "button",
            {
              type: "button",
              class: "pvl-preset",
              "data-person": id,
              onclick: () => lesson.set({ box: id + 1 }),
            },
            `box ${id + 1} · ${trace.detections.scores[id].toFixed(2)}`,
          ),
        ),
      );
    }
    shown = key;
    for (const button of chips.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.person) === person.id));
  });
}
