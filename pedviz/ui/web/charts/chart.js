/**
 * A chart with fixed axes: lines, steps, points or bars. Mouse, finger and arrow keys read single values; a table
 * says the same to those who do not see it; PNG and SVG can be taken along.
 */

import { make, say } from "../base/dom.js";
import { tickWriter } from "../base/numbers.js";
import { svg } from "../base/svg.js";
import { scale } from "./axes.js";
import { saveAsPng, saveAsSvg } from "./export.js";
import { marker, markers } from "./marker.js";

const MARGIN = { top: 14, right: 14, bottom: 46, left: 70 };
const LETTER = 7; // pixels, about, of a letter below an axis
const LINE = 15; // pixels of a second row of them
const REACH = 40; // pixels from a point within which the pointer finds it

/** A colour for both themes, as style of an element. */
function inked(element, { light, dark }) {
  element.style.setProperty("--light", light);
  element.style.setProperty("--dark", dark);
  return element;
}

/** How an axis writes its ticks: as its chart says, else short where they are large. */
const writerOf = ({ format, ticks }) => format ?? tickWriter(ticks);

/** Whether the words below the axis `x` would touch in a plot of this width: then every other one goes lower. */
function isCrowded(x, width) {
  const each = (width - MARGIN.left - MARGIN.right) / Math.max(1, x.ticks.length);
  const write = writerOf(x);
  return x.ticks.some((tick) => LETTER * write(tick).length > each);
}

function axes(plot, { x, y }, { width, height, bottom, crowded, place }) {
  const right = width - MARGIN.right;
  const text = (content, attributes) => svg("text", attributes, content);
  const [writeX, writeY] = [x, y].map(writerOf);
  for (const tick of y.ticks) {
    const at = place.y(tick);
    plot.append(
      svg("line", { class: "pvg-grid", x1: MARGIN.left, x2: right, y1: at, y2: at }),
      text(writeY(tick), { class: "pvg-tick", x: MARGIN.left - 8, y: at + 4, "text-anchor": "end" }),
    );
  }
  for (const [index, tick] of x.ticks.entries()) {
    const at = place.x(tick);
    const lower = crowded && index % 2 ? LINE : 0;
    plot.append(
      svg("line", { class: "pvg-grid", x1: at, x2: at, y1: MARGIN.top, y2: bottom }),
      text(writeX(tick), { class: "pvg-tick", x: at, y: bottom + 18 + lower, "text-anchor": "middle" }),
    );
  }
  const middle = (MARGIN.top + bottom) / 2;
  plot.append(
    text(x.label, { class: "pvg-label", x: (MARGIN.left + right) / 2, y: height - 8, "text-anchor": "middle" }),
    text(y.label, {
      class: "pvg-label",
      x: 14,
      y: middle,
      "text-anchor": "middle",
      transform: `rotate(-90 14 ${middle})`,
    }),
  );
}

function path(points, step) {
  return points
    .map(({ x, y }, index) => {
      if (!index) return `M${x},${y}`;
      return step ? `H${x}V${y}` : `L${x},${y}`;
    })
    .join("");
}

function stroke(d, { dash }) {
  return svg("path", { class: "pvg-line", d, "stroke-dasharray": dash.map((part) => 2 * part).join(" ") || null });
}

const SHAPES = {
  line: ({ style }, points) => [stroke(path(points, false), style)],
  step: ({ style }, points) => [stroke(path(points, true), style)],
  points: markers,
  bars: (_, points, { bottom }) =>
    points.map(({ x, y, width }) =>
      svg("rect", { class: "pvg-bar", x: x - width / 2, y, width, height: Math.max(0, bottom - y) }),
    ),
};

const SAMPLES = {
  points: ({ marker: shape }) => marker(shape, 17, 7),
  bars: () => svg("rect", { class: "pvg-bar", x: 6, y: 2, width: 22, height: 10 }),
};

/** What stands for a series in the legend: a small image of how it is drawn. */
function sampleOf({ kind, style }) {
  return inked(
    svg(
      "svg",
      { width: 34, height: 14, "aria-hidden": "true" },
      (SAMPLES[kind] ?? ((look) => stroke("M2,7H32", look)))(style),
    ),
    style,
  );
}

