/** The visitor's photos as a strip: small images with what A and B found in each, progress, and downloads of all. */

import { make, pencil } from "../base/dom.js";

/**
 * @import { Item, PhotoBatch } from "./batch.js"
 *
 * @typedef {"coco"|"csv"|"png"} DownloadKind
 * @typedef {{error: string|null, a: number|null, b: number|null, differ: boolean}} ItemFacts people in A and in B, null
 *   where that is not known
 * @typedef {Object} StripHooks
 * @property {(item: Item) => void} onOpen the visitor wants to see it
 * @property {() => void} onPause
 * @property {(kind: DownloadKind) => void} onDownload
 */

const [WIDTH, HEIGHT] = [96, 60];
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
/** @type {[DownloadKind, string][]} */
const DOWNLOADS = [
  ["coco", "COCO JSON"],
  ["csv", "CSV"],
  ["png", "Images (ZIP)"],
];

/**
 * A small copy of a photo: the large one is not kept decoded.
 * @param {HTMLCanvasElement} canvas
 * @param {string} url
 */
async function drawSmall(canvas, url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const factor = Math.max(WIDTH / image.naturalWidth, HEIGHT / image.naturalHeight);
  const [width, height] = [image.naturalWidth * factor, image.naturalHeight * factor];
  pencil(canvas).drawImage(image, (WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
}

/** @param {Item} item @param {StripHooks["onOpen"]} onOpen */
function entry(item, onOpen) {
  const canvas = make("canvas", { width: WIDTH, height: HEIGHT, "aria-hidden": "true" });
  const counts = make("span", { class: "pv-strip-counts" });
  const button = make(
    "button",
    { type: "button", class: "pv-strip-photo", title: item.file.name, onclick: () => onOpen(item) },
    canvas,
    counts,
  );
  return { item, button, canvas, counts, isDrawn: false, element: make("li", {}, button) };
}

const words = (/** @type {ItemFacts} */ { error, a, b }) => error ?? `A ${a ?? "…"} · B ${b ?? "…"}`;

class PhotoStrip {
  /** @type {ReturnType<typeof entry>[]} */
  entries = [];

  /**
   * @param {HTMLElement} root
   * @param {StripHooks} hooks
   */
  constructor(root, { onOpen, onPause, onDownload }) {
    this.onOpen = onOpen;
    this.root = root;
    this.progress = make("p", { class: "pv-muted", role: "status" });
    this.stop = make("button", { type: "button", class: "pv-button pv-small", onclick: onPause }, "Stop");
    const downloads = DOWNLOADS.map(([kind, label]) =>
      make("button", { type: "button", class: "pv-button pv-small", onclick: () => onDownload(kind) }, label),
    );
    const all = make(
      "div",
      { class: "pv-tools", role: "group", "aria-label": "Download all" },
      "Download all",
      ...downloads,
    );
    this.list = make("ul", {
      class: "pv-strip-list",
      "aria-label": "Your photos",
      onkeydown: (event) => this.key(event),
    });
    root.append(make("div", { class: "pv-strip-head" }, this.progress, this.stop, all), this.list);
    root.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = STEPS[event.key];
    const place = this.entries.findIndex(({ button }) => button === document.activeElement);
    const next = step && this.entries[place + step];
    if (!next) return;
    event.preventDefault();
    next.button.focus();
    this.onOpen(next.item);
  }

  /**
   * @param {PhotoBatch} batch
   * @param {Item|null} current the one on the stage
   * @param {(item: Item) => ItemFacts} factsOf
   */
  show(batch, current, factsOf) {
    const { items, done, paused } = batch;
    this.root.hidden = items.length < 2;
    if (this.entries.some(({ item }, place) => item !== items[place]) || this.entries.length !== items.length) {
      this.entries = items.map((item) => entry(item, this.onOpen));
      this.list.replaceChildren(...this.entries.map(({ element }) => element));
    }
    this.progress.textContent = done < items.length ? `${done} of ${items.length} photos done` : `${done} photos done`;
    this.stop.hidden = done === items.length;
    this.stop.textContent = paused ? "Continue" : "Stop";
    for (const one of this.entries) this.showOne(one, current, factsOf(one.item));
  }

  /** @type {(one: ReturnType<typeof entry>, current: Item|null, facts: ItemFacts) => void} */
  showOne(one, current, facts) {
    const { item, button, canvas, counts } = one;
    const said = words(facts);
    button.setAttribute("aria-current", String(item === current));
    button.setAttribute("aria-label", `${item.file.name}: ${said}${facts.differ ? ", A and B disagree" : ""}`);
    button.classList.toggle("pv-differ", facts.differ);
    button.classList.toggle("pv-bad", Boolean(facts.error));
    counts.textContent = facts.error ? "Not read" : said;
    if (one.isDrawn || !item.photo) return;
    one.isDrawn = true;
    drawSmall(canvas, item.photo.url);
  }
}

/**
 * @param {HTMLElement} root an empty element
 * @param {StripHooks} hooks
 */
export const createPhotoStrip = (root, hooks) => new PhotoStrip(root, hooks);
