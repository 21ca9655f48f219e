/**
 * What stands beside and beneath the image at each stage, and the way from one to the next.
 *
 * @import { PlotData } from "../../charts/plot.js"
 * @import { PresetData } from "../../payloads.d.ts"
 * @import { Lesson, Point, Ready, State, Values } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { addPlot } from "../../charts/plot.js";
import { addField } from "../kit/fields.js";
import { addChannels, addLevels } from "./features.js";
import { addAnchorCount, addReason, addResizing } from "./formulas.js";
import { addLegend } from "./legend.js";
import { addMap, addPeople } from "./mask.js";
import { addFates } from "./table.js";

const GRID = 95; // places of the score axis

/**
 * How many boxes there are above each score: before suppression, and after.
 * @type {(state: State, values: Values) => PlotData}
 */
function counts({ ask, score }, { ready, trace, everyone }) {
  const scores = ready ? trace.detections.scores : new Float32Array();
  const floor = ready ? trace.thresholds.floor : 0;
  const kept = ready ? everyone.kept.map((id) => scores[id]) : [];
  /** @type {(values: ArrayLike<number>, least: number) => number} */
  const above = (values, least) => Array.from(values).filter((value) => value > least).length;
  const line = (/** @type {ArrayLike<number>} */ values) =>
    Array.from({ length: GRID + 1 }, (_, place) => floor + (place * (1 - floor)) / GRID).map((least) => [
      least,
      above(values, least),
    ]);
  return {
    x: { label: "score threshold", low: 0, high: 1 },
    y: { label: "boxes", low: 0, high: Math.max(scores.length, 1) },
    series: [
      { of: "candidate", label: "candidates", points: line(scores) },
      { of: "kept", label: "people after NMS", dash: "8 5", strong: true, points: line(kept) },
    ],
    guides: [{ x: score, label: "" }],
    alt: ask
      ? "Two falling curves over the score threshold."
      : `At threshold ${score} there are ${above(scores, score)} candidates and ${above(kept, score)} people.`,
  };
}

/** @type {(lesson: Lesson, host: HTMLElement, words: (state: State, values: Ready) => string) => void} */
function note(lesson, host, words) {
  const paragraph = make("p", {});
  host.append(paragraph);
  lesson.onDraw((state, values) => say(paragraph, values.ready ? words(state, values) : ""));
}

/** @param {Lesson} lesson @param {HTMLElement} host */
function addResult(lesson, host) {
  const link = make("a", { class: "pv-button" }, "Open it on the Detect page");
  note(lesson, host, (_, { people, trace: { detections } }) => {
    const scored = people.map((id) => `box ${id + 1} (${detections.scores[id].toFixed(3)})`);
    return (
      `${people.length} ${people.length === 1 ? "person" : "people"}: ` +
      `${scored.join(", ") || "nobody scores above the threshold"}.`
    );
  });
  const check = make("p", { class: "pvl-photo-check" });
  const own = make("p", { class: "pv-muted" }, "Your own photo is not part of a link: choose it there again.");
  host.append(check, make("div", { class: "pvl-buttons" }, link), own);
  lesson.onDraw(({ model, score, nms, mask }, { ready, replayed, trace }) => {
    if (!ready) return;
    say(
      check,
      replayed
        ? "Checked: at the default thresholds these steps keep the very same boxes as the model itself, here in your " +
            "browser."
        : "These steps kept other boxes than the model itself: that should not happen.",
    );
    check.dataset.same = String(replayed);
    own.hidden = trace.sample !== null;
    const query = new URLSearchParams({
      a: model,
      ...(trace.sample === null ? {} : { sample: trace.sample }),
      score: String(score),
      nms: String(nms),
      mask: String(mask),
    });
    link.href = `./?${query}`;
  });
}

/**
 * How each stage fills its section: beside the image, and beneath it.
 * @type {Object<string, (lesson: Lesson, side: HTMLElement, below: HTMLElement, options: {point: Point}) => void>}
 */