/** The legend; pressing an entry hides its series or shows it again. */
function legend(series, { hidden, toggle }) {
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

function asTable(series, { x, y }) {
  const rows = series.flatMap(({ label, points }) =>
    points.map((point) =>
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
    make("thead", {}, make("tr", {}, ...["", x.label, y.label].map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows),
  );
}

/**
 * Add a chart.
 * @param {HTMLElement} host
 * @param {Object} options title; x and y: {label, low, high, ticks, format}; height in pixels
 * @returns {{element: HTMLElement, draw: (series: Object[], shown?: {label?: string, axes?: Object}) => void}}
 *   draw takes series {label, unlisted, of, kind: "line"|"step"|"points"|"bars", style: {light, dark, dash, marker},
 *   points: {x, y, tip, name, span, open, range, beside}[]}: unlisted ones are not in the legend and go with the
 *   series whose label is `of`; tip is what the pointer reads, span a bar's width, open a function for Enter and
 *   click, range the ends of an error bar, beside a name at the point; axes replaces x or y, to fit new data
 */
export function createChart(host, { title, x, y, height = 320 }) {
  const plot = svg("svg", { class: "pvg-plot", tabindex: 0, role: "img", height });
  const tip = make("p", { class: "pvg-tip", role: "status" });
  const legendHost = make("div");
  const rows = make("div", { class: "pvg-rows" });
  const details = make("details", { ontoggle: () => fillTable() }, make("summary", {}, "As a table"), rows);
  const file = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const button = (label, act) =>
    make("button", { type: "button", class: "pv-button pv-quiet pv-small", onclick: act }, label);
  const element = make(
    "figure",
    { class: "pvg" },
    make("figcaption", {}, title),
    legendHost,
    plot,
    tip,
    make(
      "div",
      { class: "pvg-more" },
      details,
      button("PNG", () => saveAsPng(contents(), `${file}.png`)),
      button("SVG", () => saveAsSvg(contents(), `${file}.svg`)),
    ),
  );
  host.append(element);
  let series = [];
  let spots = []; // every point with its place in pixels
  let chosen = -1;
  const hidden = new Set(); // labels of series that the visitor switched off
  const listed = () => series.filter(({ unlisted }) => !unlisted);
  const contents = () => ({
    plot,
    title,
    entries: listed()
      .filter(({ label }) => !hidden.has(label))
      .map((one) => ({ label: one.label, sample: sampleOf(one) })),
  });
  let summary = "";

  function fillTable() {
    rows.replaceChildren(...(details.open ? [asTable(series, { x, y })] : []));
  }

  function choose(index) {
    chosen = index;
    plot.querySelector(".pvg-chosen")?.remove();
    const spot = spots[index];
    if (spot) plot.append(svg("circle", { class: "pvg-chosen", cx: spot.x, cy: spot.y, r: 7 }));
    say(tip, spot ? `${spot.series}: ${spot.point.tip}` : "");
  }

  /** Pixels that the plot may be wide; 0 while the chart is not on the page. */
  function room() {
    if (!element.clientWidth) return 0;
    const { paddingLeft, paddingRight } = getComputedStyle(element);
    return Math.floor(element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
  }

  function redraw() {
    const width = room();
    if (width <= 0) return;
    const crowded = isCrowded(x, width);
    const bottom = height - MARGIN.bottom - (crowded ? LINE : 0);
    const place = { x: scale(x, MARGIN.left, width - MARGIN.right), y: scale(y, bottom, MARGIN.top) };
    plot.replaceChildren();
    plot.setAttribute("width", String(width));
    plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.setAttribute("aria-label", `${title}. ${summary} Arrow keys read the values.`);
    axes(plot, { x, y }, { width, height, bottom, crowded, place });
    spots = [];
    for (const one of series.filter(({ label, of = label }) => !hidden.has(of))) {
      const inside = (value) => place.y(Math.max(y.low, Math.min(y.high, value)));
      const points = one.points.map((point) => ({
        x: place.x(point.x),
        y: inside(point.y),
        spread: point.range?.map(inside),
        beside: point.beside,
        width: point.span ? Math.max(1, Math.abs(place.x(x.low + point.span) - place.x(x.low)) - 2) : 0,
      }));
      plot.append(inked(svg("g", {}, ...SHAPES[one.kind](one, points, { bottom })), one.style));
      spots.push(...points.map((at, index) => ({ ...at, series: one.label, point: one.points[index] })));
    }
    choose(-1);
  }

  function showLegend() {
    const worthwhile = series.length > 1 || series[0]?.kind === "line";
    legendHost.replaceChildren(...(worthwhile ? [legend(listed(), { hidden, toggle })] : []));
  }

  function toggle(label) {
    if (!hidden.delete(label)) hidden.add(label);
    showLegend();
    redraw();
    [...legendHost.querySelectorAll("button")].find((entry) => entry.textContent === label)?.focus();
  }

  function nearest(event) {
    const box = plot.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let best = -1;
    let least = REACH ** 2;
    spots.forEach((spot, index) => {
      const inBar = spot.width && Math.abs(px - spot.x) <= spot.width / 2 && py >= spot.y - 8;
      const distance = inBar ? 0 : (px - spot.x) ** 2 + (py - spot.y) ** 2;
      if (distance < least) [best, least] = [index, distance];
    });
    return best;
  }

  plot.addEventListener("pointermove", (event) => choose(nearest(event)));
  plot.addEventListener("pointerdown", (event) => choose(nearest(event)));
  plot.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType === "mouse") choose(-1); // a finger leaves before its click arrives
  });
  plot.addEventListener("click", () => spots[chosen]?.point.open?.());
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") spots[chosen]?.point.open?.();
    if (!step || !spots.length) return;
    event.preventDefault();
    choose((chosen + step + spots.length + (chosen < 0 && step < 0 ? 1 : 0)) % spots.length);
  });
  new ResizeObserver(() => {
    if (room() !== Number(plot.getAttribute("width"))) redraw(); // not for a tip of more lines
  }).observe(element);
  return {
    element,
    draw(drawn, { label = "", axes: fitted = {} } = {}) {
      x = fitted.x ?? x;
      y = fitted.y ?? y;
      series = drawn;
      summary = label;
      showLegend();
      redraw();
      fillTable();
    },
  };
}
