/**
 * Which image and which detector: samples, the visitor's own photo, and a select.
 *
 * @import { IconName } from "../../base/icons.js"
 * @import { ChoicePayload, SamplePayload } from "../../payloads.d.ts"
 * @import { Files } from "../../base/page_files.js"
 * @import { Choices } from "../kit/trace.js"
 * @import { Lesson } from "./values.js"
 */

import { openCamera } from "../../base/camera.js";
import { make, say } from "../../base/dom.js";
import { icon } from "../../base/icons.js";
import { listenToThePage } from "../../base/page_files.js";
import { filePicker, refusalBeforeSending } from "../../base/photo_input.js";
import { onceNear } from "../../base/when_visible.js";

/** @param {SamplePayload} sample @param {(id: string) => void} choose */
function thumbnail({ id, title, alt, thumbnail: source }, choose) {
  const picture = make("img", { alt: "", width: 132, height: 88 });
  // A browser's own lazy loading takes many more than the list shows at a time.
  onceNear(picture, () => {
    picture.src = new URL(source, document.baseURI).href;
  });
  return make(
    "li",
    {},
    make(
      "button",
      {
        type: "button",
        class: "pv-sample",
        "data-sample": id,
        "aria-pressed": "false",
        title: alt,
        onclick: () => choose(id),
      },
      picture,
      make("span", {}, title),
    ),
  );
}

/** @param {ChoicePayload} choice */
function modelOption({ id, label, missing }) {
  return make(
    "option",
    { value: id, disabled: missing?.short === "weights not installed" },
    missing ? `${label} · ${missing.short}` : label,
  );
}

/**
 * Ways to a photo of one's own: a file, the camera; a file may also be dropped or pasted.
 * @param {{take: (file: File) => void, onProblem: (text: string) => void}} options
 */
function ownPhoto({ take, onProblem }) {
  const takeFirst = (/** @type {Files} */ files) => {
    if (files.length) take(files[0]);
  };
  const picker = filePicker(takeFirst);
  /** @type {(look: string, name: IconName, text: string, onclick: () => void) => HTMLElement} */
  const button = (look, name, text, onclick) =>
    make("button", { type: "button", class: look, onclick }, icon(name), text);
  const camera = () => openCamera({ onFile: take, onProblem });
  listenToThePage(takeFirst);
  return [
    make(
      "div",
      { class: "pvl-buttons" },
      button("pv-button pv-primary", "photo", "Your own photo", () => picker.click()),
      button("pv-button", "camera", "Camera", camera),
      picker,
    ),
    make(
      "p",
      { class: "pv-muted" },
      "or drop or paste one. It is sent to this server, looked at once and forgotten; no link contains it.",
    ),
  ];
}

/**
 * @param {Lesson} lesson
 * @param {HTMLElement} host
 * @param {{onFile: (file: File|null) => void}} options null once a sample is chosen again
 */
export function addChooser(lesson, host, { onFile }) {
  let mostBytes = Infinity;
  const problem = make("p", { class: "pvl-problem", role: "status" });
  const samples = make("ul", { class: "pv-samples", "aria-label": "Sample images" });
  const credit = make("p", { class: "pv-muted pv-credit" });
  const select = make("select", {
    class: "pv-select",
    id: "pvl-photo-model",
    onchange: () => lesson.set({ model: select.value }),
  });

  const onProblem = (/** @type {string} */ text) => say(problem, text);
  /** @param {File} file */
  function take(file) {
    const refusal = refusalBeforeSending(file, mostBytes);
    onProblem(refusal ?? "");
    if (!refusal) onFile(file);
  }
  /** @param {string} id */
  function choose(id) {
    onProblem("");
    onFile(null);
    lesson.set({ sample: id });
  }
  const detector = make("div", { class: "pvl-photo-detector" }, make("label", { for: select.id }, "Detector"), select);
  host.append(
    make(
      "div",
      { class: "pvl-photo-chooser" },
      make("div", { class: "pvl-photo-own" }, ...ownPhoto({ take, onProblem }), problem, detector),
      make("div", { class: "pv-gallery" }, samples, credit),
    ),
  );

  let own = false;
  /** @type {SamplePayload[]} */
  let offered = [];
  lesson.onDraw(({ sample, model }) => {
    const shown = offered.find(({ id }) => !own && id === sample);
    say(credit, shown ? `${shown.credit} · ${shown.licence}` : "");
    for (const button of samples.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(!own && button.dataset.sample === sample));
    select.value = model;
  });
  return {
    /** List what the server offers. @param {Choices} choices */
    setChoices({ samples: listed, models, max_bytes }) {
      mostBytes = max_bytes;
      offered = listed;
      samples.replaceChildren(...listed.map((entry) => thumbnail(entry, choose)));
      select.replaceChildren(...models.map(modelOption));
      lesson.requestDraw();
    },
    /** Whether the image is the visitor's own. @param {boolean} value */
    setOwn(value) {
      own = value;
      lesson.requestDraw();
    },
  };
}
