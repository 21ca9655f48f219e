/**
 * The Detect page: photo chooser, two detectors and the comparison, and their talk with the server.
 *
 * Everything asked of the server is a request with a ticket, a number that only grows; an answer with an old
 * ticket is dropped. The requests are the value of the "channel" component: when an event has to wait for the one
 * before it, Gradio reads the value once it starts, but would repeat the data of the event that came first.
 */

import { addressWriter, readChoice, readSettings } from "../base/address.js";
import { createPhotoInput } from "../base/photo_input.js";
import { createComparison } from "./comparison.js";
import { createPaneRunner } from "./pane_runner.js";
import { createStored } from "./stored.js";
import { createToolbar } from "./toolbar.js";

const PANES = ["a", "b"];
const PARTS = ["channel", "photo", "samples", "pane_a", "pane_b", "stage"];
const RELOADED = "The page was loaded again, and your photo and what you drew are gone: choose the photo again.";
const parts = new Map();

/**
 * Called by each component of the page once it is there; the last one starts the page.
 * @param {string} name which of PARTS
 * @param {Object} part Gradio's {element, trigger, watch, props} of that component
 */
export function mount(name, part) {
  parts.set(name, part);
  if (PARTS.every((needed) => parts.has(needed))) new DetectPage(Object.fromEntries(parts)).start();
}

/** Asks the server; every request gets the next ticket. */
function createChannel({ props, trigger }) {
  let tickets = 0;
  return {
    ask(event, key, request) {
      tickets += 1;
      props.value = { ...props.value, [key]: { ...request, ticket: tickets } };
      trigger(event);
      return tickets;
    },
  };
}

class DetectPage {
  /** What is shown. @type {{photo: any, sample: string|null, ticket: number}} */
  stage = { photo: null, sample: null, ticket: 0 };
  /** The file that the newest photo request is about. @type {File|null} */
  coming = null;
  asked = 0; // the ticket of the newest photo request
  arrival = Promise.withResolvers(); // of that photo on the server
  /** The visitor's own file on the stage. @type {File|null} */
  file = null;
  isCloser = false; // whether detectors look at tiles of that file as well
  /** What was found in that file. @type {Map<string, any>} */
  found = new Map();
  /** Said once, beside the first image. @type {string|null} */
  lost = history.state?.ownPhoto ? RELOADED : null;
  /** Said once the image after a forgotten photo is there. @type {string|null} */
  farewell = null;

  constructor(part) {
    this.part = part;
    /** @type {import("../payloads.d.ts").SetupPayload} */
    this.setup = part.channel.props.setup;
    const { setup } = this;
    this.channel = createChannel(part.channel);
    this.stored = createStored(setup.stored);
    this.photoInput = createPhotoInput(part.channel.element.querySelector(".pv-photo"), {
      setup,
      onSample: (id) => this.chooseSample(id),
      onPhoto: ({ file, ...sent }) => this.chooseOwn(file, sent),
    });
    this.toolbar = createToolbar(part.channel.element.querySelector(".pv-toolbar"), {
      onDownload: () => this.channel.ask("download", "download", {}),
      onForget: () => this.forget(),
      onSwap: () => this.swap(),
      onCloser: () => this.lookCloser(!this.isCloser),
      copied: () => (this.stage.sample ? "Link copied." : "Link copied; your photo is not part of it."),
    });
    part.stage.element.style.setProperty("--pvc-ratio", setup.stage_ratio);
    this.comparison = createComparison(part.stage.element.querySelector(".pv-stage"), {
      defaults: setup.thresholds,
      palette: setup.palette,
      requestMaps: (pane, ids) => this.runners[pane].run(ids),
      onStateChange: () => this.remember(),
      announce: (text) => this.toolbar.announce(text),
    });
    this.runners = this.createRunners();
    const [a, b] = setup.default_models;
    this.untouched = this.comparison.state();
    this.defaults = { ...this.untouched, a, b, sample: setup.default_sample };
    this.write = addressWriter(this.defaults);
  }

  createRunners() {
    const options = {
      channel: this.channel,
      setup: this.setup,
      comparison: this.comparison,
      photo: () => this.stage.photo,
      known: (model) => this.found.get(this.keyOf(model)) ?? this.stored.result(this.stage.sample, model),
      keep: (result) => this.keep(result),
      closer: () => (this.isCloser ? this.file : null),
      onServer: () => this.arrival.promise,
      onModel: () => this.remember(),
    };
    return Object.fromEntries(
      PANES.map((pane) => [pane, createPaneRunner(pane, { ...options, part: this.part[`pane_${pane}`] })]),
    );
  }

