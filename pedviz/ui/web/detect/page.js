/**
 * The Detect page: photo chooser, two detectors and the comparison, and their talk with the server.
 *
 * Everything asked of the server is a request with a ticket, a number that only grows; an answer with an old
 * ticket is dropped. The requests are the value of the "channel" component: when an event has to wait for the one
 * before it, Gradio reads the value once it starts, but would repeat the data of the event that came first.
 */

import { addressWriter, readChoice, readSettings } from "../base/address.js";
import { createPhotoInput, nameOf, sendFile } from "../base/photo_input.js";
import { keyOf, MOST_FILES } from "./batch.js";
import { createComparison } from "./comparison.js";
import { startLive } from "./live.js";
import { createPaneRunner } from "./pane_runner.js";
import { createPhotoList } from "./photo_list.js";
import { createServerPhoto } from "./server_photo.js";
import { createStored } from "./stored.js";
import { createToolbar } from "./toolbar.js";

const PANES = ["a", "b"];
const PARTS = ["channel", "photo", "samples", "batch", "pane_a", "pane_b", "stage"];
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
    /** The next ticket, for a photo that is here already. */
    next: () => ++tickets,
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
  /** The visitor's own photo that is on the stage, and the one asked for. @type {import("./batch.js").Item|null} */
  item = null;
  /** @type {import("./batch.js").Item|null} */
  coming = null;
  isCloser = false; // whether detectors look at tiles of its file as well
  isShowing = false; // a photo that is being decoded
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
    this.server = createServerPhoto(this.channel);
    this.stored = createStored(setup.stored);
    this.photoInput = createPhotoInput(part.channel.element.querySelector(".pv-photo"), {
      setup,
      onSample: (id) => this.chooseSample(id),
      onPhoto: ({ file, ...sent }) => this.chooseOwn(file, sent),
      onPhotos: (files) => this.takeMany(files),
      startLive: setup.live_url ? (video, canvas, say) => startLive(video, canvas, say, setup) : null,
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
      onStateChange: () => {
        this.remember();
        this.list.changed();
      },
      announce: (text) => this.toolbar.announce(text),
    });
    this.runners = this.createRunners();
    this.list = this.createList();
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
      known: (model) =>
        this.item?.results.get(keyOf(model, this.isCloser)) ?? this.stored.result(this.stage.sample, model),
      keep: (result) => this.keep(result),
      closer: () => (this.isCloser && this.item ? this.item.file : null),
      onServer: () => this.server.ensure(this.stage.photo.id, () => this.requestOfStage()),
      onModel: () => {
        this.remember();
        this.list.changed();
      },
    };
    return Object.fromEntries(
      PANES.map((pane) => [pane, createPaneRunner(pane, { ...options, part: this.part[`pane_${pane}`] })]),
    );
  }

  createList() {
    return createPhotoList(this.part.stage.element.querySelector(".pv-strip"), {
      setup: this.setup,
      channel: this.channel,
      server: this.server,
      models: () => PANES.map((pane) => this.runners[pane].modelId),
      state: () => this.comparison.state(),
      current: () => this.item,
      isBusy: () =>
        this.isShowing ||
        this.photoInput.isBusy ||
        this.server.isBusy ||
        PANES.some((pane) => this.runners[pane].isBusy),
      keepDrawn: () => this.keepDrawn(),
      onOpen: (item) => this.open(item),
    });
  }

  /** What brings the photo on the stage to the server once more. */
  async requestOfStage() {
    const { sample } = this.stage;
    if (!this.item) return { sample };
    const { file } = this.item;
    const sent = { url: String(this.setup.upload_url), signal: new AbortController().signal };
    return { path: await sendFile(file, sent), name: nameOf(file), sample: null };
  }

  keepDrawn() {
    const { drawn } = this.comparison;
    if (this.item?.photo && drawn !== undefined) this.item.photo = { ...this.item.photo, drawn };
  }

  /** Several photos in place of what is here. */
  takeMany(files) {
    this.list.batch.take(files);
    const left = files.length - MOST_FILES;
    this.open(this.list.batch.items[0]);
    if (left > 0) this.photoInput.setError(`These are ${files.length} files; the first ${MOST_FILES} are here.`);
  }

  /** Show a photo of the list. */
  open(item) {
    if (!item.photo) this.photoInput.take(item.file);
    else this.show({ photo: item.photo, sample: null, ticket: this.channel.next(), item });
  }

  /** Put what is chosen into the address. */
  remember() {
    const { a, b } = this.runners;
    this.write({ ...this.comparison.state(), a: a.modelId, b: b.modelId, sample: this.stage.sample });
  }

  /** Remember a result of the visitor's own photo. */
  keep(result) {
    if (!this.item || result.photo_id !== this.item.photo.id) return;
    this.item.results.set(keyOf(result.model_id, result.tiles), result);
    this.list.changed();
  }

  chooseOwn(file, sent) {
    this.coming = this.list.batch.itemOf(file);
    this.choose({ ...sent, sample: null }, "Reading your photo …");
  }

  lookCloser(closer) {
    this.isCloser = closer;
    this.toolbar.showCloser(this.item !== null, closer);
    for (const pane of PANES) this.runners[pane].run();
  }

  choose(request, words) {
    this.photoInput.setBusy(words);
    this.server.choose(request);
  }

  chooseSample(id) {
    this.photoInput.setCurrent(id);
    this.choose({ sample: id }, null);
    const ticket = this.server.asked;
    this.stored.photo(id)?.then((photo) => {
      if (photo && ticket === this.server.asked && this.stage.ticket < ticket) this.show({ photo, sample: id, ticket });
    });
  }

  async show({ photo, sample, ticket, item = sample === null ? this.coming : null }) {
    const { stage, photoInput, toolbar } = this;
    this.keepDrawn();
    Object.assign(stage, { photo, sample, ticket });
    this.item = item;
    if (item) item.photo ??= photo;
    this.list.batch.keep(item);
    this.isShowing = true;
    this.isCloser = false;
    toolbar.showCloser(item !== null, false);
    this.list.changed();
    photoInput.setCurrent(sample);
    photoInput.setBusy(null);
    const problem = photo.notice ? `${photo.notice}.` : this.lost;
    if (problem) photoInput.setError(problem);
    this.lost = null;
    history.replaceState({ ...history.state, ownPhoto: sample === null }, "");
    toolbar.offerForget(this.list.batch.items.length);
    toolbar.announce(this.farewell ?? `${photo.name}, ${photo.original_width} by ${photo.original_height} pixels.`);
    this.farewell = null;
    this.remember();
    await this.comparison.setPhoto(item?.photo ?? photo);
    if (stage.ticket !== ticket) return;
    this.isShowing = false;
    const top = this.list.batch.items.length > 1 ? ".pv-strip" : ".pv-stage";
    if (item) this.part.stage.element.querySelector(top).scrollIntoView();
    for (const pane of PANES) this.runners[pane].run();
  }

  forget() {
    for (const pane of PANES) this.runners[pane].stop();
    this.comparison.setPhoto(null);
    this.item = null;
    this.list.batch.take([]);
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
    const { stage, photoInput, coming } = this;
    if (!this.server.hear(answer)) return;
    if (answer.photo && answer.ticket > stage.ticket) this.show(answer);
    if (answer.error && answer.ticket === this.server.asked) {
      if (coming) coming.error = answer.error;
      this.list.changed();
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
    part.batch.watch("value", () => this.list.hear(part.batch.props.value));
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
