/** One setting changed at a time, reported beside measured, with the size of what chance alone can do. */

import { make } from "../base/dom.js";
import { unit } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { kindChoice } from "./fields.js";
import { KINDS } from "./page.js";

const three = (value) => value.toFixed(3);

/** An axis with a place for each of some words. */
const words = (label, listed) => ({
  label,
  low: 0,
  high: listed.length,
  ticks: listed.map((_, index) => index + 0.5),
  format: (at) => listed[Math.floor(at)],
});

function headline({ small, large }) {
  const half = Math.round((100 * small.parameters) / large.parameters);
  return make(
    "article",
    { class: "pvd-card" },
    make(
      "p",
      { class: "pvd-verdict" },
      `${small.label}: box AP ${three(small.ap.bbox)}, mask AP ${three(small.ap.segm)}. ${large.label}: ` +
        `${three(large.ap.bbox)} and ${three(large.ap.segm)}.`,
    ),
    make(
      "p",
      {},
      "The course reports blamed the MobileNetV2 backbone for their weak lightweight detector. Measured with a " +
        "feature " +
        (`pyramid and frozen BatchNorm, the same backbone reaches this with ${half} % of the parameters. The ` +
          "reports changed ") +
        ("three things at once: a single feature map at stride 32, 1280 channels, and BatchNorm trained on two " +
          "images. How ") +
        `far the two are apart, for boxes and for masks, is under "Significance" above.`,
    ),
  );
}

function corrections(listed) {
  const [first, ...others] = listed;
  const item = ({ report, says, but }) =>
    make("li", {}, make("strong", {}, `Course report ${report}: `), says, make("br"), but);
  return [
    make("h3", {}, "Size of the claimed gains"),
    make("ul", { class: "pvd-list" }, item(first)),
    make(
      "details",
      {},
      make("summary", {}, `${others.length} more claims of the course reports that do not hold`),
      make("ul", { class: "pvd-list" }, ...others.map(item)),
    ),
  ];
}

function reportedChart(grid, entry, { caveats, inks: { neutral } }) {
  const settings = entry.settings.map(String);
  const chart = createChart(grid, {
    title: `Reported: ${entry.label}`,
    x: words("Setting", settings),
    y: unit(`${entry.kind} ${entry.key}`),
    height: 260,
  });
  const step = {
    label: `One step of the metric, ${entry.step}`,
    kind: "line",
    style: neutral,
    points: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ].map(([across, up]) => ({
      x: across * settings.length,
      y: entry.values[0] + up * entry.step,
      tip: `one step of the metric is ${entry.step}`,
    })),
  };
  chart.draw([
    {
      label: `Course report ${entry.report}`,
      kind: "points",
      style: neutral,
      points: entry.values.map((value, index) => ({
        x: index + 0.5,
        y: value,
        name: settings[index],
        tip:
          `${settings[index]}: ${three(value)}, ${Math.round((value - entry.values[0]) / entry.step)} steps from the ` +
          "first",
      })),
    },
    step,
  ]);
  chart.element.append(
    make("ul", { class: "pvd-list pv-muted" }, ...entry.caveats.map((key) => make("li", {}, caveats[key]))),
  );
}

function measuredChart(grid, trials, { label, kind, inks }) {
  const known = trials.filter(({ ap }) => typeof ap[kind] === "number");
  if (!known.length) return;
  const values = [...new Set(known.map(({ value }) => value))];
  const numeric = values.every((value) => Number.isFinite(Number(value)));
  if (numeric) values.sort((a, b) => Number(a) - Number(b));
  const chart = createChart(grid, {
    title: `Measured: ${label}`,
    x: words(label, values),
    y: unit(`${KINDS[kind]}: AP`),
    height: 260,
  });
  const at = (trial) => ({ x: values.indexOf(trial.value) + 0.5, y: trial.ap[kind], name: trial.value });
  const interval = (trial) => {
    const bounds = trial.intervals[kind];
    return bounds ? `, 95 % interval over images ${three(bounds[0])} to ${three(bounds[1])}` : "";
  };
  const points = (kept, style, name) => ({
    label: name,
    kind: "points",
    style,
    points: kept.map((trial) => ({
      ...at(trial),
      tip:
        `${trial.value}${trial.base ? " (the base)" : ""}: AP ${three(trial.ap[kind])}, seed ` +
        `${trial.seed}${interval(trial)}`,
    })),
  });
  const bars = known
    .filter(({ seed, intervals }) => seed === 0 && intervals[kind])
    .map((trial) => ({
      label: `95 % interval of ${trial.value}`,
      unlisted: true,
      kind: "line",
      style: inks.neutral,
      points: trial.intervals[kind].map((bound) => ({
        ...at(trial),
        y: bound,
        tip: "end of the 95 % interval over images",
      })),
    }));
  const others = known.filter(({ seed }) => seed !== 0);
  const spreads = [...new Set(others.map(({ value }) => value))].map((value) => {
    const same = known.filter((trial) => trial.value === value);
    const found = same.map(({ ap }) => ap[kind]);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    return {
      label: `Spread of ${value} over ${same.length} seeds: ${three(low)} to ${three(high)}`,
      kind: "line",
      style: { ...inks.series[1], dash: [] },
      points: [low, high].map((y) => ({
        x: values.indexOf(value) + 0.62,
        y,
        name: value,
        tip: `${same.length} seeds of ${value} reach ${three(low)} to ${three(high)}`,
      })),
    };
  });
  chart.draw(
    [
      ...bars,
      ...spreads,
      points(
        known.filter(({ seed }) => seed === 0),
        inks.series[0],
        "Seed 0",
      ),
      ...(others.length ? [points(others, inks.series[1], "Other seeds")] : []),
    ],
    { label: "Lines: 95 % intervals over images." },
  );
}

