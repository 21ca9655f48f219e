/** A model card: what one weight is, how good, what it misses, how it was made, how to get it again. */

import { make, megabytes } from "../base/dom.js";
import { copyable } from "./copyable.js";

/**
 * @typedef {import("../payloads.d.ts").Card} Card
 * @typedef {[string, ...(string|HTMLElement|(string|HTMLElement)[])[]]} Row its name and its cells
 */

/**
 * @param {string} caption
 * @param {{label: string, meaning?: string}[]} head
 * @param {Row[]} rows
 */
function table(caption, head, rows) {
  const header = make(
    "tr",
    {},
    ...head.map(({ label, meaning }) => make("th", { scope: "col", title: meaning }, label)),
  );
  const body = rows.map(([name, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, ...[cell].flat()))),
  );
  return make(
    "div",
    {},
    make("p", { class: "pva-caption", "aria-hidden": "true" }, caption), // a caption would scroll along
    make(
      "div",
      { class: "pva-scroll", tabindex: "0", role: "region", "aria-label": caption },
      make(
        "table",
        { class: "pva-table", "aria-label": caption },
        make("thead", {}, header),
        make("tbody", {}, ...body),
      ),
    ),
  );
}

/** @param {Card} card */
function results({ measured, before_compacting: before }) {
  if (!measured) return [make("p", { class: "pv-notice" }, "No stored evaluation is of this very file.")];
  /** @type {Row[]} */
  const rows = measured.rows.map(({ label, values: [ap, ...values], interval }) => {
    const range = interval ? [make("small", {}, ` [${interval.join(", ")}]`)] : [];
    return [label, [make("strong", {}, ap), ...range], ...values];
  });
  const caption = `Measured on ${measured.images} test images with ${measured.people} people`;
  const float =
    before &&
    Object.entries(before)
      .map(([kind, ap]) => `${kind.toLowerCase()} AP ${ap}`)
      .join(", ");
  return [
    table(caption, [{ label: "" }, ...measured.columns], rows),
    make(
      "p",
      { class: "pv-muted" },
      "In brackets: 95 % bootstrap interval over the images.",
      before && ` Before it was compacted to this file: ${float}.`,
    ),
  ];
}

/** @param {Card} card */
function misses({ failures }) {
  if (!failures) return [];
  const { score, iou, sizes, shown, wrong } = failures;
  /** @type {Row[]} */
  const rows = sizes.map(({ size, found, people }) => [
    size,
    `${people}`,
    `${found}`,
    make("strong", {}, `${people - found}`),
  ]);
  const head = [
    { label: "Size", meaning: "Of the box: small up to 32 x 32 pixels, large from 96 x 96" },
    { label: "People" },
    { label: "Found" },
    { label: "Missed" },
  ];
  return [
    table(`Misses by size: boxes at score ${score}, IoU threshold ${iou}`, head, rows),
    make("p", {}, `Of the ${shown} boxes it shows there, ${wrong} are wrong: of nobody, or of somebody already found.`),
  ];
}

/** @param {Card} card */
function facts(card) {
  const listed = [
    ["Licence", card.licence],
    ["Started from", card.start],
    ["Trained on", card.data],
    ["Parameters", card.parameters?.toLocaleString("en")],
    ["File", `${card.file}, ${megabytes(card.bytes)} (${card.bytes.toLocaleString("en")} bytes)`],
    ["SHA-256", make("code", {}, card.sha256)],
    ["Run", make("code", {}, card.run_id)],
  ];
  const entries = listed.flatMap(([name, value]) =>
    name && value ? [make("div", {}, make("dt", {}, name), make("dd", {}, value))] : [],
  );
  return make("dl", { class: "pva-facts" }, ...entries);
}

/** @param {Record<string, string>} object */
function pairs(object) {
  return make(
    "dl",
    { class: "pva-pairs" },
    ...Object.entries(object).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
}

/**
 * @param {string} summary
 * @param {...HTMLElement} children
 */
function more(summary, ...children) {
  return make("details", {}, make("summary", {}, summary), make("div", { class: "pva-more" }, ...children));
}

/** @param {Card} card */
function provenance({ measured }) {
  if (!measured) return null;
  return more(
    "How it was measured",
    pairs({
      When: measured.at,
      On: measured.hardware,
      With: measured.versions,
      Settings: measured.settings,
      "Test images (SHA-256 of the split)": measured.split,
      "Seconds per image": `${measured.seconds_per_image.toFixed(3)}, on that machine as loaded as it was`,
    }),
  );
}

/**
 * @param {Card} card
 * @returns {HTMLElement}
 */
export function modelCard(card) {
  const title = `card-${card.id}`;
  return make(
    "article",
    { class: "pva-card", "aria-labelledby": title },
    make(
      "header",
      {},
      make("h3", { id: title }, card.label),
      make("code", {}, card.id),
      make("p", {}, card.summary),
      make("p", { class: "pv-muted" }, card.note),
    ),
    make(
      "div",
      { class: "pva-columns" },
      make("div", { class: "pva-column" }, ...results(card), ...misses(card)),
      facts(card),
    ),
    more(
      "Recipe, in words and all settings",
      make("ul", {}, ...card.recipe.map((sentence) => make("li", {}, sentence))),
      pairs(card.settings),
    ),
    more(
      "Get it again",
      ...card.commands.flatMap(({ purpose, command }) => [
        make("p", {}, `${purpose}:`),
        copyable(command, `the command for ${card.label}`),
      ]),
    ),
    provenance(card),
  );
}
