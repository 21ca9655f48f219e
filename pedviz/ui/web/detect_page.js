/**
 * The Detect page: photo chooser, two model choosers and the comparison, and their talk with the server.
 *
 * Everything asked of the server is a wish with a ticket, a number that only grows; an answer with an old
 * ticket is dropped. The wishes are the value of the "desk" component, because Gradio reads a component's
 * value when a waiting event finally starts, whereas it keeps the data of the event that came first.
 */

import { createComparison } from "./comparison.js";
import { icon, make } from "./dom.js";
import { createModelChooser } from "./model_chooser.js";
import { createPhotoInput } from "./photo_input.js";
import { addressWriter, readChoice, readSettings } from "./url_state.js";

const PANES = ["a", "b"];
const PARTS = ["desk", "photo", "samples", "pane_a", "pane_b", "stage"];
const parts = new Map();

/**
 * Called by each component of the page once it is there; the last one starts the page.
 * @param {string} name which of PARTS
 * @param {Object} part Gradio's {element, trigger, watch, props} of that component
 */
export function mount(name, part) {
  parts.set(name, part);
  if (PARTS.every((needed) => parts.has(needed))) startDetectPage(Object.fromEntries(parts));
}

/** Sends wishes to the server and gives every one a ticket. */
function createDesk({ props, trigger }) {
  let lastTicket = 0;
  return {
    /** Ask for something; returns its ticket. Events are "choose", "run_a", "stop_a", "forget" ... */
    ask(event, key, wish) {
      lastTicket += 1;
      props.value = { ...props.value, [key]: { ...wish, ticket: lastTicket } };
      trigger(event);
      return lastTicket;
    },
  };
}

/** One pane's detector and its detections: what was asked last decides what is shown. */
function createPane(pane, { desk, part, setup, comparison, photo }) {
  let asked = null; // the ticket waited for, or null
  const chooser = createModelChooser(part.element.firstElementChild, {
    pane,
    badge: setup.palette.roles[pane],
    models: setup.models,
    onChange: () => { self.onModel(); self.run(); },
    onCancel: () => self.cancel("cancel"),
    onAgain: () => self.run(),
  });

  function settle(error) {
    asked = null;
    comparison.setBusy(pane, null);
    comparison.setError(pane, error);
    if (error) chooser.setStopped();
    else chooser.setIdle();
  }

  const self = {
    chooser,
    onModel() {},
    /** Detect in the present photo; with `ids`, only fetch the masks of those candidates too. */
    run(ids = null) {
      if (!photo()) return;
      if (asked !== null) self.cancel("stop");
      const { id, label } = chooser.model;
      asked = desk.ask(`run_${pane}`, pane, { photo_id: photo().id, model_id: id, ids });
      const words = ids ? "Fetching more masks …" : `${label} is looking for people …`;
      chooser.setRunning(words);
      comparison.setError(pane, null);
      if (!ids) comparison.setBusy(pane, words);
    },
    /** Give up what is running: "cancel" by the visitor's will, "stop" because something newer comes. */
    cancel(event) {
      if (asked === null) return;
      desk.ask(`${event}_${pane}`, `stop_${pane}`, { until: asked });
      settle(event === "cancel" ? "Stopped before it finished." : null);
    },
  };

  part.watch("value", () => {
    const answer = part.props.value;
    if (!answer || answer.ticket !== asked) return;
    settle(answer.error ?? null);
    if (answer.result) comparison.setResult(pane, answer.result);
  });
  return self;
}

function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = make("textarea", { class: "pv-hidden" }); // pages over plain http have no clipboard object
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied ? Promise.resolve() : Promise.reject(new Error("copy refused"));
}

