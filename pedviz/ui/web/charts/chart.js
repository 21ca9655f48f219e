/**
 * A chart: lines, steps, points or bars upon axes. Mouse, finger and arrow keys read single values; a table says the
 * same to those who do not see it; PNG and SVG can be taken along.
 */

import { make } from "../base/dom.js";
import { drawAxes, layOut } from "./axes.js";
import { saveAsPng, saveAsSvg } from "./export.js";
import { drawNames } from "./names.js";
import { Readout } from "./readout.js";
import { drawGuide, drawMark, drawSeries, sampleOf } from "./series.js";
import { createStage } from "./stage.js";

/**
 * @import { Axis } from "./axes.js"
 * @import { Guide, Mark, Series } from "./series.js"
 * @typedef {ReturnType<typeof createChart>} Drawable
 *
 * @typedef {Object} ChartOptions
 * @property {string} title
 * @property {Axis} [x] axes may also come with what is drawn
 * @property {Axis} [y]
 * @property {number} [height] pixels
 * @property {(width: number) => number} [heightFor] pixels, instead
 * @property {() => void} [whenResized] draws it anew, with what lies upon it
 *
 * @typedef {Object} Shown
 * @property {string} [label] the chart in a sentence
 * @property {{x?: Axis, y?: Axis}} [axes] replace x or y, to fit new data
 * @property {Guide[]} [guides]
 * @property {Mark[]} [marks]
 * @property {boolean} [secret] hides single values, which are asked for
 */

/**
 * The legend; pressing an entry hides its series or shows it again.
 * @param {Series[]} series
 * @param {{hidden: Set<string>, toggle: (label: string) => void}} state
 */
function createLegend(series, { hidden, toggle }) {
  return make(
    "ul",
    { class: "pvg-legend" },
    ...series.map((one) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(!hidden.has(one.label)),
            "data-of": one.thing ?? null,
            title: hidden.has(one.label) ? "Show" : "Hide",
            onclick: () => toggle(one.label),
          },
          sampleOf(one),
          one.label,
        ),
      ),
    ),
  );
}

/**
 * The chart as a table, for those who do not see it.
 * @param {Series[]} series
 * @param {{x: Axis, y: Axis}} axes
 */
function chartTable(series, { x, y }) {
  const rows = series.flatMap(({ label, points }) =>
    points
      .filter((point) => Number.isFinite(point.y))
      .map((point) =>
        make(
          "tr",
          {},
          make("th", { scope: "row" }, label),
          make("td", {}, point.name ?? String(point.x)),
          make("td", {}, String(point.y)),
        ),
      ),
  );
  return make(
    "table",
    { class: "pvg-table" },
    make(
      "thead",
      {},
      make("tr", {}, ...["Series", x.label, y.label || "Row"].map((text) => make("th", { scope: "col" }, text))),
    ),
    make("tbody", {}, ...rows),
  );
}

class Chart {
  /**
   * @param {HTMLElement} host
   * @param {ChartOptions} options
   */
  constructor(host, { title, x, y, height = 320, heightFor = () => height, whenResized = () => this.redraw() }) {
    this.title = title;
    /** @type {{x?: Axis, y?: Axis}} */
    this.given = { x, y };
    /** @type {Series[]} */
    this.series = [];
    /** @type {{guides: Guide[], marks: Mark[]}} */
    this.extras = { guides: [], marks: [] };
    this.summary = "";
    this.secret = false;
    /** @type {Set<string>} */
    this.hidden = new Set(); // labels of series that the visitor switched off
    this.legend = make("div");
    this.legendShows = "";
    this.element = make("figure", { class: "pvg" }, make("figcaption", {}, title), this.legend);
    host.append(this.element);
    this.stage = createStage({ requestDraw: whenResized }, this.element, { label: title, heightFor });
    this.plot = this.stage.picture;
    this.plot.classList.add("pvg-plot");
    this.plot.setAttribute("tabindex", "0");
    this.readout = new Readout(this.plot);
    this.rows = make("div", { class: "pvg-rows", tabindex: 0, role: "region", "aria-label": `${title}, as a table` });
    this.table = make("details", { ontoggle: () => this.fillTable() }, make("summary", {}, "As a table"), this.rows);
    this.element.append(this.readout.element, this.more());
  }

