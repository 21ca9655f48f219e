/**
 * The charts of one or more detectors, drawn from what pedviz/metrics/analysis.py computes: the dashboard, the page
 * "Your results" and a report on disk show the same. A run is {label, style, analysis}.
 */

import { make, say } from "../base/dom.js";
import { fitted, iouAxis, stepsTo, unit } from "./axes.js";
import { createChart } from "./chart.js";

const IOU_LABEL = "IoU threshold (axis from 0.5)";
const three = (value) => value.toFixed(3);
const two = (value) => value.toFixed(2);

/** A slider with its value beside it. */
export function slider(label, { min, max, step, value }, move) {
  const output = make("output", {}, two(value));
  const field = make("input", { type: "range", "aria-label": label, min, max, step, value });
  const changed = () => {
    say(output, two(Number(field.value)));
    move(Number(field.value));
  };
  field.addEventListener("input", changed);
  return make("label", { class: "pvr-slider" }, make("span", {}, `${label} `, output), field);
}

/** Axes from the recall at which the first curve leaves its highest precision to where the last one ends. */
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

function precisionRecall(host) {
  const chart = createChart(host, { title: "Precision-recall curve", x: unit("Recall"), y: unit("Precision") });
  return (runs, iou) => {
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

function apByIou(host) {
  const chart = createChart(host, {
    title: "AP vs. IoU threshold",
    x: { ...iouAxis, label: IOU_LABEL },
    y: unit("AP"),
  });
  return (runs) => {
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

function scoreThresholds(host) {
  const chart = createChart(host, { title: "F1 vs. score threshold", x: unit("Score threshold"), y: unit("F1") });
  const text = make("p", { class: "pv-muted", "aria-live": "polite" });
  let shown = [];
  let score = 0.5;
  const say_ = () =>
    say(
      text,
      shown
        .map(({ label, analysis }) => {
          const points = analysis.curves.thresholds;
          const at = points.score.findLastIndex((value) => value >= score);
          return at < 0
            ? `${label}: nothing scores ${two(score)}.`
            : `${label}: ${["precision", "recall", "f1"].map((key) => `${key} ${three(points[key][at])}`).join(", ")}.`;
        })
        .join(" "),
    );
  const control = slider("Score threshold", { min: 0.05, max: 0.99, step: 0.01, value: score }, (value) => {
    score = value;
    say_();
  });
  chart.element.append(control, text);
  return (runs) => {
    shown = runs.filter(({ analysis }) => analysis.curves.thresholds);
    const scores = shown.flatMap(({ analysis }) => analysis.curves.thresholds.score);
    const x = scores.every((value) => value >= 0 && value <= 1)
      ? unit("Score threshold")
      : fitted("Score threshold", scores);
    const best = ({ label, style, analysis }) => {
      const { score: at, f1, precision, recall } = analysis.curves.thresholds.best;
      const tip = `best F1 ${three(f1)} at score ${two(at)}: precision ${three(precision)}, recall ${three(recall)}`;
      return {
        label: `Best of ${label}`,
        of: label,
        unlisted: true,
        style,
        kind: "points",
        points: [{ x: at, y: f1, tip }],
      };
    };
    chart.draw(
      shown.flatMap((run) => [
        {
          label: run.label,
          style: run.style,
          kind: "line",
          points: run.analysis.curves.thresholds.score.map((at, index) => ({
            x: at,
            y: run.analysis.curves.thresholds.f1[index],
            tip: `F1 ${three(run.analysis.curves.thresholds.f1[index])} at score ${three(at)}`,
          })),
        },
        best(run),
      ]),
      { label: "At IoU 0.50, categories pooled. The marker is the best threshold of each.", axes: { x } },
    );
    say_();
  };
}

function calibration(host, neutral) {
  const chart = createChart(host, {
    title: "Calibration",
    x: unit("Mean score"),
    y: unit("Fraction correct (precision)"),
  });
  return (runs) => {
    const shown = runs.filter(({ analysis }) => analysis.curves.calibration);
    const ideal = {
      label: "Perfect calibration",
      style: neutral,
      kind: "line",
      points: [0, 1].map((at) => ({ x: at, y: at, tip: "as often correct as the score says" })),
    };
    const series = shown.flatMap(({ label, style, analysis: { curves } }) => {
      const bins = curves.calibration;
      const points = bins.score.flatMap((score, index) => {
        if (score === null) return [];
        const total = bins.right[index] + bins.wrong[index];
        const interval = `95 % interval ${two(bins.low[index])} to ${two(bins.high[index])}`;
        const tip = `mean score ${three(score)}: ${bins.right[index]} of ${total} correct, ${interval}`;
        return [{ x: score, y: bins.fraction[index], range: [bins.low[index], bins.high[index]], tip }];
      });
      return [
        { label, style, kind: "line", points },
        { label: `Bins of ${label}`, of: label, unlisted: true, style, kind: "points", points },
      ];
    });
    const errors = shown.map(({ label, analysis }) => `${label} ${three(analysis.curves.calibration.ece)}`).join(", ");
    const said = errors || "not defined, scores are not within 0 and 1";
    chart.draw([...series, ideal], {
      label: `Ten bins with as many detections each, at IoU 0.50. Expected calibration error: ${said}.`,
    });
    chart.element.dataset.ece = errors;
  };
}

/** Histograms of the scores, drawn while they are unfolded. */
function histograms(host, { series: inks }) {
  const grid = make("div", { class: "pvr-charts" });
  const fold = make("details", { ontoggle: show }, make("summary", {}, "Scores of true and false positives"), grid);
  host.append(fold);
  let wanted = [];
  /** @type {any} */
  let drawn = null;
  function show() {
    if (!fold.open || drawn === wanted) return;
    drawn = wanted;
    grid.replaceChildren();
    for (const run of wanted) histogram(grid, run, inks);
  }
  return (runs) => {
    wanted = runs.filter(({ analysis: { curves } }) => curves.histogram);
    show();
  };
}

function histogram(grid, { label, analysis }, inks) {
  const { edges, right, wrong } = analysis.curves.histogram;
  const ticks = stepsTo(Math.max(1, ...right, ...wrong));
  const half = (edges[1] - edges[0]) / 2;
  createChart(grid, {
    title: `Scores: ${label}`,
    x: unit("Score"),
    y: { label: "Detections", low: 0, high: ticks.at(-1), ticks },
    height: 220,
  }).draw(
    [
      ["True positives", right, inks[2], 0.5],
      ["False positives", wrong, inks[1], 1.5],
    ].map(([name, counts, style, offset]) => ({
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
 * One grouped chart of what each type of error costs, and its counts as a table.
 * @param {HTMLElement} host
 * @param {Function | null} open called with the label of a run and the key of a type that was pressed
 * @returns {Function} draws runs
 */
export function errorChart(host, open = null) {
  const holder = make("div");
  host.append(holder);
  return (runs) => {
    holder.replaceChildren();
    const types = Object.values(runs[0].analysis.errors.types);
    const gains = runs.flatMap(({ analysis }) => Object.values(analysis.errors.types).map(({ gain }) => gain));
    const ticks = stepsTo(Math.max(0.01, ...gains), 4);
    const span = 0.8 / runs.length;
    const chart = createChart(holder, {
      title: "AP gained if fixed, by error type",
      height: 300,
      x: {
        label: "Error type",
        low: 0,
        high: types.length,
        ticks: types.map((_, index) => index + 0.5),
        format: (at) => types[Math.floor(at)].label,
      },
      y: { label: "AP50 gained", low: 0, high: ticks.at(-1), ticks, format: three },
    });
    chart.draw(
      runs.map(({ label, style, analysis: { errors } }, place) => ({
        label,
        style,
        kind: "bars",
        points: types.map(({ key, label: name, meaning }, index) => ({
          x: index + 0.1 + span * (place + 0.5),
          y: Math.max(0, errors.types[key].gain),
          span,
          name,
          tip: `${name}, ${errors.types[key].count}: worth ${three(errors.types[key].gain)} AP50. ${meaning}`,
          open: open && (() => open(label, key)),
        })),
      })),
      { label: "Gains do not add up: one error can hide another." },
    );
  };
}

/**
 * All curves of some runs.
 * @param {HTMLElement} host
 * @param {{series: Object[], neutral: Object}} inks
 * @returns {Function} draws runs that have curves, given them and the IoU
 */
export function resultCharts(host, inks) {
  const grid = make("div", { class: "pvr-charts" });
  host.append(grid);
  const drawPrecision = precisionRecall(grid);
  const parts = [apByIou(grid), scoreThresholds(grid), calibration(grid, inks.neutral)];
  parts.push(histograms(host, inks));
  let last = []; // what the charts that do not depend on the IoU show
  return (runs, { iou }) => {
    const shown = runs.filter(({ analysis }) => analysis.curves);
    if (!shown.length) return;
    drawPrecision(shown, iou);
    const analyses = shown.map(({ analysis }) => analysis);
    if (analyses.length === last.length && analyses.every((one, place) => one === last[place])) return;
    last = analyses;
    for (const draw of parts) draw(shown);
  };
}