function startDetectPage({ desk: deskPart, photo: photoPart, samples: samplesPart, pane_a, pane_b, stage }) {
  const setup = deskPart.props.setup;
  const desk = createDesk(deskPart);
  const inputRoot = deskPart.element.querySelector(".pv-photo");
  const toolsRoot = deskPart.element.querySelector(".pv-toolbar");
  const live = make("p", { class: "pv-live pv-muted", role: "status", "aria-live": "polite" });
  const announce = (text) => { live.textContent = text; };
  let photo = null; // on the stage
  let sampleId = null; // of the photo on the stage or on its way
  let asked = null;

  const comparison = createComparison(stage.element.firstElementChild, {
    palette: setup.palette,
    requestMaps: (pane, ids) => panes[pane].run(ids),
    onStateChange: () => remember(),
    announce,
  });
  const photoInput = createPhotoInput(inputRoot, {
    setup,
    onStart: () => { asked = null; },
    onSample: (id) => chooseSample(id),
    onPhoto: (file) => { choose({ ...file, sample: null }, "Reading your photo …"); },
  });
  const shared = { desk, setup, comparison, photo: () => photo };
  const panes = {
    a: createPane("a", { ...shared, part: pane_a }),
    b: createPane("b", { ...shared, part: pane_b }),
  };

  // Settings in the address.
  const known = setup.models.map((model) => model.id);
  const defaults = { ...comparison.state(), a: setup.default_models[0], b: setup.default_models[1], sample: setup.default_sample };
  const write = addressWriter(defaults);
  const settings = () => ({
    ...comparison.state(), a: panes.a.chooser.model.id, b: panes.b.chooser.model.id, sample: sampleId,
  });
  const remember = () => write(settings());

  function choose(wish, words) {
    sampleId = wish.sample;
    photoInput.setBusy(words);
    asked = desk.ask("choose", "photo", wish);
  }

  function chooseSample(id) {
    choose({ sample: id }, null);
    photoInput.setCurrent(id);
  }

  function show(newPhoto) {
    photo = newPhoto;
    photoInput.setBusy(null);
    photoInput.setCurrent(sampleId);
    forget.hidden = sampleId !== null;
    comparison.setPhoto(photo);
    announce(`${photo.name}, ${photo.original_width} by ${photo.original_height} pixels.`);
    remember();
    for (const pane of PANES) panes[pane].run();
  }

  photoPart.watch("value", () => {
    const answer = photoPart.props.value;
    if (!answer || answer.ticket !== asked) return;
    asked = null;
    if (answer.photo) show(answer.photo);
    else photoInput.setError(answer.error);
  });
  samplesPart.watch("value", () => {
    const answer = samplesPart.props.value;
    if (answer.error) photoInput.setError(answer.error);
    if (answer.samples) showSamples(answer);
  });

  function showSamples({ samples, can_download }) {
    photoInput.setSamples(samples);
    photoInput.setCurrent(sampleId);
    download.hidden = !can_download;
  }

  // Tools between the photo and the comparison.
  const forget = make("button", { type: "button", class: "pv-button pv-small", hidden: true }, icon("bin"), "Forget my photo");
  forget.addEventListener("click", () => {
    for (const pane of PANES) panes[pane].cancel("stop");
    desk.ask("forget", "forget", {});
    chooseSample(setup.default_sample);
    photoInput.setBusy("Your photo and its results are deleted.");
  });
  const download = make("button", { type: "button", class: "pv-button pv-small", hidden: true }, "Download Penn-Fudan (51 MB)");
  download.addEventListener("click", () => {
    download.disabled = true;
    desk.ask("download", "download", {});
  });
  const link = make("button", { type: "button", class: "pv-button pv-small" }, icon("link"), "Copy link");
  link.addEventListener("click", () => {
    copyText(location.href).then(
      () => announce(sampleId === null ? "Link copied; it holds the detectors and settings, not your photo." : "Link copied."),
      () => announce("The browser does not let pages copy: copy the address bar instead."),
    );
  });
  const swap = make("button", { type: "button", class: "pv-button pv-small" }, icon("swap"), "Swap A and B");
  swap.addEventListener("click", () => {
    const [first, second] = PANES.map((pane) => panes[pane].chooser.model.id);
    panes.a.chooser.choose(second);
    panes.b.chooser.choose(first);
    remember();
    for (const pane of PANES) panes[pane].run();
  });
  toolsRoot.append(live, make("div", { class: "pv-tools" }, download, forget, swap, link));

  for (const pane of PANES) {
    panes[pane].onModel = remember;
    panes[pane].chooser.choose(readChoice(location.search, pane, known, defaults[pane]));
  }
  comparison.applyState(readSettings(location.search, comparison.state()));
  showSamples(samplesPart.props.value);
  const sampleIds = samplesPart.props.value.samples.map((sample) => sample.id);
  chooseSample(readChoice(location.search, "sample", sampleIds, setup.default_sample));
}
