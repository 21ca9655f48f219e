/** IoU, GIoU, DIoU and CIoU side by side: formulas, values, and the gradient at every edge of A. */

/**
 * @import { LossKind } from "../../maths/iou_losses.js"
 * @import { Section } from "../kit/frame.js"
 * @import { IouLesson, Values } from "./derive.js"
 */

import { make, say } from "../../base/dom.js";
import { fixed } from "../../base/numbers.js";
import { LOSS_KINDS } from "../../maths/iou_losses.js";
import { EDGES } from "../kit/draggable_boxes.js";
import { addField } from "../kit/fields.js";
import { addFormula } from "../kit/formula.js";
import { framedTable } from "../kit/framed_table.js";
import { blank, frac, name, number, row, sub, sup, symbol } from "../kit/mathml.js";
import { LOSS_LABELS } from "./path.js";

const DIGITS = 4;
const COLUMNS = ["similarity", "loss", ...EDGES.map((edge) => `gradient ${edge}`)];

const J = () => symbol("inter", "J");
/** @type {(of: string, letter: string) => Element} */
const area = (of, letter) => row("|", symbol(of, letter), "|");
const unionSign = () => row(symbol("a", "A"), "∪", symbol("b", "B"));
const distance = () => symbol("centre", sup("d", "2"));
const diagonal = () => symbol("enclosing", sup("c", "2"));

/** What each similarity is, in symbols. */
const DEFINITIONS = {
  iou: () => row(name("IoU"), "=", J()),
  giou: () =>
    row(
      name("GIoU"),
      "=",
      J(),
      "−",
      frac(row(area("enclosing", "C"), "−", symbol("union", row("|", unionSign(), "|"))), area("enclosing", "C")),
    ),
  diou: () => row(name("DIoU"), "=", J(), "−", frac(distance(), diagonal())),
  ciou: () => row(name("CIoU"), "=", J(), "−", frac(distance(), diagonal()), "−", symbol("shape", row("α", "v"))),
};

/**
 * The same with the numbers of the figure.
 * @type {Record<LossKind, (values: Values) => Element>}
 */
const NUMBERS = {
  iou: (values) => frac(number("inter", values.intersection, 2), number("union", values.union, 2)),
  giou: (values) =>
    row(
      number("inter", values.similarity.iou),
      "−",
      frac(
        row(number("enclosing", values.enclosingArea, 2), "−", number("union", values.union, 2)),
        number("enclosing", values.enclosingArea, 2),
      ),
    ),
  diou: (values) =>
    row(
      number("inter", values.similarity.iou),
      "−",
      frac(number("centre", values.distance, 2), number("enclosing", values.diagonal, 2)),
    ),
  ciou: (values) =>
    row(NUMBERS.diou(values), "−", number("shape", values.shapeWeight), "·", number("shape", values.shape)),
};

function definitions() {
  const v = row(
    "v",
    "=",
    frac("4", sup("π", "2")),
    sup(
      row(
        "(",
        name("atan"),
        frac(sub("w", "B"), sub("h", "B")),
        "−",
        name("atan"),
        frac(sub("w", "A"), sub("h", "A")),
        ")",
      ),
      "2",
    ),
  );
  const weight = row("α", "=", frac("v", row("1", "−", J(), "+", "v")));
  return [...LOSS_KINDS.map((kind) => DEFINITIONS[kind]()), symbol("shape", v), symbol("shape", weight)];
}

/**
 * A gradient, or both of them at a kink.
 * @param {Values} values
 * @param {LossKind} kind
 * @param {number} edge
 */
function slopeText(values, kind, edge) {
  const [before, after] = values.sides[kind][edge];
  if (!values.kinked[kind][edge]) return fixed(values.gradients[kind][edge], DIGITS);
  return `${fixed(before, DIGITS)} | ${fixed(after, DIGITS)}`;
}

/** @param {HTMLElement[]} cells @param {Values} values @param {LossKind} kind */
function fillRow(cells, values, kind) {
  const similarity = values.similarity[kind];
  const slopes = EDGES.map((_, edge) => slopeText(values, kind, edge));
  [fixed(similarity, DIGITS), fixed(1 - similarity, DIGITS), ...slopes].forEach((value, column) => {
    say(cells[column], value);
  });
  EDGES.forEach((_, edge) => cells[edge + 2].classList.toggle("pvl-bent", values.kinked[kind][edge]));
}

/** @param {IouLesson} lesson @param {HTMLElement} host */
function addTable(lesson, host) {
  const rows = LOSS_KINDS.map((kind) => {
    const cells = COLUMNS.map(() => make("td", { "data-answer": "any" }));
    return {
      kind,
      cells,
      element: make("tr", {}, make("th", { scope: "row", "data-of": kind }, LOSS_LABELS[kind]), ...cells),
    };
  });
  const caption = make(
    "caption",
    { class: "pv-muted" },
    "Gradients of the loss, per pixel. Two numbers: just before and just after a kink.",
  );
  host.append(
    framedTable({
      label: "Four similarities and their gradients",
      caption,
      heads: ["", ...COLUMNS],
      rows: rows.map(({ element }) => element),
    }),
  );
  lesson.onDraw((state, values) => {
    for (const { kind, cells, element } of rows) {
      fillRow(cells, values, kind);
      element.classList.toggle("pvl-chosen", kind === state.loss);
    }
  });
}

/**
 * The choice of a loss and the table of all four, for beneath the figure.
 * @param {IouLesson} lesson
 * @param {HTMLElement} host
 */
export function addScores(lesson, host) {
  addField(lesson, host, "loss", { things: Object.fromEntries(LOSS_KINDS.map((kind) => [kind, kind])) });
  addTable(lesson, host);
}

/**
 * What the four are.
 * @param {IouLesson} lesson
 * @param {Section} section
 */
export function addFour(lesson, { figure }) {
  addFormula(lesson, figure, {
    label: "Definitions of the four similarities",
    fixed: definitions(),
    live: (state, values) => [
      row(
        name(LOSS_LABELS[state.loss]),
        "=",
        blank("any", row(NUMBERS[state.loss](values), "=", number(state.loss, values.similarity[state.loss]))),
      ),
    ],
  });
}
