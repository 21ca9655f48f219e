/**
 * The images in which two detectors disagree most. Where the visitor opens the folder of images, they are drawn with
 * the boxes of the truth and of both; the images stay in the browser.
 */

import { make, say } from "../base/dom.js";
import { svg } from "../base/svg.js";

const AT_ONCE = 12;

/** One form for names that look the same, without folders. */
const plainName = (name) => name.normalize("NFC").replaceAll("\\", "/").split("/").at(-1);

/**
 * @param {Object} scene
 * @param {string[]} labels of the two runs
 */
function counts({ only_first: first, only_second: second, first_wrong: a, second_wrong: b }, [A, B]) {
  return `Only ${A} found ${first}, only ${B} found ${second}; false positives ${a} and ${b}`;
}

/**
 * @param {number[]} place
 * @param {Object} attributes
 * @param {any} [ink]
 */
function rectangle([x, y, width, height], attributes, { light, dark } = {}) {
  const box = svg("rect", { x, y, width, height, ...attributes });
  if (light) {
    box.style.setProperty("--light", light);
    box.style.setProperty("--dark", dark);
  }
  return box;
}

/** Where everything lies, in pixels of the image: its own size, or as far as the boxes reach. */
function extent({ size, objects, detections }) {
  if (size) return size;
  const boxes = [...objects, ...detections.flat()].map(({ box }) => box);
  return [0, 1].map((axis) => Math.max(1, ...boxes.map((box) => box[axis] + box[axis + 2])));
}

function scene(entry, runs, address) {
  const [width, height] = extent(entry);
  const found = entry.detections.map((boxes) => boxes.length);
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label":
        `${entry.image}: ${entry.objects.length} objects, ` +
        `${runs.map(({ label }, place) => `${found[place]} detections of ${label}`).join(", ")}`,
    },
    ...(address ? [svg("image", { href: address, width, height })] : []),
    ...entry.objects.map(({ box, name }) => rectangle(box, { class: "pvr-truth", "data-name": name })),
    ...entry.detections.flatMap((boxes, place) =>
      boxes.map(({ box }) => rectangle(box, { class: place ? "pvr-second" : "pvr-first" }, runs[place].style)),
    ),
  );
}

/**
 * The section.
 * @param {{scores: (number|null)[], images: Object[], differing: number}} found
 * @param {Object[]} runs the two, {label, style}
 */
export function disagreementSection({ scores, images, differing }, runs) {
  const labels = runs.map(({ label }) => label);
  const list = make("ul", { class: "pvr-images" });
  const status = make("p", { class: "pv-muted", role: "status" });
  const files = new Map();
  let shown = 0;
  const item = (entry) => {
    const file = files.get(plainName(entry.image));
    const address = file ? URL.createObjectURL(file) : null;
    return make(
      "li",
      {},
      scene(entry, runs, address),
      make("strong", {}, entry.image),
      make("span", {}, counts(entry, labels)),
    );
  };
  const showMore = () => {
    list.append(...images.slice(shown, shown + AT_ONCE).map(item));
    shown = Math.min(images.length, shown + AT_ONCE);
    more.hidden = shown >= images.length;
  };
  const more = make("button", { type: "button", class: "pv-button", onclick: showMore }, "Show more images");
  const folder = make("input", {
    type: "file",
    webkitdirectory: true,
    multiple: true,
    onchange: () => {
      files.clear();
      for (const file of folder.files ?? []) files.set(plainName(file.name), file);
      const there = images.filter(({ image }) => files.has(plainName(image))).length;
      say(status, `${there} of ${images.length} images found in the folder. They stay in this browser.`);
      list.replaceChildren();
      shown = 0;
      showMore();
    },
  });
  showMore();
  const at = scores.map(
    (score, place) => `${labels[place]} ${score === null ? "nothing" : `from ${score.toFixed(2)}`}`,
  );
  return make(
    "section",
    {},
    make("h2", {}, "Disagreement"),
    make(
      "p",
      {},
      images.length
        ? `${differing.toLocaleString("en")} images, those first in which most objects were found by one detector ` +
            `alone. Each shows what it would at its best score threshold: ${at.join(", ")}. Dashed boxes are the ` +
            "ground truth."
        : "The two find the same objects in every image.",
    ),
    ...(images.length
      ? [
          make(
            "div",
            { class: "pvr-fields" },
            make("label", {}, "Open the folder of images (shown in this browser only, never uploaded)", folder),
          ),
          status,
          list,
          more,
        ]
      : []),
  );
}
