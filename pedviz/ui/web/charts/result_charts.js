/**
 * The charts of one or more detectors, drawn from what pedviz/metrics/analysis.py computes: the dashboard, the page
 * "Your results" and a report on disk show the same.
 */

import { make, say } from "../base/dom.js";
import { fitted, fromZero, iouAxis, unit } from "./axes.js";
import { createChart } from "./chart.js";
import { three } from "./result_tables.js";
import { slider } from "./slider.js";

/**
 * @import { Curves, Inks, ScoreHistogram, ThresholdCurve } from "../payloads.d.ts"
 * @import { Run } from "./result_tables.js"
 * @import { Series, Style } from "./series.js"
 * @typedef {Run & {analysis: {curves: Curves}}} CurvesRun one with objects to find
 * @typedef {{label: string, style: Style, points: ThresholdCurve}} Thresholds of a run
 */

const IOU_LABEL = "IoU threshold (axis from 0.5)";
/** @type {(keyof ThresholdCurve & ("precision"|"recall"|"f1"))[]} */
const SAID = ["precision", "recall", "f1"];
const two = (/** @type {number} */ value) => value.toFixed(2);

/**
 * Axes from the recall at which the first curve leaves its highest precision to where the last one ends.
 * @param {number[][]} curves
 */
function whereItHappens(curves) {
  const falls = curves.map((curve) => curve.findIndex((value) => value < curve[0] - 0.005));
  const first = Math.min(...falls.filter((at) => at > 0), 100) / 100;
  const ends = curves.map((curve) => curve.findLastIndex((value) => value > 0) / 100);
  const seen = curves.flatMap((curve) => curve.filter((value) => value > 0));
  const limits = { low: 0, high: 1 };
  return {
    x: fitted("Recall", [Math.min(first, ...ends.filter((at) => at >= 0)), Math.max(0.01, ...ends)], limits),
    y: fitted("Precision", [1, ...seen], limits),
  };
}

/** @param {HTMLElement} host */
function precisionRecall(host) {
  const chart = createChart(host, { title: "Precision-recall curve", x: unit("Recall"), y: unit("Precision") });
  return (/** @type {CurvesRun[]} */ runs, /** @type {number} */ iou) => {
    const place = Math.round((iou - 0.5) / 0.05);
    const curves = runs.map(({ analysis }) => analysis.curves.precision[place]);
    const { x, y } = whereItHappens(curves);
    chart.draw(
      runs.map(({ label, style }, index) => ({
        label,
        style,
        kind: "step",
        points: curves[index].flatMap((precision, at) => {
          const tip = `precision ${three(precision)} at recall ${two(at / 100)}`;
          return at / 100 < x.low ? [] : [{ x: at / 100, y: precision, tip }];
        }),
      })),
      { label: `Interpolated precision at IoU ${two(iou)}, the mean over categories.`, axes: { x, y } },
    );
  };
}

/** @param {HTMLElement} host */
function apByIou(host) {
  const chart = createChart(host, {
    title: "AP vs. IoU threshold",
    x: { ...iouAxis, label: IOU_LABEL },
    y: unit("AP"),
  });
  return (/** @type {CurvesRun[]} */ runs) => {
    const all = runs.flatMap(({ analysis }) => analysis.curves.ap);
    chart.draw(
      runs.map(({ label, style, analysis: { curves } }) => ({
        label,
        style,
        kind: "line",
        points: curves.ap.map((ap, index) => ({
          x: curves.iou[index],
          y: ap,
          tip: `AP ${three(ap)} at IoU ${two(curves.iou[index])}`,
        })),
      })),
      { label: "AP falls as boxes have to fit better.", axes: { y: fitted("AP", all, { low: 0, high: 1 }) } },
    );
  };
}

/** @type {(run: Thresholds) => Series} the marker of the threshold at which F1 is best */
function bestOf({ label, style, points: { best } }) {
  const { score: at, f1, precision, recall } = best;
  const tip = `best F1 ${three(f1)} at score ${two(at)}: precision ${three(precision)}, recall ${three(recall)}`;
  const points = [{ x: at, y: f1, tip }];
  return { label: `Best of ${label}`, of: label, unlisted: true, style, kind: "points", points };
}

/** @param {HTMLElement} host */
function scoreThresholds(host) {
  const chart = createChart(host, { title: "F1 vs. score threshold", x: unit("Score threshold"), y: unit("F1") });
  const text = make("p", { class: "pv-muted", "aria-live": "polite" });
  /** @type {Thresholds[]} */
  let shown = [];
  let score = 0.5;
  const say_ = () =>
    say(
      text,
      shown
        .map(({ label, points }) => {
          const at = points.score.findLastIndex((value) => value >= score);
          return at < 0
            ? `${label}: nothing scores ${two(score)}.`
            : `${label}: ${SAID.map((key) => `${key} ${three(points[key][at])}`).join(", ")}.`;
        })
        .join(" "),
    );
  const control = slider("Score threshold", { min: 0.05, max: 0.99, step: 0.01, value: score }, (value) => {
    score = value;
    say_();
  });
  chart.element.append(control, text);
  return (/** @type {CurvesRun[]} */ runs) => {
    shown = runs.flatMap(({ label, style, analysis: { curves } }) =>
      curves.thresholds ? [{ label, style, points: curves.thresholds }] : [],
    );
    const scores = shown.flatMap(({ points }) => points.score);
    const x = scores.every((value) => value >= 0 && value <= 1)
      ? unit("Score threshold")
      : fitted("Score threshold", scores);
    chart.draw(
      shown.flatMap(({ label, style, points }) => [
        {
          label,
          style,
          kind: "line",
          points: points.score.map((at, index) => ({
            x: at,
            y: points.f1[index],
            tip: `F1 ${three(points.f1[index])} at score ${three(at)}`,
          })),
        },
        bestOf({ label, style, points }),
      ]),
      { label: "At IoU 0.50, categories pooled. The marker is the best threshold of each.", axes: { x } },
    );
    say_();
  };
}