  /** Put what is chosen into the address. */
  remember() {
    const { a, b } = this.runners;
    this.write({ ...this.comparison.state(), a: a.modelId, b: b.modelId, sample: this.stage.sample });
  }

  keyOf(model) {
    return [this.stage.photo?.id, model, this.isCloser].join();
  }

  /** Remember a result, unless it is of a photo that is no longer on the stage, or of a sample. */
  keep(result) {
    if (this.stage.sample || result.photo_id !== this.stage.photo?.id) return;
    this.found.set([result.photo_id, result.model_id, result.tiles].join(), result);
  }

  chooseOwn(file, sent) {
    this.coming = file;
    this.choose({ ...sent, sample: null }, "Reading your photo …");
  }

  lookCloser(closer) {
    this.isCloser = closer;
    this.toolbar.showCloser(this.file !== null, closer);
    for (const pane of PANES) this.runners[pane].run();
  }

  choose(request, words) {
    this.photoInput.setBusy(words);
    this.arrival = Promise.withResolvers();
    this.asked = this.channel.ask("choose", "photo", request);
  }

  chooseSample(id) {
    this.photoInput.setCurrent(id);
    this.choose({ sample: id }, null);
    const ticket = this.asked;
    this.stored.photo(id)?.then((photo) => {
      if (photo && ticket === this.asked && this.stage.ticket < ticket) this.show({ photo, sample: id, ticket });
    });
  }

  async show({ photo, sample, ticket }) {
    const { stage, photoInput, toolbar } = this;
    Object.assign(stage, { photo, sample, ticket });
    this.file = sample === null ? this.coming : null;
    this.isCloser = false;
    this.found.clear();
    toolbar.showCloser(this.file !== null, false);
    photoInput.setCurrent(sample);
    photoInput.setBusy(null);
    if (photo.notice || this.lost) photoInput.setError(photo.notice ? `${photo.notice}.` : this.lost);
    this.lost = null;
    history.replaceState({ ...history.state, ownPhoto: sample === null }, "");
    toolbar.offerForget(sample === null);
    toolbar.announce(this.farewell ?? `${photo.name}, ${photo.original_width} by ${photo.original_height} pixels.`);
    this.farewell = null;
    this.remember();
    await this.comparison.setPhoto(photo);
    if (stage.ticket !== ticket) return;
    if (sample === null) this.part.stage.element.querySelector(".pv-stage").scrollIntoView();
    for (const pane of PANES) this.runners[pane].run();
  }

  forget() {
    for (const pane of PANES) this.runners[pane].stop();
    this.comparison.setPhoto(null);
    this.farewell = "Your photo and its results are deleted.";
    this.channel.ask("forget", "forget", {});
    this.chooseSample(this.setup.default_sample);
  }

  swap() {
    const { a, b } = this.runners;
    const [first, second] = [a.modelId, b.modelId];
    a.choose(second);
    b.choose(first);
    this.remember();
    for (const pane of PANES) this.runners[pane].run();
  }

  listSamples({ samples, can_download }) {
    this.photoInput.setSamples(samples);
    this.photoInput.setCurrent(this.stage.sample);
    this.toolbar.offerDownload(can_download);
  }

  /** The server's answer to a photo request. */
  hearOfPhoto(answer) {
    const { stage, photoInput } = this;
    if (answer.ticket === this.asked) this.arrival.resolve(undefined);
    if (answer.photo && answer.ticket > stage.ticket) this.show(answer);
    if (answer.error && answer.ticket === this.asked) {
      photoInput.setCurrent(stage.sample);
      photoInput.setError(answer.error);
    }
  }

  /** The server's answer to the request for more samples. */
  hearOfSamples(answer) {
    if (answer.samples) {
      this.listSamples(answer);
      return;
    }
    this.photoInput.setError(answer.error);
    this.toolbar.offerDownload(true);
  }

  start() {
    const { part, setup, comparison, runners, defaults, untouched } = this;
    part.photo.watch("value", () => this.hearOfPhoto(part.photo.props.value));
    part.samples.watch("value", () => this.hearOfSamples(part.samples.props.value));
    window.addEventListener("popstate", () => comparison.applyState(readSettings(location.search, untouched)));
    const { samples } = part.samples.props.value;
    const known = { models: setup.models.map(({ id }) => id), samples: samples.map(({ id }) => id) };
    for (const pane of PANES) runners[pane].choose(readChoice(location.search, pane, known.models, defaults[pane]));
    comparison.applyState(readSettings(location.search, comparison.state()));
    this.listSamples(part.samples.props.value);
    this.chooseSample(readChoice(location.search, "sample", known.samples, setup.default_sample));
  }
}
