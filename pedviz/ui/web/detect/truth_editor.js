/** The list of people who really are in the photo, with a number field for every edge, in pixels of the original. */

import { make } from "../base/dom.js";

/**
 * @import { Box } from "../base/boxes.js"
 * @import { Attributes } from "../base/dom.js"
 * @import { TruthBoxes } from "./truth.js"
 */

const EDGES = ["x1", "y1", "x2", "y2"];

const DRAWING =
  "Drag on the photo to draw a person; drag a box or its handles to change it. Arrow keys move the chosen box, " +
  "Shift with arrows resizes it, Delete removes it.";
const GIVEN = "The people of Penn-Fudan's own annotation. You may change them.";
const EMPTY = "Draw a box around every person, and see what each detector got right.";
const REVERSED = "The right edge must be right of the left one, and the lower below the upper.";

/** @type {(text: string, onclick: () => void, attributes?: Attributes) => HTMLButtonElement} */
function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", class: "pv-button pv-small", onclick, ...attributes }, text);
}

/**
 * A number field for one edge of a person; `scale()` gives the factors to the original.
 * @type {(truth: TruthBoxes, place: number, edge: number, scale: () => number[]) => HTMLInputElement}
 */
function field(truth, place, edge, scale) {
  const input = make("input", { type: "number", step: "1", "aria-label": `${EDGES[edge]} of person ${place + 1}` });
  input.addEventListener("change", () => {
    const box = [...truth.boxes[place]];
    box[edge] = Number(input.value) / scale()[edge % 2];
    const isOrdered = edge < 2 ? box[edge] < box[edge + 2] : box[edge] > box[edge - 2];
    const usable = input.value !== "" && isOrdered && truth.set(place, box);
    input.setAttribute("aria-invalid", String(!usable));
    input.title = usable ? "" : REVERSED;
  });
  input.addEventListener("focus", () => truth.select(place));
  return input;
}

/**
 * The fields of one person.
 * @param {TruthBoxes} truth
 * @param {number} place
 * @param {() => number[]} scale
 */
function line(truth, place, scale) {
  const inputs = EDGES.map((_, edge) => field(truth, place, edge, scale));
  const remove = button("Remove", () => truth.remove(place), { "aria-label": `Remove person ${place + 1}` });
  const fields = inputs.map((input, edge) =>
    make("label", {}, make("span", { "aria-hidden": "true" }, EDGES[edge]), input),
  );
  return { inputs, element: make("li", {}, make("strong", {}, `Person ${place + 1}`), ...fields, remove) };
}

class TruthEditor {
  isDrawing = false;
  size = { width: 1, height: 1 };
  scale = [1, 1];
  /** @type {{inputs: HTMLInputElement[], element: HTMLElement}[]} */
  lines = [];
  /** The boxes in the fields. @type {Box[]|null} */
  listed = null;

  /**
   * @param {TruthBoxes} truth
   * @param {(draws: boolean) => void} onDraw
   */
  constructor(truth, onDraw) {
    this.truth = truth;
    this.onDraw = onDraw;
    this.hint = make("p", { class: "pvc-hint" });
    this.draw = button("Draw boxes", () => this.setDrawing(!this.isDrawing), { "aria-pressed": "false" });
    const add = button("Add a box", () => this.addInTheMiddle());
    this.undo = button("Undo", () => truth.undo());
    this.clear = button("Start over", () => truth.clear());
    this.list = make("ol", { class: "pvc-boxes" });
    this.element = make(
      "section",
      { class: "pvc-truth", "aria-label": "Ground truth", hidden: true },
      make("div", { class: "pvc-tools" }, this.draw, add, this.undo, this.clear),
      this.hint,
      this.list,
    );
  }

  get drawing() {
    return this.isDrawing && !this.element.hidden;
  }

  /** @param {boolean} next */
  setDrawing(next) {
    this.isDrawing = next;
    this.draw.setAttribute("aria-pressed", String(next));
    this.onDraw(next);
    this.show();
  }

  /**
   * Pixels of the photo as it is shown, and the factors from those to the original's.
   * @type {(width: number, height: number, scale: number[]) => void}
   */
  setSize(width, height, scale) {
    this.size = { width, height };
    this.scale = scale;
  }

  /** @param {boolean} visible */
  setVisible(visible) {
    this.element.hidden = !visible;
    this.show();
  }

  addInTheMiddle() {
    const { width, height } = this.size;
    this.truth.add([width * 0.4, height * 0.3, width * 0.6, height * 0.8]);
    this.setDrawing(true);
  }

  /**
   * As many lines as people. Fields stay while people stay: to put them in anew would take the focus from them.
   * @param {number} count
   */
  fit(count) {
    while (this.lines.length < count) {
      const added = line(this.truth, this.lines.length, () => this.scale);
      this.lines.push(added);
      this.list.append(added.element);
    }
    for (const { element } of this.lines.splice(count)) element.remove();
  }

  /** @type {(box: Box, edge: number) => string} */
  inOriginal(box, edge) {
    return String(Math.round(box[edge] * this.scale[edge % 2] * 10) / 10);
  }

  show() {
    const { truth, lines } = this;
    this.fit(truth.boxes.length);
    truth.boxes.forEach((box, place) => {
      lines[place].element.classList.toggle("is-lit", place === truth.selected);
      lines[place].inputs.forEach((input, edge) => {
        if (truth.boxes !== this.listed) input.setAttribute("aria-invalid", "false"); // a new box is a right one
        if (input.getAttribute("aria-invalid") !== "true") input.value = this.inOriginal(box, edge);
      });
    });
    this.listed = truth.boxes;
    this.undo.disabled = !truth.canUndo;
    this.clear.disabled = truth.isGiven || (!truth.hasGiven && !truth.boxes.length);
    this.hint.textContent = this.isDrawing ? DRAWING : truth.isGiven ? GIVEN : EMPTY;
  }
}

/**
 * @param {TruthBoxes} truth
 * @param {(draws: boolean) => void} onDraw the visitor wants to draw, or no longer
 */
export const createTruthEditor = (truth, onDraw) => new TruthEditor(truth, onDraw);