/** @type {(host: HTMLElement, neutral: Style) => (runs: CurvesRun[]) => void} */
function calibration(host, neutral) {
  const chart = createChart(host, {
    title: "Calibration",
    x: unit("Mean score"),
    y: unit("Fraction correct (precision)"),
  });
  return (runs) => {
    const shown = runs.flatMap(({ label, style, analysis: { curves } }) =>
      curves.calibration ? [{ label, style, bins: curves.calibration }] : [],
    );
    /** @type {Series} */
    const ideal = {
      label: "Perfect calibration",
      style: neutral,
      kind: "line",
      points: [0, 1].map((at) => ({ x: at, y: at, tip: "as often correct as the score says" })),
    };
    /** @type {Series[]} */
    const series = shown.flatMap(({ label, style, bins }) => {
      const points = bins.score.flatMap((score, index) => {
        const [fraction, low, high] = [bins.fraction[index], bins.low[index], bins.high[index]];
        if (score === null || fraction === null || low === null || high === null) return [];
        const total = bins.right[index] + bins.wrong[index];
        const interval = `95 % interval ${two(low)} to ${two(high)}`;
        const tip = `mean score ${three(score)}: ${bins.right[index]} of ${total} correct, ${interval}`;
        return [{ x: score, y: fraction, range: [low, high], tip }];
      });
      return [
        { label, style, kind: "line", points },
        { label: `Bins of ${label}`, of: label, unlisted: true, style, kind: "points", points },
      ];
    });
    const errors = shown.map(({ label, bins }) => `${label} ${three(bins.ece)}`).join(", ");
    const said = errors || "not defined, scores are not within 0 and 1";
    chart.draw([...series, ideal], {
      label: `Ten bins with as many detections each, at IoU 0.50. Expected calibration error: ${said}.`,
    });
    chart.element.dataset.ece = errors;
  };
}

/** @type {(host: HTMLElement, inks: Inks) => (runs: CurvesRun[]) => void} drawn while they are unfolded */
function histograms(host, { series: inks }) {
  const grid = make("div", { class: "pvr-charts" });
  const fold = make("details", { ontoggle: show }, make("summary", {}, "Scores of true and false positives"), grid);
  host.append(fold);
  /** @type {CurvesRun[]} */
  let wanted = [];
  /** @type {CurvesRun[] | null} */
  let drawn = null;
  function show() {
    if (!fold.open || drawn === wanted) return;
    drawn = wanted;
    grid.replaceChildren();
    for (const { label, analysis } of wanted) {
      const { histogram } = analysis.curves;
      if (histogram) histogramOf(grid, label, { histogram, inks });
    }
  }
  return (runs) => {
    wanted = runs;
    show();
  };
}

/**
 * @param {HTMLElement} grid
 * @param {string} label
 * @param {{histogram: ScoreHistogram, inks: Style[]}} shown
 */
function histogramOf(grid, label, { histogram: { edges, right, wrong }, inks }) {
  const half = (edges[1] - edges[0]) / 2;
  createChart(grid, {
    title: `Scores: ${label}`,
    x: unit("Score"),
    y: fromZero("Detections", Math.max(1, ...right, ...wrong)),
    height: 220,
  }).draw(
    [
      { name: "True positives", counts: right, style: inks[2], offset: 0.5 },
      { name: "False positives", counts: wrong, style: inks[1], offset: 1.5 },
    ].map(({ name, counts, style, offset }) => ({
      label: name,
      style,
      kind: "bars",
      points: counts.map((count, index) => ({
        x: edges[index] + half * offset,
        y: count,
        span: half,
        name: `${two(edges[index])} to ${two(edges[index + 1])}`,
        tip: `${count} with a score of ${two(edges[index])} to ${two(edges[index + 1])}`,
      })),
    })),
  );
}

/**
 * All curves of some runs.
 * @param {HTMLElement} host
 * @param {Inks} inks
 * @returns {(runs: Run[], shown: {iou: number}) => void} draws the curves of runs
 */
export function resultCharts(host, inks) {
  const grid = make("div", { class: "pvr-charts" });
  host.append(grid);
  const drawPrecision = precisionRecall(grid);
  const parts = [apByIou(grid), scoreThresholds(grid), calibration(grid, inks.neutral)];
  parts.push(histograms(host, inks));
  /** @type {Run["analysis"][]} */
  let last = []; // what the charts that do not depend on the IoU show
  return (runs, { iou }) => {
    const shown = /** @type {CurvesRun[]} */ (runs.filter(({ analysis }) => analysis.curves));
    if (!shown.length) return;
    drawPrecision(shown, iou);
    const analyses = shown.map(({ analysis }) => analysis);
    if (analyses.length === last.length && analyses.every((one, place) => one === last[place])) return;
    last = analyses;
    for (const draw of parts) draw(shown);
  };
}