function personScores(host, table, { caveats, inks }) {
  const highest = 1;
  const lowest = Math.floor(20 * Math.min(...table.rows.flatMap(({ scores }) => scores))) / 20;
  const chart = createChart(host, {
    title: `Reported scores of four people in image ${table.picture} of course report ${table.report}`,
    height: 260,
    x: words(
      "Setting, in the order of the report",
      table.rows.map((_, index) => String(index + 1)),
    ),
    y: {
      label: "Score threshold",
      low: lowest,
      high: highest,
      ticks: [lowest, (lowest + highest) / 2, highest],
      format: (value) => value.toFixed(3),
    },
  });
  chart.draw(
    table.rows[0].scores.map((_, person) => ({
      label: `Person ${person + 1}`,
      kind: "points",
      style: inks.series[person],
      points: table.rows.map(({ setting, scores }, index) => ({
        x: index + 0.5,
        y: scores[person],
        name: setting,
        tip: `${setting}: ${scores[person]}`,
      })),
    })),
  );
  chart.element.append(
    make("ol", { class: "pvd-list pv-muted" }, ...table.rows.map(({ setting }) => make("li", {}, setting))),
  );
  const said = [...new Set([...table.caveats, ...table.rows.flatMap((row) => row.caveats)])];
  chart.element.append(make("ul", { class: "pvd-list pv-muted" }, ...said.map((key) => make("li", {}, caveats[key]))));
}

function commonText({ label, recipe, pictures, people, medium, tested_at }) {
  if (!label) return "No trial has been measured yet: python -m training.ablate measures them.";
  const settings = Object.entries(recipe)
    .map(([key, value]) => `${key.replaceAll("_", " ")} ${Array.isArray(value) ? value.join("/") : value}`)
    .join(", ");
  const tested = Object.entries(tested_at)
    .map(([side, necks]) => `${side} pixels (${necks.join(", ")})`)
    .join(" and ");
  return (
    `Every measured trial changes one thing of one base: ${label}, ${settings}. These runs are short, so only ` +
    `the differences between them are meaningful. Images were tested at ${tested}. ${pictures} images with ${people} ` +
    `people; with ${medium} medium people one step of their recall is 1/${10 * medium}, ` +
    `${(1 / (10 * medium)).toFixed(4)}.`
  );
}

/** The section. */
export function mountAblations(host, data, page) {
  const { inks } = page.payload;
  if (data.headline) host.append(headline(data.headline));
  if (data.corrections.length) host.append(...corrections(data.corrections));
  const measured = make("div", { class: "pvd-charts" });
  host.append(
    make("h3", {}, "Measured here"),
    make("p", { class: "pvd-text" }, commonText(data.common)),
    make("div", { class: "pvd-fields" }, kindChoice(page, KINDS)),
    measured,
  );
  let shownKind = "";
  page.onChange(({ kind }) => {
    if (kind === shownKind) return;
    shownKind = kind;
    measured.replaceChildren();
    for (const [factor, trials] of Object.entries(data.measured))
      measuredChart(measured, trials, { label: data.factors[factor], kind, inks });
  });
  if (!data.reported.length) return;
  const reported = make("div", { class: "pvd-charts" });
  host.append(make("h3", {}, "Results of course report B"), reported);
  for (const entry of data.reported) reportedChart(reported, entry, { caveats: data.caveats, inks });
  if (data.person_scores) personScores(reported, data.person_scores, { caveats: data.caveats, inks });
}
