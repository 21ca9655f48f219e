/** Which detector to use, and why: three verdicts, what the numbers cannot tell, one chart and two tables. */

import { make } from "../base/dom.js";
import { fitted } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { estimate, framed, header, three } from "../charts/result_tables.js";
import { costSeries } from "./cost.js";
import { kindChoice } from "./fields.js";
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

/**
 * @param {import("../payloads.d.ts").VerdictCard} verdict
 * @param {import("./page.js").DashboardPage} page
 */
function card({ title, spec_id: id, value, because }, page) {
  const { label, style } = page.variant(id);
  const name = make("p", { class: "pvd-winner" }, make("strong", {}, label), ` ${value}`);
  name.style.setProperty("--light", style.light);
  name.style.setProperty("--dark", style.dark);
  return make("article", { class: "pvr-card" }, make("h2", {}, title), name, make("p", { class: "pv-muted" }, because));
}

/**
 * Accuracy against time, with error bars and names.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").CostData} cost
 * @param {import("./page.js").DashboardPage} page
 */
function speedChart(host, cost, page) {
  host.append(make("div", { class: "pvr-fields" }, kindChoice(page)));
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

/**
 * AP50 with AP behind it, and both intervals below.
 * @param {import("../payloads.d.ts").PeopleNumbers | undefined} found
 */
function pairOfEstimates(found) {
  if (!found) return estimate(null);
  const { ap50, ap } = found;
  const cell = make("td", {}, `${three(ap50.value)} (${three(ap.value)})`);
  const [inner, outer] = [ap50, ap].map(({ low, high }) =>
    low === null || high === null ? null : `${low.toFixed(2)}–${high.toFixed(2)}`,
  );
  if (inner && outer) cell.append(make("small", {}, `${inner} (${outer})`));
  return cell;
}

/**
 * Photos of other people and places: AP50 and AP by kind of photo, of the variants that were measured.
 * @param {import("../payloads.d.ts").OthersData} data
 * @param {import("./page.js").DashboardPage} page
 */
function others({ kinds, rows, missing }, page) {
  const title = make("h2", {}, "On photos of other people and places");
  const labels = missing.map((id) => page.variant(id).label);
  const unknown = labels.length ? [make("p", { class: "pv-muted" }, `Not measured: ${labels.join(", ")}.`)] : [];
  if (!rows.length) return make("section", { class: "pvd-others" }, title, ...unknown);
  const heads = kinds.map(({ name, images, people }) =>
    header(`${name === "all" ? "All" : name[0].toUpperCase() + name.slice(1)}: ${images} images, ${people} people`),
  );
  const lines = rows.map(({ spec_id: id, kinds: found }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, page.variant(id).label),
      ...kinds.map((kind) => pairOfEstimates(found[kind.name])),
    ),
  );
  const about = make(
    "p",
    { class: "pv-muted" },
    "Box AP50, with AP in brackets, on photos that were left out of training. Small figures are 95 % intervals over " +
      "images. Everyday images are of COCO: a backbone that started from COCO has probably seen them.",
  );
  const table = framed("Photos of other people", [header("Variant"), ...heads], lines);
  return make("section", { class: "pvd-others" }, title, about, table, ...unknown);
}

/**
 * The part of the page that is always in view.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").DashboardSections} sections
 * @param {import("./page.js").DashboardPage} page
 */
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