const FILL = {
  resize: (lesson, side) => addResizing(lesson, side),
  features(lesson, side, below) {
    addLevels(lesson, side);
    note(
      lesson,
      side,
      (_, { level, trace: { photo, resized } }) =>
        `${level.channels} maps of ${level.columns} × ${level.rows} cells. One cell stands for ${level.stride} × ` +
        `${level.stride} pixels of the input, ` +
        (`${((level.stride * photo.width) / resized[1]).toFixed(1)} × ` +
          `${((level.stride * photo.height) / resized[0]).toFixed(1)} of the photo.`),
    );
    addField(lesson, side, "see");
    addChannels(lesson, below);
  },
  proposals(lesson, side) {
    addAnchorCount(lesson, side);
    addField(lesson, side, "n", { of: "proposal" });
    addField(lesson, side, "anchors");
    addLevels(lesson, side);
    note(
      lesson,
      side,
      ({ anchors }, { level, proposals, trace }) =>
        `Drawn are the best ${proposals} of ${trace.proposals.count} proposals, with scores from ` +
        `${trace.proposals.scores[0].toFixed(3)} down to ${trace.proposals.scores[proposals - 1].toFixed(3)}` +
        (anchors
          ? `, and dashed the ${level.sides.length * trace.ratios.length} anchors of the middle cell of the ` +
            `level with stride ${level.stride}.`
          : "."),
    );
  },
  heads(lesson, side, below) {
    addField(lesson, side, "score", { of: "candidate" });
    note(
      lesson,
      side,
      ({ score }, { fates, trace }) =>
        `${trace.proposals.count} proposals, ${trace.detections.count} candidates, ` +
        `${fates.kept.length + fates.gone.length} of them above ${score}; the others are drawn faintly.`,
    );
    addPlot(lesson, below, { label: "Boxes above a score, before and after suppression", data: counts, shape: 0.3 });
  },
  suppression(lesson, side, below, { point }) {
    addReason(lesson, side);
    addField(lesson, side, "nms", { of: "inter" });
    addField(lesson, side, "score", { of: "candidate" });
    addFates(lesson, below, point);
  },
  mask(lesson, side, below) {
    addPeople(lesson, side);
    addField(lesson, side, "mask", { of: "kept" });
    addMap(lesson, { panels: below, words: side });
  },
  result: (lesson, side) => addResult(lesson, side),
};

/**
 * Back and next, and where one is.
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {PresetData[]} presets
 */
function addSteps(lesson, host, presets) {
  const go = (/** @type {number} */ by) => () => lesson.set({ step: lesson.state().step + by });
  const back = make("button", { type: "button", class: "pv-button", onclick: go(-1) }, "Back");
  const next = make("button", { type: "button", class: "pv-button pv-primary", onclick: go(1) });
  const where = make("p", { class: "pv-muted" });
  host.append(make("div", { class: "pvl-photo-steps" }, back, where, next));
  lesson.onDraw(({ step }) => {
    back.disabled = step === 1;
    next.disabled = step === presets.length;
    say(where, `Stage ${step} of ${presets.length}`);
    say(next, step === presets.length ? "The end" : `Next: ${presets[step].label.replace(/^\d+ /, "")}`);
  });
}

/**
 * The lesson for the parts of one stage, which draw only while it is shown.
 * @param {Lesson} lesson
 * @param {number} stage
 * @returns {Lesson}
 */
function whileAt(lesson, stage) {
  return {
    ...lesson,
    onDraw: (painter, host) =>
      lesson.onDraw((state, values) => {
        if (state.step === stage) painter(state, values);
      }, host),
  };
}

/**
 * @param {Lesson} lesson
 * @param {PresetData[]} presets one a stage, in order; their keys name the sections of the prose
 * @param {{point: Point}} options
 */
export function addStages(lesson, presets, options) {
  addLegend(lesson, lesson.main);
  addSteps(lesson, lesson.main, presets);
  const shown = presets.map(({ key }, place) => {
    const { text, figure } = lesson.section(key, { host: lesson.side });
    const below = make("div", { class: "pvl-photo-below" });
    lesson.main.append(below);
    FILL[key](whileAt(lesson, place + 1), text, below, options);
    figure.remove();
    return [/** @type {HTMLElement} */ (text.parentElement), below]; // the section
  });
  lesson.onDraw(({ step }) =>
    shown.forEach((parts, place) => {
      for (const part of parts) part.hidden = place !== step - 1;
    }),
  );
}
