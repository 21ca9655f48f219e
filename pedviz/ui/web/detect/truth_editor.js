/** The list of people who really are in the photo, with a number field for every edge. */

import { make } from "../base/dom.js";

const EDGES = ["x1", "y1", "x2", "y2"];

/**
 * @param {Object} truth see truth.js
 * @param {(a: boolean) => void} onDraw the visitor wants to draw, or no longer
 */
export function createTruthEditor(truth, onDraw) {
  let drawing = false;
  const hint = make("p", { class: "pvc-hint" });
  const draw = make(
    "button",
    { type: "button", class: "pv-button pv-small", "aria-pressed": "false", onclick: () => setDrawing(!drawing) },
    "Draw boxes",
  );
  const add = make(
    "button",
    { type: "button", class: "pv-button pv-small", onclick: () => addInTheMiddle() },
    "Add a box",
  );
  const undo = make("button", { type: "button", class: "pv-button pv-small", onclick: () => truth.undo() }, "Undo");
  const clear = make(
    "button",
    { type: "button", class: "pv-button pv-small", onclick: () => truth.clear() },
    "Start over",
  );
  const list = make("ol", { class: "pvc-boxes" });
  const element = make(
    "section",
    { class: "pvc-truth", "aria-label": "Ground truth", hidden: true },
    make("div", { class: "pvc-tools" }, draw, add, undo, clear),
    hint,
    list,
  );
  let size = { width: 1, height: 1 };
  const lines = [];
  let listed = null; // the boxes in the fields

  function setDrawing(next) {
    drawing = next;
    draw.setAttribute("aria-pressed", String(drawing));
    onDraw(drawing);
    show();
  }

  function addInTheMiddle() {
    const { width, height } = size;
    truth.add([width * 0.4, height * 0.3, width * 0.6, height * 0.8]);
    setDrawing(true);
  }

  function field(place, edge) {
    const input = make("input", { type: "number", step: "1", "aria-label": `${EDGES[edge]} of person ${place + 1}` });
    input.addEventListener("change", () => {
      const box = [...truth.boxes[place]];
      box[edge] = Number(input.value);
      const usable =
        input.value !== "" &&
        (edge < 2 ? box[edge] < box[edge + 2] : box[edge] > box[edge - 2]) &&
        truth.set(place, box);
      input.setAttribute("aria-invalid", String(!usable));
      input.title = usable ? "" : "The right edge must be right of the left one, and the lower below the upper.";
    });
    input.addEventListener("focus", () => truth.select(place));
    return input;
  }

  function line(place) {
    const inputs = EDGES.map((_, edge) => field(place, edge));
    const remove = make(
      "button",
      {
        type: "button",
        class: "pv-button pv-small",
        "aria-label": `Remove person ${place + 1}`,
        onclick: () => truth.remove(place),
      },
      "Remove",
    );
    const fields = inputs.map((input, edge) =>
      make("label", {}, make("span", { "aria-hidden": "true" }, EDGES[edge]), input),
    );
    return { inputs, element: make("li", {}, make("strong", {}, `Person ${place + 1}`), ...fields, remove) };
  }

  function show() {
    // Fields stay in place while people stay: to put them in anew would take the focus from them.
    while (lines.length < truth.boxes.length) {
      lines.push(line(lines.length));
      list.append(lines.at(-1).element);
    }
    for (const { element } of lines.splice(truth.boxes.length)) element.remove();
    truth.boxes.forEach((box, place) => {
      lines[place].element.classList.toggle("is-lit", place === truth.selected);
      lines[place].inputs.forEach((input, edge) => {
        if (truth.boxes !== listed) input.setAttribute("aria-invalid", "false"); // a new box is a right one
        if (input.getAttribute("aria-invalid") !== "true") input.value = Math.round(box[edge] * 10) / 10;
      });
    });
    listed = truth.boxes;
    undo.disabled = !truth.canUndo;
    clear.disabled = truth.isGiven || (!truth.hasGiven && !truth.boxes.length);
    hint.textContent = drawing
      ? "Drag on the photo to draw a person; drag a box or its handles to change it. Arrow keys move the chosen box, " +
        "Shift with arrows resizes it, Delete removes it."
      : truth.isGiven
        ? "The people of Penn-Fudan's own annotation. You may change them."
        : "Draw a box around every person, and see what each detector got right.";
  }

  return {
    element,
    show,
    setSize(width, height) {
      size = { width, height };
    },
    get drawing() {
      return drawing && !element.hidden;
    },
    setVisible(visible) {
      element.hidden = !visible;
      show();
    },
  };
}