  /** Both axes, once both are known. */
  get axes() {
    const { x, y } = this.given;
    return x && y ? { x, y } : null;
  }

  /** Table, PNG and SVG. */
  more() {
    const file = this.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    /** @type {(label: string, onclick: () => void) => HTMLElement} */
    const button = (label, onclick) =>
      make("button", { type: "button", class: "pv-button pv-quiet pv-small", onclick }, label);
    return make(
      "div",
      { class: "pvg-more" },
      this.table,
      button("PNG", () => saveAsPng(this.contents(), `${file}.png`)),
      button("SVG", () => saveAsSvg(this.contents(), `${file}.svg`)),
    );
  }

  listed() {
    return this.series.filter(({ unlisted }) => !unlisted);
  }

  contents() {
    const entries = this.listed()
      .filter(({ label }) => !this.hidden.has(label))
      .map((one) => ({ label: one.label, sample: sampleOf(one) }));
    return { home: this.element, plot: this.plot, title: this.title, entries };
  }

  fillTable() {
    const { axes } = this;
    this.rows.replaceChildren(...(this.table.open && !this.secret && axes ? [chartTable(this.series, axes)] : []));
  }

  redraw() {
    const { axes, stage, extras, secret } = this;
    if (!this.readout || !axes || !stage.width) return; // not shown yet
    const laid = layOut(stage, axes);
    stage.describe(`${this.title}. ${this.summary}${secret ? "" : " Arrow keys read the values."}`);
    const drawn = this.series
      .filter(({ label, of = label }) => !this.hidden.has(of))
      .map((one) => drawSeries(stage, laid, one));
    const spots = drawn.flatMap((one) => one.spots);
    stage.draw([
      ...drawAxes(stage, laid),
      ...extras.guides.flatMap((guide) => drawGuide(stage, laid, guide)),
      ...drawn.map(({ element }) => element),
      ...drawNames(spots, laid),
      ...extras.marks.map((mark) => drawMark(stage, laid, mark, secret)),
    ]);
    this.readout.renew(secret ? [] : spots.filter(({ y }) => Number.isFinite(y)));
  }

  showLegend() {
    const worthwhile = this.series.length > 1 || this.series[0]?.kind === "line";
    const { hidden } = this;
    const looks = this.listed().map(({ label, kind, style, thing, strong }) => [label, kind, style, thing, strong]);
    const wanted = JSON.stringify([worthwhile, looks, [...hidden]]);
    if (wanted === this.legendShows) return;
    this.legendShows = wanted;
    const toggle = (/** @type {string} */ label) => this.toggle(label);
    this.legend.replaceChildren(...(worthwhile ? [createLegend(this.listed(), { hidden, toggle })] : []));
  }

  /** @param {string} label */
  toggle(label) {
    if (!this.hidden.delete(label)) this.hidden.add(label);
    this.showLegend();
    this.redraw();
    [...this.legend.querySelectorAll("button")].find((entry) => entry.textContent === label)?.focus();
  }

  /**
   * @param {Series[]} series
   * @param {Shown} shown
   */
  draw(series, { label = "", axes = {}, guides = [], marks = [], secret = false } = {}) {
    Object.assign(this.given, axes);
    Object.assign(this, { series, summary: label, extras: { guides, marks }, secret });
    this.table.hidden = secret;
    this.showLegend();
    this.redraw();
    this.fillTable();
  }
}

/**
 * Add a chart.
 * @param {HTMLElement} host
 * @param {ChartOptions} options
 */
export function createChart(host, options) {
  const chart = new Chart(host, options);
  /** @type {(series: Series[], shown?: Shown) => void} */
  const draw = (series, shown) => chart.draw(series, shown);
  return { element: chart.element, stage: chart.stage, draw };
}
