/**
 * The images in which two detectors disagree most. Where the visitor opens the folder of images, they are drawn with
 * the boxes of the truth and of both; the images stay in the browser.
 */

import { make, say } from "../base/dom.js";
import { svg } from "../base/svg.js";
import { onceNear } from "../base/when_visible.js";
import { createFinder, smallCopy } from "./image_folder.js";

/**
 * @import { Box } from "../base/boxes.js"
 * @import { SvgAttributes } from "../base/svg.js"
 * @import { Differing, DifferingImage } from "../payloads.d.ts"
 * @import { Finder } from "./image_folder.js"
 * @import { Run } from "./result_tables.js"
 */

const AT_ONCE = 12;

/**
 * @param {DifferingImage} entry
 * @param {string[]} labels
 */
function counts({ only_first: first, only_second: second, first_wrong: a, second_wrong: b }, [A, B]) {
  return `Only ${A} found ${first}, only ${B} found ${second}; false positives ${a} and ${b}`;
}

/**
 * @param {number[]} box x, y, width, height
 * @param {SvgAttributes} attributes
 * @param {{light: string, dark: string}} [ink]
 */
function rectangle([x, y, width, height], attributes, ink) {
  const box = svg("rect", { x, y, width, height, ...attributes });
  if (ink) {
    box.style.setProperty("--light", ink.light);
    box.style.setProperty("--dark", ink.dark);
  }
  return box;
}

/**
 * Where everything lies, in pixels of the image: its own size, or as far as the boxes reach.
 * @param {DifferingImage} entry
 */
function extent({ size, objects, detections }) {
  if (size) return size;
  const boxes = [...objects, ...detections.flat()].map(({ box }) => box);
  return [0, 1].map((axis) => Math.max(1, ...boxes.map((box) => box[axis] + box[axis + 2])));
}

/**
 * @param {DifferingImage} entry
 * @param {Run[]} runs
 */
function scene(entry, runs) {
  const [width, height] = extent(entry);
  const said = runs.map(({ label }, place) => `${entry.detections[place].length} detections of ${label}`);
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${entry.image}: ${entry.objects.length} objects, ${said.join(", ")}`,
    },
    ...entry.objects.map(({ box, name }) => rectangle(box, { class: "pvr-truth", "data-name": name })),
    ...entry.detections.flatMap((boxes, place) =>
      boxes.map(({ box }) => rectangle(box, { class: place ? "pvr-second" : "pvr-first" }, runs[place].style)),
    ),
  );
}

/**
 * The field that opens a folder of images; `found` gets what finds a file by the name of an image.
 * @param {DifferingImage[]} images
 * @param {(find: Finder) => void} found
 */
function folderField(images, found) {
  const status = make("p", { class: "pv-muted", role: "status" });
  const folder = make("input", {
    type: "file",
    webkitdirectory: true,
    multiple: true,
    onchange: () => {
      const find = createFinder([...(folder.files ?? [])]);
      const there = images.filter(({ image }) => find(image)).length;
      say(status, `${there} of ${images.length} images found in the folder. They stay in this browser.`);
      found(find);
    },
  });
  const label = "Open the folder of images (shown in this browser only, never uploaded)";
  return [make("div", { class: "pvr-fields" }, make("label", {}, label, folder)), status];
}

/**
 * Draw the image itself below the boxes, once it is nearly in view.
 * @param {SVGElement} picture
 * @param {DifferingImage} entry
 * @param {File} file
 */
function addPixels(picture, entry, file) {
  const [width, height] = extent(entry);
  onceNear(picture, async () => {
    const isWanted = () => picture.isConnected;
    const href = await smallCopy(file, { width: entry.size?.[0] ?? null, isWanted });
    if (href) picture.prepend(svg("image", { href, width, height }));
  });
}

/** @type {(entry: DifferingImage, runs: Run[], file: File|null) => HTMLElement} */
function imageItem(entry, runs, file) {
  const labels = runs.map(({ label }) => label);
  const picture = scene(entry, runs);
  if (file) addPixels(picture, entry, file);
  return make("li", {}, picture, make("strong", {}, entry.image), make("span", {}, counts(entry, labels)));
}

/**
 * The images, some at a time.
 * @param {DifferingImage[]} images
 * @param {Run[]} runs
 */
function imageList(images, runs) {
  const list = make("ul", { class: "pvr-images" });
  /** @type {Finder} */
  let find = () => null;
  let shown = 0;
  const showMore = () => {
    const some = images.slice(shown, shown + AT_ONCE);
    list.append(...some.map((entry) => imageItem(entry, runs, find(entry.image))));
    shown += some.length;
    more.hidden = shown >= images.length;
  };
  const more = make("button", { type: "button", class: "pv-button", onclick: showMore }, "Show more images");
  const again = (/** @type {Finder} */ found) => {
    find = found;
    list.replaceChildren();
    shown = 0;
    showMore();
  };
  showMore();
  return [...folderField(images, again), list, more];
}

/**
 * The section.
 * @param {Differing} found
 * @param {Run[]} runs the two
 */
export function disagreementSection({ scores, images, differing }, runs) {
  const at = scores.map(
    (score, place) => `${runs[place].label} ${score === null ? "nothing" : `from ${score.toFixed(2)}`}`,
  );
  const isKnown = images.some(({ objects }) => objects.length);
  const truth = isKnown ? "Dashed boxes are the ground truth." : "Where the objects are is not stored.";
  const text = images.length
    ? `${differing.toLocaleString("en")} images, those first in which most objects were found by one detector alone. ` +
      `Each shows what it would at its best score threshold: ${at.join(", ")}. ${truth}`
    : "The two find the same objects in every image.";
  const list = images.length ? imageList(images, runs) : [];
  return make("section", {}, make("h2", {}, "Disagreement"), make("p", {}, text), ...list);
}
