/** The 28 x 28 map of a person as the network makes it, the same map cut at the threshold, and what it becomes. */

import { MAP_SIDE } from "../decode.js";
import { make, say } from "../dom.js";
import { HEAT_GRADIENT, paintHeat } from "./heat.js";
import { pyramidLevel } from "./roi.js";

const TOP = 255;

function panel(title) {
  const canvas = make("canvas", { class: "pvl-photo-cells", role: "img", "aria-label": title });
  return { canvas, element: make("figure", { class: "pvl-photo-map" }, canvas, make("figcaption", {}, title)) };
}

/** The stride of the level that a box is pooled from. */
function strideOf({ levels, photo, resized }, box) {
  if (levels.length === 1) return levels[0].stride;
  const scale = [resized[1] / photo.width, resized[0] / photo.height];
  return 2 ** pyramidLevel(Array.from(box, (edge, k) => edge * scale[k % 2]));
}

function sentences({ trace, person }, threshold) {
  const cells = person.map.filter((value) => value > threshold * TOP).length;
  const [width, height] = [person.box[2] - person.box[0], person.box[3] - person.box[1]];
  return `Box ${person.id + 1} is ${Math.round(width)} × ${Math.round(height)} pixels of the photo; its features come from the level with `
    + `stride ${strideOf(trace, person.box)}. One cell of the map covers ${(width / MAP_SIDE).toFixed(1)} × ${(height / MAP_SIDE).toFixed(1)} pixels. `
    + `Above the threshold are ${cells} of ${MAP_SIDE * MAP_SIDE} cells, and after the pasting ${person.mask.area} pixels.`;
}

function withoutMap({ trace, person }) {
  if (person.id === null) return "Nobody scores above the threshold, so there is no mask to look at.";
  if (!trace.detections.model.masks) return "This detector has no mask head: its people are boxes.";
  return `The network made no map for box ${person.id + 1}: at its own suppression threshold of 0.5 this box went.`;
}

/**
 * @param {Object} lesson from createLesson
 * @param {HTMLElement} host
 */
export function addMap(lesson, host) {
  const [raw, cut] = [panel("The 28 by 28 map"), panel("Cells above the threshold")];
  const note = make("p", {});
  const scale = make("p", { class: "pvl-photo-scale" }, "0", make("span", { style: `background: ${HEAT_GRADIENT}`, "aria-hidden": "true" }), "1, probability of “person”");
  const panels = make("div", { class: "pvl-photo-maps" }, raw.element, cut.element);
  host.append(panels, scale, note);
  lesson.onDraw(({ mask }, values) => {
    if (!values.ready) return;
    const { map } = values.person;
    panels.hidden = scale.hidden = !map;
    say(note, map ? sentences(values, mask) : withoutMap(values));
    if (!map) return;
    const square = { columns: MAP_SIDE, rows: MAP_SIDE };
    paintHeat(raw.canvas, { ...square, pixels: map });
    paintHeat(cut.canvas, { ...square, pixels: map.map((value) => (value > mask * TOP ? TOP : 0)) });
    raw.canvas.setAttribute("aria-label", `The 28 by 28 map of box ${values.person.id + 1}`);
    cut.canvas.setAttribute("aria-label", `Cells of the map of box ${values.person.id + 1} above ${mask}`);
  });
}

/** Buttons for the people who stay, to choose whose map is shown. */
export function addPeople(lesson, host) {
  const chips = make("div", { class: "pvl-buttons", role: "group", "aria-label": "Whose mask" });
  host.append(chips);
  let shown = null;
  lesson.onDraw((_, { ready, trace, people, person }) => {
    if (!ready) return;
    const key = JSON.stringify([trace.photo.id, trace.detections.model.id, people]);
    if (shown !== key) {
      chips.replaceChildren(...people.map((id) => make("button", {
        type: "button", class: "pvl-preset", "data-person": id, onclick: () => lesson.set({ box: id + 1 }),
      }, `box ${id + 1} · ${trace.detections.scores[id].toFixed(2)}`)));
    }
    shown = key;
    for (const button of chips.children) button.setAttribute("aria-pressed", String(Number(button.dataset.person) === person.id));
  });
}
