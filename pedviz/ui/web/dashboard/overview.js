/** Which detector to use, and why: three verdicts, what the numbers cannot tell, one chart and two tables. */

import { make } from "../base/dom.js";
import { fitted } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { estimate, framed, header } from "../charts/result_tables.js";
import { costSeries } from "./cost.js";
import { kindChoice } from "./fields.js";
import { KINDS } from "./page.js";
import { mountTables } from "./tables.js";

const BRIEF = [
  "box_ap",
  "box_ap_50",
  "mask_ap",
  "mask_ap_50",
  "seconds_per_image",
  "parameters",
  "checkpoint_megabytes",
];

function card({ title, spec_id: id, value, because }, page) {
  const { label, style } = page.variant(id);
  const name = make("p", { class: "pvd-winner" }, make("strong", {}, label), ` ${value}`);
  name.style.setProperty("--light", style.light);
  name.style.setProperty("--dark", style.dark);
  return make("article", { class: "pvr-card" }, make("h2", {}, title), name, make("p", { class: "pv-muted" }, because));
}

/** Accuracy against time, with error bars and names. */
function speedChart(host, cost, page) {
  host.append(make("div", { class: "pvr-fields" }, kindChoice(page, KINDS)));
  const chart = createChart(host, { title: "Accuracy against time", x: fitted("", [0, 1]), y: fitted("AP", [0, 1]) });
  const isOneRun = cost.measured.every(({ milliseconds }) => milliseconds !== null);
  const machine = isOneRun ? "All were timed in one run on one machine." : "Read a point for the machine it ran on.";
  page.onChange(({ kind }) => {
    const axis = isOneRun ? "milliseconds" : "seconds";
    const { series, axes } = costSeries(cost.measured, page, { kind, axis });
    chart.draw(series, { label: `Bars: 95 % intervals over images. ${machine}`, axes });
  });
  const text = `Up and left is better. Bars: 95 % intervals over images. ${machine}`;
  chart.element.append(make("p", { class: "pv-muted" }, text));
}

/** Photos of other people and places: AP50 by kind of photo, of the variants that were measured. */
function others({ kinds, rows, missing }, page) {
  const title = make("h2", {}, "On photos of other people and places");
  const labels = missing.map((id) => page.variant(id).label);
  const unknown = labels.length ? [make("p", { class: "pv-muted" }, `Not measured: ${labels.join(", ")}.`)] : [];
  if (!rows.length) return make("section", { class: "pvd-others" }, title, ...unknown);
  const heads = kinds.map(({ name, images, people }) =>
    header(`${name === "all" ? "All" : name[0].toUpperCase() + name.slice(1)}: ${images} images, ${people} people`),
  );
  const lines = rows.flatMap(({ spec_id: id, kinds: found }) =>
    [
      ["AP50", "ap50"],
      ["AP", "ap"],
    ].map(([name, key]) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, `${page.variant(id).label}: box ${name}`),
        ...kinds.map((kind) => estimate(found[kind.name][key])),
      ),
    ),
  );
  const about = make(
    "p",
    { class: "pv-muted" },
    "Photos that were left out of training, by kind; small figures are 95 % intervals over images.",
  );
  const table = framed("Photos of other people", [header("Variant"), ...heads], lines);
  return make("section", { class: "pvd-others" }, title, about, table, ...unknown);
}

/** The part of the page that is always in view. */
export function mountOverview(host, sections, page) {
  const { cards = [], caveats = [] } = sections.verdicts ?? {};
  const chart = make("div", { class: "pvd-speed" });
  const table = make("div", { class: "pvd-released" });
  host.append(
    make("div", { class: "pvd-verdicts" }, ...cards.map((one) => card(one, page))),
    make("p", { class: "pvd-caveats" }, caveats.join(" ")),
    make("div", { class: "pvd-pair" }, chart, table),
    ...(sections.others ? [others(sections.others, page)] : []),
  );
  if (sections.cost?.measured.length) speedChart(chart, sections.cost, page);
  if (sections.tables) mountTables(table, sections.tables, page, { brief: BRIEF });
}
