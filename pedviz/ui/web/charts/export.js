/** A chart as a file of its own: the colours of the theme are written into it. */

import { make } from "../dom.js";
import { save } from "../files.js";

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight"];
const PIXELS = 2; // of the picture for one of the page

function standalone(plot) {
  const copy = plot.cloneNode(true);
  const originals = [plot, ...plot.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, index) => {
    const computed = getComputedStyle(originals[index]);
    element.removeAttribute("class");
    element.setAttribute("style", STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(";"));
  });
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const colour = getComputedStyle(plot.closest(".pvg")).getPropertyValue("background-color");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: colour })) paper.setAttribute(name, value);
  copy.prepend(paper);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

/** Save the chart as SVG. */
export function saveAsSvg(plot, name) {
  save(standalone(plot), name);
}

/** Save the chart as PNG, twice as large as it is shown. */
export async function saveAsPng(plot, name) {
  const address = URL.createObjectURL(standalone(plot));
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = make("canvas", { width: PIXELS * plot.clientWidth, height: PIXELS * plot.clientHeight });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  canvas.toBlob((blob) => save(blob, name));
}
