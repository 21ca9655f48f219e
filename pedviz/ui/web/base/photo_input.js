/** How a photo gets in: a file, a drop, the clipboard, the camera, or one of the sample images. */

import { openCamera } from "./camera.js";
import { make, megabytes } from "./dom.js";
import { icon } from "./icons.js";

/** The answer of the server to a file, in words. */
const REFUSALS = {
  413: "That file is too large for this server.",
  0: "The upload did not arrive: check the connection and try again.",
};

/** Send one file to Gradio's upload folder; `onProgress` gets 0 to 1. Resolves to the server's path. */
function sendFile(file, { url, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, file.name || "photo");
    const refuse = () => reject(new Error(REFUSALS[request.status] ?? REFUSALS[0]));
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status !== 200) return refuse();
      resolve(JSON.parse(request.responseText)[0]);
    });
    request.addEventListener("error", refuse);
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", url);
    request.send(form);
  });
}

const ONLY_AN_ADDRESS = "Only the address of an image came along: save the image first, or copy it and paste it here.";

/** Why a file is not worth sending, in one sentence, or null. */
export function refusalBeforeSending(file, maxBytes) {
  if (file.size > maxBytes) {
    return `This file has ${megabytes(file.size)}; photos up to ${megabytes(maxBytes)} are taken.`;
  }
  if (file.type.startsWith("video/")) return "This is a video; choose a photo, or a single frame of it.";
  return file.size === 0 ? "This file is empty; choose another one." : null;
}

function thumbnail(sample, onSample) {
  const picture = make("img", { src: sample.thumbnail, alt: sample.alt, loading: "lazy", width: 132, height: 88 });
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
    make("p", { class: "pv-muted" }, "or drop one anywhere on the page, or paste it."),
    progress,
    message,
  );
}

function privacy({ kept_minutes: minutes, max_side: side }) {
  return make(
    "details",
    { class: "pv-muted pv-privacy" },
    make("summary", {}, "What happens to your photo"),
    make(
      "p",
      {},
      "Your photo stays in this server's memory, for this tab alone, until you press “Delete my photo”, leave, or " +
        `${minutes} minutes pass. Its longest side is reduced to ${side} px; exports are in pixels of your original.`,
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
 * The photo chooser.
 * @param {HTMLElement} root an empty element
 * @param {Object} options
 *   setup: {max_bytes, max_side, upload_url: string, or null where there is no server, kept_minutes}
 *   onPhoto({path, name}): a file has arrived on the server
 *   onSample(id): a sample was chosen
 * @returns {{setSamples, setCurrent, setBusy, setError}}
 */
export function createPhotoInput(root, { setup, onPhoto, onSample }) {
  const message = make("p", { class: "pv-photo-message", role: "status", "aria-live": "polite" });
  const progress = make("progress", { max: 1, "aria-label": "Upload", hidden: true });
  const samples = make("ul", { class: "pv-samples", "aria-label": "Sample images" });
  const credit = make("p", { class: "pv-muted pv-credit" });
  let listed = [];
  let sending = new AbortController();

  function say(text, { bad = false } = {}) {
    message.textContent = text ?? "";
    message.classList.toggle("pv-bad", bad);
  }

  function supersede() {
    sending.abort();
    sending = new AbortController();
    progress.hidden = true;
    return sending.signal;
  }

  async function take(file) {
    const refusal = refusalBeforeSending(file, setup.max_bytes);
    if (refusal) return say(refusal, { bad: true });
    const signal = supersede();
    progress.hidden = false;
    progress.value = 0;
    say("Sending your photo …");
    const onProgress = (share) => {
      progress.value = share;
    };
    try {
      const path = await sendFile(file, { url: setup.upload_url, onProgress, signal });
      if (!signal.aborted) onPhoto({ path, name: file.name || "photo" });
    } catch (error) {
      if (!signal.aborted) say(/** @type {Error} */ (error).message, { bad: true });
    } finally {
      if (!signal.aborted) progress.hidden = true;
    }
  }

  function takeOne(files) {
    if (files.length > 1) say(`These are ${files.length} files; choose one photo.`, { bad: true });
    else if (files.length) take(files[0]);
  }

  const picker = make("input", {
    type: "file",
    accept: "image/*,.heic,.heif,.avif",
    class: "pv-hidden",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  picker.addEventListener("change", () => {
    takeOne(picker.files);
    picker.value = ""; // choosing the same file again is a change too
  });
  const camera = () => openCamera({ onFile: take, onProblem: (text) => say(text, { bad: true }) });
  const gallery = make("div", { class: "pv-gallery" }, samples, credit);
  if (setup.upload_url === null) {
    root.append(make("div", { class: "pv-drop" }, ...needsServer(), message), gallery);
  } else {
    root.append(dropArea({ picker, camera, progress, message }), gallery, privacy(setup));
    listenToThePage(takeOne, () => say(ONLY_AN_ADDRESS, { bad: true }));
  }

  return {
    /** List the sample images: [{id, title, alt, credit, licence, thumbnail}]. */
    setSamples(entries) {
      listed = entries;
      const choose = (id) => {
        supersede();
        onSample(id);
      };
      samples.replaceChildren(...entries.map((sample) => thumbnail(sample, choose)));
    },
    /** Mark a sample as the one on the stage; null for the visitor's own photo. */
    setCurrent(id) {
      for (const button of samples.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button.dataset.sample === id));
      }
      const sample = listed.find((entry) => entry.id === id);
      credit.textContent = sample ? `${sample.credit} · ${sample.licence}` : "";
    },
    /** Say what is going on; null when nothing is. */
    setBusy(text) {
      say(text);
    },
    /** Say in one sentence why there is no photo. */
    setError(text) {
      say(text, { bad: true });
    },
  };
}

/** Files dropped anywhere, of which `onAddress` is told when they are only addresses, and images pasted anywhere. */
export function listenToThePage(takeFiles, onAddress = () => {}) {
  const veil = make(
    "div",
    { class: "pv-root pv-veil", hidden: true, "aria-hidden": "true" },
    make("p", {}, "Drop the photo anywhere"),
  );
  const brings = (event, type) => event.dataTransfer?.types.includes(type);
  const bringsFiles = (event) => brings(event, "Files");
  document.body.append(veil);
  window.addEventListener("dragover", (event) => {
    if (!bringsFiles(event) && !brings(event, "text/uri-list")) return;
    event.preventDefault(); // the browser would leave this page for what is dropped
    veil.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true; // left the window
  });
  window.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!bringsFiles(event) && !brings(event, "text/uri-list")) return;
    event.preventDefault();
    const files = event.dataTransfer?.files ?? [];
    if (files.length) takeFiles(files);
    else onAddress();
  });
  document.addEventListener("paste", (event) => takeFiles(event.clipboardData?.files ?? []));
}
