/** Time and size against accuracy, and parameters by component. */

import { make } from "../base/dom.js";
import { stepsTo, unit } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { KINDS } from "./page.js";

const PARTS = {
  backbone: "Backbone",
  neck: "Neck",
  rpn: "Region proposals",
  box_head: "Box head",
  mask_head: "Mask head",
};
/** A piece of colour that stands for a part of the network. */
function swatch(part, { series }, attributes) {
  const { light, dark } = series[Object.keys(PARTS).indexOf(part)];
  const piece = make("i", attributes);
  piece.classList.add("pvd-part");
  piece.style.setProperty("--light", light);
  piece.style.setProperty("--dark", dark);
  return piece;
}

const millions = (count) => `${(count / 1e6).toFixed(1)} M`;

function pointSeries(rows, page, kind, axis) {
  return rows
    .filter((row) => row.ap[kind] !== null && row.ap[kind] !== undefined)
    .map((row) => ({
      ...page.variant(row.spec_id),
      kind: "points",
      report: row.report,
      points: [
        {
          x: row[axis],
          y: row.ap[kind],
          name: String(row[axis]),
          tip:
            `AP ${row.ap[kind].toFixed(3)}, ` +
            `${axis === "seconds" ? `${row[axis].toFixed(2)} s per image` : `${row[axis].toFixed(0)} MB`}`,
        },
      ],
    }));
}

function parts(data, page) {
  const total = ({ parts: counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  const most = Math.max(...data.parts.map(total));
  return make(
    "div",
    { class: "pvd-parts" },
    ...data.parts.map((entry) => {
      const bar = make(
        "div",
        {
          class: "pvd-stack",
          role: "img",
          "aria-label": Object.entries(entry.parts)
            .map(([part, count]) => `${PARTS[part]} ${millions(count)}`)
            .join(", "),
        },
        ...Object.entries(entry.parts).map(([part, count]) =>
          swatch(part, page.payload.inks, {
            style: `width:${(100 * count) / most}%`,
            title: `${PARTS[part]}: ${count.toLocaleString("en")}`,
          }),
        ),
      );
      const { largest } = entry;
      return make(
        "div",
        {},
        make("p", {}, make("strong", {}, page.variant(entry.spec_id).label), ` ${millions(total(entry))}`),
        bar,
        make(
          "p",
          { class: "pv-muted" },
          `Largest layer: ${largest.name} of the ${PARTS[largest.part].toLowerCase()}, ` +
            `${largest.parameters.toLocaleString("en")} weights, ` +
            `${Math.round((100 * largest.parameters) / total(entry))} % of all.`,
        ),
      );
    }),
  );
}

function partsTable({ parts: listed }, page) {
  const row = ([label, ...cells]) =>
    make("tr", {}, make("th", { scope: "row" }, label), ...cells.map((cell) => make("td", {}, cell)));
  const counts = ({ spec_id: id, parts: of }) => [
    page.variant(id).label,
    ...Object.keys(PARTS).map((part) => (of[part] ?? 0).toLocaleString("en")),
  ];
  return make(
    "details",
    {},
    make("summary", {}, "As a table"),
    make(
      "div",
      { class: "pvd-scroll", tabindex: "0", role: "region", "aria-label": "Parameters by component, scrolls sideways" },
      make(
        "table",
        { class: "pvd-table" },
        make(
          "thead",
          {},
          make("tr", {}, ...["Variant", ...Object.values(PARTS)].map((label) => make("th", { scope: "col" }, label))),
        ),
        make("tbody", {}, ...listed.map((entry) => row(counts(entry)))),
      ),
    ),
  );
}

/** The section. */
export function mountCost(host, data, page) {
  const grid = make("div", { class: "pvd-charts" });
  host.append(grid);
  const slowest = Math.max(1, ...[...data.measured, ...data.reported].map(({ seconds }) => seconds));
  const largest = Math.max(1, ...data.measured.map(({ megabytes }) => megabytes));
  const times = stepsTo(slowest);
  const sizes = stepsTo(largest);
  const speed = createChart(grid, {
    title: "Speed against accuracy",
    x: { label: "Seconds per image", low: 0, high: times.at(-1), ticks: times },
    y: unit("AP"),
  });
  const size = createChart(grid, {
    title: "Size against accuracy",
    x: { label: "Weight file, MB", low: 0, high: sizes.at(-1), ticks: sizes },
    y: unit("AP"),
  });
  page.onChange(({ kind }) => {
    const hardware = "Timed on the CPU named in the provenance of each row.";
    const reported = pointSeries(data.reported, page, kind, "seconds").map((series) => ({
      ...series,
      label: `${series.label}, course report ${series.report} (other hardware)`,
      style: { ...page.payload.inks.neutral, marker: series.style.marker },
    }));
    speed.draw([...pointSeries(data.measured, page, kind, "seconds"), ...reported], {
      label: `${KINDS[kind]}. ${hardware}`,
    });
    size.draw(pointSeries(data.measured, page, kind, "megabytes"), { label: KINDS[kind] });
  });
  const legend = make(
    "ul",
    { class: "pvg-legend" },
    ...Object.entries(PARTS).map(([part, label]) =>
      make("li", {}, swatch(part, page.payload.inks, { class: "pvd-swatch" }), label),
    ),
  );
  const unjudged = data.reported.filter(({ ap }) => Object.values(ap).every((value) => value === null));
  if (unjudged.length) {
    const listed = unjudged
      .map((row) => `report ${row.report}, ${page.variant(row.spec_id).label}: ${row.seconds} s`)
      .join("; ");
    host.append(make("p", { class: "pvd-text pv-muted" }, `Reported times without an AP to place them at: ${listed}.`));
  }
  host.append(
    make(
      "p",
      { class: "pvd-text pv-muted" },
      "Grey points are timings from the course reports, on their hardware and images: compare them with each " +
        "other, not " +
        "with the coloured points.",
    ),
    make("h3", {}, "Parameters by component"),
    legend,
    parts(data, page),
    partsTable(data, page),
  );
}
