/** A chart as a file of its own, with its title and legend: the colours of the theme are written into it. */

import { make, pencil } from "../base/dom.js";
import { save } from "../base/files.js";
import { svg } from "../base/svg.js";

/**
 * @typedef {{label: string, sample: SVGElement}} Entry of the legend
 * @typedef {{home: Element, plot: SVGElement, title: string, entries: Entry[]}} Contents home: the chart's figure
 */

const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
];
const PIXELS = 2; // of the image for one of the page
const MARGIN = 16;
const TITLE = 40; // pixels from the top to where the legend begins
const ENTRY = 22; // pixels a line of the legend

/** @type {(element: SVGElement, home: Element) => SVGElement} as it looks on the page, without its stylesheets */
function plain(element, home) {
  const copy = /** @type {SVGElement} */ (element.cloneNode(true));
  const originals = [element, ...element.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, index) => {
    const computed = getComputedStyle(originals[index].isConnected ? originals[index] : home);
    each.removeAttribute("class");
    each.setAttribute("style", STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";"));
  });
  return copy;
}

/** @type {(text: string, home: Element) => SVGElement} */
function heading(text, home) {
  const { color, fontFamily } = getComputedStyle(home);
  return svg("text", { x: MARGIN, y: 26, style: `fill:${color};font:650 16px ${fontFamily}` }, text);
}

/**
 * One line of the legend; its sample is put on the page for as long as its looks are read.
 * @type {(entry: Entry, place: number, home: Element) => SVGElement[]}
 */
function entry({ label, sample }, place, home) {
  home.append(sample);
  const looks = plain(sample, home);
  sample.remove();
  const { color, fontFamily } = getComputedStyle(home);
  const y = TITLE + place * ENTRY;
  looks.setAttribute("x", String(MARGIN));
  looks.setAttribute("y", String(y));
  looks.setAttribute("overflow", "visible");
  return [looks, svg("text", { x: MARGIN + 44, y: y + 12, style: `fill:${color};font:14px ${fontFamily}` }, label)];
}

/**
 * The whole chart as one SVG.
 * @param {Contents} contents
 */
function standalone({ home, plot, title, entries }) {
  const [width, top] = [plot.clientWidth, TITLE + entries.length * ENTRY];
  const height = top + plot.clientHeight;
  const chart = plain(plot, home);
  chart.setAttribute("y", String(top));
  const paper = svg("rect", { width, height, fill: getComputedStyle(home).getPropertyValue("background-color") });
  const picture = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": plot.getAttribute("aria-label") },
    paper,
    heading(title, home),
    ...entries.flatMap((one, place) => entry(one, place, home)),
    chart,
  );
  return { picture, width, height };
}

/** @param {SVGElement} picture */
function blobOf(picture) {
  return new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" });
}

/**
 * Save a chart as SVG.
 * @type {(contents: Contents, name: string) => void} name: of the file
 */
export function saveAsSvg(contents, name) {
  save(blobOf(standalone(contents).picture), name);
}

/**
 * Save a chart as PNG, twice as large as it is shown.
 * @type {(contents: Contents, name: string) => Promise<void>}
 */
export async function saveAsPng(contents, name) {
  const { picture, width, height } = standalone(contents);
  const address = URL.createObjectURL(blobOf(picture));
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = make("canvas", { width: PIXELS * width, height: PIXELS * height });
  pencil(canvas).drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  canvas.toBlob((blob) => blob && save(blob, name));
}
