/** Stored predictions of the released detectors as one ranked list: each point of the curve is a detection. */

/**
 * @import { VariantData, VariantsPayload } from "../../payloads.d.ts"
 * @import { StoredRun } from "../../maths/curves.js"
 * @import { Picture } from "../../maths/outcomes.js"
 * @import { Lesson, State } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { fetchJson, rememberJson } from "../../base/json_cache.js";
import { onceNear } from "../../base/when_visible.js";
import { unit } from "../../charts/axes.js";
import { createChart } from "../../charts/chart.js";
import { averagePrecision, picturesOf } from "../../maths/curves.js";
import { judge } from "../../maths/outcomes.js";
import { interpolatePrecision, precisionRecall } from "../../maths/precision_recall.js";
import { addField } from "../kit/fields.js";

/**
 * Every detection of a run in order of score, with what the chart says about it.
 * @param {StoredRun} run
 * @param {Picture[]} pictures of the run, in boxes or in masks
 * @param {{threshold: number, open?: (name: string) => void}} options open: shows an image
 */
function rankedList(run, pictures, { threshold, open }) {
  const { scores, hits, people, pictures: places, places: own, matches } = judge(pictures, { threshold });
  const { precision, recall } = precisionRecall(hits, { people });
  const points = hits.map((hit, rank) => {
    const { name } = run.pictures[places[rank]];
    const ious = pictures[places[rank]].ious[own[rank]];
    const fate = hit
      ? `true positive, IoU ${ious[matches[rank]].toFixed(3)} with its person`
      : `false positive, best IoU ${Math.max(0, ...ious).toFixed(3)}`;
    return {
      x: recall[rank],
      y: precision[rank],
      name: `${rank + 1}, ${name}`,
      open: open && (() => open(name)),
      tip:
        `detection ${rank + 1} of ${hits.length}, score ${scores[rank].toFixed(3)}, in ${name}: ${fate}. Precision ` +
        `${precision[rank].toFixed(3)}, recall ${recall[rank].toFixed(3)} so far.`,
    };
  });
  const interpolated = interpolatePrecision(precision).map((value, rank) => ({
    x: recall[rank],
    y: value,
    tip: `interpolated precision ${value.toFixed(3)}`,
  }));
  return { points, interpolated, people, ap: averagePrecision(pictures, threshold) };
}

/**
 * Choose a variant among those with stored predictions; the setting holds its id.
 * @param {Lesson} lesson
 * @param {VariantData[]} variants
 */
function variantChoice(lesson, variants) {
  const id = "pvl-real-model";
  const field = make(
    "select",
    { id, class: "pv-select", onchange: () => lesson.set({ model: field.value }) },
    ...variants.map((variant) => make("option", { value: variant.id }, variant.label)),
  );
  return {
    field,
    element: make("div", { class: "pvl-field" }, make("label", { for: id, class: "pvl-legend" }, "Model"), field),
  };
}

/** @type {(variants: VariantData[], state: State) => VariantData} */
const chosenOf = (variants, { model }) => variants.find(({ id }) => id === model) ?? variants[0];

/**
 * Say that something could not be fetched, with a button that asks again.
 * @type {(status: HTMLElement, retry: () => void) => void}
 */
function sayFailed(status, retry) {
  const again = make("button", { type: "button", class: "pv-button pv-small", onclick: retry }, "Try again");
  status.replaceChildren("The stored predictions could not be fetched: check the connection. ", again);
}

/** The variants whose predictions are stored. @param {VariantsPayload} payload */
const stored = ({ variants }) => variants.filter(({ predictions }) => predictions);

/**
 * @param {Lesson} lesson
 * @param {{text: HTMLElement, figure: HTMLElement, status: HTMLElement}} places
 * @param {{payload: VariantsPayload, fetchRun: (address: string) => Promise<StoredRun|null>}} data
 */
function show(lesson, { text, figure, status }, { payload, fetchRun }) {
  const variants = stored(payload);
  const { field, element } = variantChoice(lesson, variants);
  const result = make("p", { class: "pvl-outcome", role: "status" });
  text.append(element);
  addField(lesson, text, "of");
  text.append(result, make("p", { class: "pv-muted" }, "The threshold is that of the section above."));
  const chart = createChart(figure, {
    title: "Every detection on the 50 test images",
    x: unit("Recall: share of the people found"),
    y: unit("Precision: fraction correct"),
    height: 380,
  });
  let drawn = "";
  lesson.onDraw(async (state) => {
    const variant = chosenOf(variants, state);
    const wanted = [variant.id, state.of, state.t].join(" ");
    if (wanted === drawn) return;
    drawn = wanted;
    field.value = variant.id;
    say(status, "Fetching the stored predictions …");
    const run = await fetchRun(`results/predictions/${variant.predictions}.json`);
    if (wanted !== drawn) return; // something else was chosen meanwhile
    const pictures = run && picturesOf(run, state.of);
    if (!run || !pictures) {
      chart.draw([]);
      say(result, "");
      if (run) say(status, `${variant.label} finds boxes only, so there are no masks to compare.`);
      else
        sayFailed(status, () => {
          drawn = "";
          lesson.requestDraw();
        });
      return;
    }
    /** @type {(name: string) => void} */
    const openImage = (name) => {
      const query = { sample: name, a: variant.id, score: String(payload.thresholds.floor), show: "truth" };
      location.assign(`./?${new URLSearchParams(query)}`);
    };
    const open = payload.test_images ? openImage : undefined;
    const { points, interpolated, people, ap } = rankedList(run, pictures, { threshold: state.t, open });
    const { neutral } = payload.inks;
    chart.draw(
      [
        { ...variant, kind: "line", label: "after each detection", points },
        { label: "interpolated", kind: "step", style: neutral, points: interpolated },
      ],
      { label: `${variant.label}, IoU ${state.t.toFixed(2)}.${open ? " Enter opens the image." : ""}` },
    );
    say(status, "");
    say(
      result,
      `${variant.label}: ${points.length} detections, ${people} people, AP at ${state.t.toFixed(2)} = ` +
        `${ap.toFixed(3)}.${open ? " Press a point to open its image on the Detect page, with its people." : ""}`,
    );
  });
  lesson.requestDraw();
}

/**
 * Add the section; its data are fetched once it is nearly in view.
 * @param {Lesson} lesson
 * @param {{text: HTMLElement, figure: HTMLElement}} section
 */
export function addReal(lesson, { text, figure }) {
  const status = make(
    "p",
    { class: "pv-muted", role: "status" },
    "Stored predictions are fetched when this comes into view.",
  );
  figure.append(status);
  /** @type {(address: string) => Promise<StoredRun|null>} */
  const fetchRun = rememberJson();
  async function open() {
    /** @type {VariantsPayload|null} */
    const payload = await fetchJson("variants.json");
    if (!payload) return sayFailed(status, open);
    if (!stored(payload).length) return say(status, "There are no stored predictions to show.");
    return show(lesson, { text, figure, status }, { payload, fetchRun });
  }
  onceNear(figure, open);
}
