/** How a photo gets in: a file, a drop, the clipboard, the camera, or one of the sample images. */

import { openCamera } from "./camera.js";
import { make, megabytes } from "./dom.js";
import { icon } from "./icons.js";
import { listenToThePage } from "./page_files.js";

/**
 * @import { SamplePayload, SetupPayload } from "../payloads.d.ts"
 * @import { StartLive } from "./camera.js"
 * @import { Files } from "./page_files.js"
 * @typedef {{path: string, name: string, file: File}} SentPhoto where it lies on the server, and what it is called
 * @typedef {Object} PhotoInputOptions
 * @property {SetupPayload} setup
 * @property {(photo: SentPhoto) => void} onPhoto a file has arrived on the server
 * @property {(files: File[]) => void} onPhotos several were chosen
 * @property {(id: string) => void} onSample a sample was chosen
 * @property {StartLive|null} [startLive] null where nothing looks at moving images
 */

// Keeps a thumbnail's place.
const BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

/**
 * The answer of the server to a file, in words.
 * @type {Record<number, string>}
 */
const REFUSALS = {
  413: "That file is too large for this server.",
  0: "The upload did not arrive: check the connection and try again.",
};

/** What a file is called; a pasted image may have no name. */
export const nameOf = (/** @type {File} */ file) => file.name || "photo";

/**
 * Send one file to Gradio's upload folder; resolves to the server's path.
 * @param {File} file
 * @param {{url: string|null, onProgress?: (share: number) => void, signal: AbortSignal}} options url: null where
 *   there is no server, and then nothing is sent; onProgress gets 0 to 1; an aborted upload never settles
 * @returns {Promise<string>}
 */
export function sendFile(file, { url, onProgress = () => {}, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, nameOf(file));
    const refuse = () => reject(new Error(REFUSALS[request.status] ?? REFUSALS[0]));
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status !== 200) return refuse();
      resolve(JSON.parse(request.responseText)[0]);
    });
    request.addEventListener("error", refuse);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", String(url));
    request.send(form);
  });
}

const ONLY_AN_ADDRESS = "Only the address of an image came along: save the image first, or copy it and paste it here.";

/** @type {(file: File, maxBytes: number) => string|null} why it is not worth sending, in one sentence, or null */
export function refusalBeforeSending(file, maxBytes) {
  if (file.size > maxBytes) {
    return `This file has ${megabytes(file.size)}; photos up to ${megabytes(maxBytes)} are taken.`;
  }
  if (file.type.startsWith("video/")) return "This is a video; choose a photo, or a single frame of it.";
  return file.size === 0 ? "This file is empty; choose another one." : null;
}

/** @type {(sample: SamplePayload, onSample: (id: string) => void, when: Promise<void>) => HTMLElement} */
function thumbnail(sample, onSample, when) {
  const picture = make("img", { src: BLANK, alt: sample.alt, loading: "lazy", width: 132, height: 88 });
  when.then(() => {
    picture.src = sample.thumbnail;
  });
  const button = make(
    "button",
    {
      type: "button",
      class: "pv-sample",
      "data-sample": sample.id,
      "aria-pressed": "false",
      onclick: () => onSample(sample.id),
    },
    picture,
    make("span", {}, sample.title),
  );
  return make("li", {}, button);
}

/** @param {{picker: HTMLElement, camera: () => void, progress: HTMLElement, message: HTMLElement}} parts */
function dropArea({ picker, camera, progress, message }) {
  const choose = make(
    "button",
    { type: "button", class: "pv-button pv-primary", onclick: () => picker.click() },
    icon("photo"),
    "Choose a photo",
  );
  const open = make("button", { type: "button", class: "pv-button", onclick: camera }, icon("camera"), "Camera");
  return make(
    "div",
    { class: "pv-drop" },
    make("div", { class: "pv-drop-buttons" }, choose, open, picker),
    make("p", { class: "pv-muted" }, "or drop up to 50 anywhere, or paste one."),
    progress,
    message,
  );
}

const CLUSTER =
  " The detectors run on other machines: the photo travels to them without encryption, and is not overwritten in " +
  "their memory afterwards.";

/** @param {SetupPayload} setup */
function privacy({ kept_minutes: minutes, max_side: side, on_cluster: travels }) {
  return make(
    "details",
    { class: "pv-muted pv-privacy" },
    make("summary", {}, "What happens to your photo"),
    make(
      "p",
      {},
      "Your photo stays in this server's memory, for this tab alone, until you press “Delete my photo”, leave, or " +
        `${minutes} minutes pass. Its longest side is reduced to ${side} px; exports are in pixels of your original.` +
        (travels ? CLUSTER : ""),
    ),
  );
}

