/**
 * The formulas of the lesson on the whole detector, with the numbers of the present image.
 *
 * @import { Child } from "../kit/mathml.js"
 * @import { Lesson } from "./values.js"
 */

import { addFormula } from "../kit/formula.js";
import { blank, frac, name, number, row, sub, symbol, text } from "../kit/mathml.js";

const size = (/** @type {Child} */ content) => row("|", content, "|");
const min = (/** @type {Child[]} */ ...children) => row(name("min"), "(", ...children, ")");

/**
 * How the input's size comes about.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addResizing(lesson, host) {
  const photo = (/** @type {string} */ letter, label = "") => symbol("photo", letter, label);
  addFormula(lesson, host, {
    label: "The factor that the photo is scaled by",
    fixed: [
      row(
        "s",
        "=",
        min(
          frac(
            symbol("net", "a", "wanted length of the shorter side"),
            row(name("min"), "(", photo("W", "width of the photo"), ",", photo("H", "height of the photo"), ")"),
          ),
          ",",
          frac(symbol("net", "b", "limit of the longer side"), row(name("max"), "(", photo("W"), ",", photo("H"), ")")),
        ),
      ),
    ],
    live: (_, { ready, size: found, trace }) => {
      if (!ready) return [];
      const { width, height } = trace.photo;
      /** @type {(letter: string, length: number, place: number) => Element} */
      const side = (letter, length, place) =>
        row(
          sub(letter, "s"),
          "=",
          "⌊",
          "s",
          "·",
          number("photo", length),
          "⌋",
          "=",
          blank("size", number("net", found.resized[place])),
          ",",
          text("\u00a0padded\u00a0"),
          blank("size", number("pad", found.padded[place])),
        );
      return [
        row(
          "s",
          "=",
          min(
            frac(number("net", found.minSize), number("photo", Math.min(width, height))),
            ",",
            frac(number("net", found.maxSize), number("photo", Math.max(width, height))),
          ),
          "=",
          blank("scale", number("net", found.scale)),
        ),
        side("W", width, 1),
        side("H", height, 0),
      ];
    },
  });
}

/**
 * How many anchors there are.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addAnchorCount(lesson, host) {
  addFormula(lesson, host, {
    label: "How many anchors there are",
    fixed: [
      row(
        symbol("anchor", text("anchors"), "all anchors of all levels"),
        "=",
        text("shapes"),
        "·",
        text("cells of all levels"),
      ),
    ],
    live: (_, { ready, trace, anchors }) => {
      if (!ready) return [];
      const shapes = trace.ratios.length * trace.levels[0].sides.length;
      const cells = trace.levels.flatMap(({ grid: [rows, columns] }, place) => [
        ...(place ? ["+"] : []),
        row(String(columns), "·", String(rows)),
      ]);
      const all = anchors.reduce((sum, count) => sum + count, 0);
      return [
        row("=", number("anchor", shapes), "·", "(", ...cells, ")"),
        row(
          "=",
          blank("anchors", number("anchor", all)),
          "→",
          number("proposal", trace.proposals.count),
          text("\u00a0proposals"),
        ),
      ];
    },
  });
}

/**
 * Why the chosen box went.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 */
export function addReason(lesson, host) {
  const [lost, better] = [symbol("gone", "G", "the box that went"), symbol("kept", "K", "the box that removed it")];
  const letters = () => [symbol("gone", "G"), symbol("kept", "K")];
  const quotient = () => frac(size(row(letters()[0], "∩", letters()[1])), size(row(letters()[0], "∪", letters()[1])));
  addFormula(lesson, host, {
    label: "Why a box went",
    fixed: [
      row(
        text("IoU"),
        "(",
        lost,
        ",",
        better,
        ")",
        "=",
        quotient(),
        ">",
        symbol("inter", "t", "the suppression threshold"),
      ),
    ],
    live: ({ nms }, { ready, pair, reason }) =>
      ready && reason && pair
        ? [
            row(
              "=",
              frac(number("inter", pair.intersection, 0), number("inter", pair.union, 0)),
              "=",
              blank("iou", number("inter", reason.iou)),
              ">",
              number("inter", nms),
            ),
          ]
        : [],
  });
}
