/** Precision and recall, F1, AP over IoU, scores and calibration, matched anew whenever the IoU moves. */

import { make, say } from "../base/dom.js";
import { fetchJson } from "../base/json_cache.js";
import { iouAxis, stepsTo, unit } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { atScore, averagePrecision, BINS, COCO_IOUS, curvesAt, picturesOf } from "../maths/curves.js";
import { kindChoice } from "./fields.js";
import { KINDS } from "./page.js";

const three = (value) => value.toFixed(3);

/** The stored runs by variant, null where one cannot be read. */
async function fetchRuns(files) {
  return new Map(await Promise.all(Object.entries(files).map(async ([id, file]) => [id, await fetchJson(file)])));
}

/** A slider with its value beside it. */
function slider(label, { min, max, step }, move) {
  const id = `pvd-slider-${label.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  const field = make("input", { type: "range", id, min, max, step, oninput: () => move(Number(field.value)) });
  const value = make("output", { for: id });
  return {
    element: make("div", { class: "pvd-field pvd-slider" }, make("label", { for: id }, label, " ", value), field),
    set(number) {
      field.value = number;
      say(value, number.toFixed(2));
    },
  };
}

function charts(host) {
  const grid = make("div", { class: "pvd-charts" });
  host.append(grid);
  const score = unit("Score");
  return {
    pr: createChart(grid, {
      title: "Precision-recall curve",
      x: unit("Recall: fraction of people found"),
      y: unit("Precision: fraction of detections that are correct"),
    }),
    ap: createChart(grid, { title: "AP vs. IoU threshold", x: { ...iouAxis }, y: unit("AP") }),
    f1: createChart(grid, { title: "F1 vs. score threshold", x: unit("Score threshold"), y: unit("F1") }),
    calibration: createChart(grid, {
      title: "Calibration: is a score of .8 correct 8 times out of 10?",
      x: { ...score },
      y: unit("Fraction correct (precision)"),
    }),
  };
}

function drawAll(parts, shown, { variant, payload: { inks } }) {
  const series = (kind, points) =>
    shown.map(({ id, curves, overIou }) => ({
      ...variant(id),
      kind,
      points: points({ curves, overIou }),
    }));
  parts.pr.draw(
    series("step", ({ curves }) =>
      curves.sampled.map(({ recall, precision }) => ({
        x: recall,
        y: precision,
        tip: `precision ${three(precision)} at recall ${recall.toFixed(2)}`,
      })),
    ),
    { label: "Curves from the upper left; further right and higher is better." },
  );
  parts.ap.draw(
    series("line", ({ overIou }) =>
      overIou.map((ap, index) => ({
        x: COCO_IOUS[index],
        y: ap,
        tip: `AP ${three(ap)} at IoU ${COCO_IOUS[index].toFixed(2)}`,
      })),
    ),
    { label: "AP falls as the threshold demands a tighter fit." },
  );
  parts.f1.draw(
    [
      ...series("line", ({ curves }) =>
        curves.points.map(({ score, f1 }) => ({
          x: score,
          y: f1,
          tip: `F1 ${three(f1)} at score ${three(score)}`,
        })),
      ),
      ...shown
        .filter(({ curves }) => curves.best)
        .map(({ id, curves: { best } }) => ({
          ...variant(id),
          label: `Best of ${variant(id).label}`,
          of: variant(id).label,
          kind: "points",
          unlisted: true,
          points: [{ x: best.score, y: best.f1, tip: `F1 ${three(best.f1)} at score ${three(best.score)}` }],
        })),
    ],
    { label: "The marker shows each detector's best threshold." },
  );
  const ideal = {
    label: "Perfect calibration",
    style: inks.neutral,
    kind: "line",
    points: [0, 1].map((at) => ({ x: at, y: at, tip: "correct as often as the score says" })),
  };
  parts.calibration.draw([
    ...series("line", ({ curves }) =>
      curves.bins
        .filter(({ precision }) => precision !== null)
        .map(({ precision, meanScore, right, wrong }) => ({
          x: meanScore,
          y: precision,
          tip: `score ${three(meanScore)}: ${right} of ${right + wrong} correct`,
        })),
    ),
    ideal,
  ]);
}

function distribution(
  host,
  { id, curves },
  {
    variant,
    payload: {
      inks: { series },
    },
  },
) {
  const { label } = variant(id);
  const most = Math.max(1, ...curves.bins.map(({ right, wrong }) => Math.max(right, wrong)));
  const ticks = stepsTo(most);
  const chart = createChart(host, {
    title: `Scores of true and false positives: ${label}`,
    x: unit("Score"),
    y: { label: "Detections", low: 0, high: ticks.at(-1), ticks },
    height: 220,
  });
  chart.element.dataset.variant = id;
  const half = 0.5 / BINS;
  chart.draw(
    [
      ["right", "True positives", series[2], 0.5],
      ["wrong", "False positives", series[1], 1.5],
    ].map(([key, name, style, offset]) => ({
      label: name,
      style,
      kind: "bars",
      points: curves.bins.map((bin) => ({
        x: bin.low + half * offset,
        y: bin[key],
        span: half,
        name: `${bin.low.toFixed(1)} to ${(bin.low + 0.1).toFixed(1)}`,
        tip: `${bin[key]} with a score of ${bin.low.toFixed(1)} to ${(bin.low + 0.1).toFixed(1)}`,
      })),
    })),
  );
}

/** The section. */
export async function mountCurves(host, { files }, page) {
  const status = make("p", { class: "pv-muted", role: "status" }, "Fetching the stored predictions …");
  host.append(status);
  const runs = await fetchRuns(files);
  const failed = [...runs].filter(([, run]) => !run).map(([id]) => files[id]);
  for (const [id, run] of [...runs]) if (!run) runs.delete(id);
  if (!runs.size) {
    say(status, "No stored predictions could be fetched, so there are no curves to draw.");
    return;
  }
  say(status, failed.length ? `${failed.join(", ")} could not be read; the rest is shown.` : "");
  const iou = slider("IoU threshold", { min: 0.5, max: 0.95, step: 0.01 }, (value) => page.set({ iou: value }));
  const score = slider(
    "Score threshold of the Detect page",
    { min: page.payload.thresholds.floor, max: 0.99, step: 0.01 },
    (value) => {
      shownScore = value;
      note();
    },
  );
  let shownScore = page.payload.thresholds.score;
  host.append(make("div", { class: "pvd-fields" }, kindChoice(page, KINDS), iou.element));
  const parts = charts(host);
  const aps = make("p", { class: "pvd-text", "aria-live": "polite" });
  const bars = make("div", { class: "pvd-charts" });
  const noteText = make("p", { class: "pvd-text", "aria-live": "polite" });
  host.append(
    aps,
    bars,
    make("h3", {}, "Effect of the score threshold"),
    make("div", { class: "pvd-fields" }, score.element),
    noteText,
  );
  const cache = new Map();
  const remembered = (key, compute) => cache.get(key) ?? cache.set(key, compute()).get(key);
  let shown = [];

  function note() {
    score.set(shownScore);
    const { kind, iou: threshold, a } = page.state();
    const pictures = runs.has(a) ? picturesOf(runs.get(a), kind) : null;
    if (!pictures) return say(noteText, "");
    const full = averagePrecision(pictures, threshold);
    const cut = atScore(pictures, { iou: threshold, score: shownScore });
    const share = (value) => (value === null ? "undefined" : three(value));
    return say(
      noteText,
      `${page.variant(a).label}, score above ${shownScore.toFixed(2)}: precision ${share(cut.precision)}, recall ` +
        `${share(cut.recall)}, from ${cut.detections} detections. AP is ${three(cut.ap)}; without the cut ` +
        `${three(full)}. ` +
        `${
          cut.ap === full
            ? "AP has not changed: it depends on the ranking of the detections, not on the threshold, unless the " +
              "threshold removes true positives."
            : "The threshold has removed true positives, so AP falls; a higher threshold can never raise it."
        }`,
    );
  }

  page.onChange(({ kind, iou: threshold }) => {
    iou.set(threshold);
    shown = [...runs].flatMap(([id, run]) => {
      const pictures = picturesOf(run, kind);
      if (!pictures) return [];
      return [
        {
          id,
          curves: remembered(`${id} ${kind} ${threshold}`, () => curvesAt(pictures, threshold)),
          overIou: remembered(`${id} ${kind}`, () => COCO_IOUS.map((one) => averagePrecision(pictures, one))),
        },
      ];
    });
    drawAll(parts, shown, page);
    say(
      aps,
      `AP at IoU ${threshold.toFixed(2)}: ` +
        `${shown.map(({ id, curves }) => `${page.variant(id).label} ${three(curves.ap)}`).join(", ")}.`,
    );
    bars.replaceChildren();
    for (const one of shown.filter(({ id }) => [page.state().a, page.state().b].includes(id)))
      distribution(bars, one, page);
    note();
  });
}