/** In place of the chooser, where there is no server that could look at a photo. */
function needsServer() {
  return [
    make("p", {}, make("strong", {}, "A photo of your own needs the server.")),
    make(
      "p",
      { class: "pv-muted" },
      "This copy of the site shows stored results. Install PedViz, then run ",
      make("code", {}, "pedviz app"),
    ),
  ];
}

/**
 * The hidden field behind the button; `take` gets the chosen files, more than one only with `many`.
 * @param {(files: Files) => void} take
 */
export function filePicker(take, { many = false } = {}) {
  const picker = make("input", {
    type: "file",
    multiple: many,
    accept: "image/*,.heic,.heif,.avif",
    class: "pv-hidden",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  picker.addEventListener("change", () => {
    take(picker.files ?? []);
    picker.value = ""; // choosing the same file again is a change too
  });
  return picker;
}

class PhotoInput {
  /** @type {SamplePayload[]} */
  listed = [];
  sending = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {PhotoInputOptions} options
   */
  constructor(root, { setup, onPhoto, onPhotos, onSample, startLive = null }) {
    this.setup = setup;
    this.onPhoto = onPhoto;
    this.onPhotos = onPhotos;
    this.onSample = onSample;
    this.message = make("p", { class: "pv-photo-message", role: "status", "aria-live": "polite" });
    this.progress = make("progress", { max: 1, "aria-label": "Upload", hidden: true });
    this.samples = make("ul", { class: "pv-samples", "aria-label": "Sample images" });
    this.credit = make("p", { class: "pv-muted pv-credit" });
    const gallery = make("div", { class: "pv-gallery" }, this.samples, this.credit);
    const { message, progress } = this;
    if (setup.upload_url === null) {
      root.append(make("div", { class: "pv-drop" }, ...needsServer(), message), gallery);
      return;
    }
    const takeFiles = (/** @type {Files} */ files) => this.takeFiles(files);
    const onProblem = (/** @type {string} */ text) => this.setError(text);
    const camera = () => openCamera({ onFile: (file) => this.take(file), onProblem, startLive });
    root.append(
      dropArea({ picker: filePicker(takeFiles, { many: true }), camera, progress, message }),
      gallery,
      privacy(setup),
    );
    listenToThePage(takeFiles, () => this.setError(ONLY_AN_ADDRESS));
  }

  /** @param {string|null} text */
  say(text, { bad = false } = {}) {
    this.message.textContent = text ?? "";
    this.message.classList.toggle("pv-bad", bad);
  }

  supersede() {
    this.sending.abort();
    this.sending = new AbortController();
    this.progress.hidden = true;
    return this.sending.signal;
  }

  /** Whether a file is on its way to the server. */
  get isBusy() {
    return !this.progress.hidden;
  }

  /** @param {File} file */
  async take(file) {
    const { setup, progress } = this;
    if (setup.upload_url === null) return; // no chooser is there either
    const refusal = refusalBeforeSending(file, setup.max_bytes);
    if (refusal) return this.setError(refusal);
    const signal = this.supersede();
    progress.hidden = false;
    progress.value = 0;
    this.say("Sending your photo …");
    const onProgress = (/** @type {number} */ share) => {
      progress.value = share;
    };
    try {
      const path = await sendFile(file, { url: setup.upload_url, onProgress, signal });
      if (!signal.aborted) this.onPhoto({ path, name: nameOf(file), file });
    } catch (error) {
      if (!signal.aborted) this.setError(/** @type {Error} */ (error).message);
    } finally {
      if (!signal.aborted) progress.hidden = true;
    }
  }

  /** @param {Files} files */
  takeFiles(files) {
    if (files.length > 1) this.onPhotos([...files]);
    else if (files.length) this.take(files[0]);
  }

  /**
   * List the sample images.
   * @param {SamplePayload[]} entries
   * @param {Promise<void>} when their thumbnails may be asked for
   */
  setSamples(entries, when) {
    this.listed = entries;
    const choose = (/** @type {string} */ id) => {
      this.supersede();
      this.onSample(id);
    };
    this.samples.replaceChildren(...entries.map((sample) => thumbnail(sample, choose, when)));
  }

  /** @param {string|null} id the sample to mark as the one on the stage; null for the visitor's own photo */
  setCurrent(id) {
    for (const button of this.samples.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.sample === id));
    }
    const sample = this.listed.find((entry) => entry.id === id);
    this.credit.textContent = sample ? `${sample.credit} · ${sample.licence}` : "";
  }

  /** @param {string|null} text what is going on; null when nothing is */
  setBusy(text) {
    this.say(text);
  }

  /** @param {string} text why there is no photo, in one sentence */
  setError(text) {
    this.say(text, { bad: true });
  }
}

/**
 * The photo chooser.
 * @param {HTMLElement} root an empty element
 * @param {PhotoInputOptions} options
 */
export const createPhotoInput = (root, options) => new PhotoInput(root, options);
