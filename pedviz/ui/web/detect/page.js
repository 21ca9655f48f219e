/**
 * The Detect page: photo chooser, two detectors and the comparison, and their talk with the server.
 *
 * Everything asked of the server is a request with a ticket, a number that only grows; an answer with an old
 * ticket is dropped. The requests are the value of the "channel" component: when an event has to wait for the one
 * before it, Gradio reads the value once it starts, but would repeat the data of the event that came first.
 */

import { addressWriter, readChoice, readSettings } from "../base/address.js";
import { partOf } from "../base/dom.js";
import { createPhotoInput, nameOf, sendFile } from "../base/photo_input.js";
import { keyOf, MOST_FILES } from "./batch.js";
import { createChannel } from "./channel.js";
import { createComparison } from "./comparison.js";
import { startLive } from "./live.js";
import { createPaneRunner } from "./pane_runner.js";
import { createPhotoList } from "./photo_list.js";
import { forPanes, PANES } from "./scene.js";
import { createServerPhoto } from "./server_photo.js";
import { createStored } from "./stored.js";
import { createToolbar } from "./toolbar.js";

/**
 * @import { ResultPayload } from "../payloads.d.ts"
 * @import { Item } from "./batch.js"
 * @import { Parts, PhotoAnswer, PhotoRequest, SamplesAnswer, SamplesListing } from "./channel.js"
 * @import { StagePhoto } from "./comparison.js"
 * @typedef {{photo: StagePhoto, sample: string|null, ticket: number, item?: Item|null}} Shown
 */

const RELOADED = "The page was loaded again, and your photo and what you drew are gone: choose the photo again.";

/**
 * @param {Parts} parts
 * @returns {Promise<void>} resolves once what is stored of the first photo is shown, or more is asked for
 */
export const startPage = (parts) => new DetectPage(parts).start();

class DetectPage {
  /** @type {{photo: StagePhoto|null, sample: string|null, ticket: number}} */
  stage = { photo: null, sample: null, ticket: 0 };
  /** The visitor's own photo that is on the stage, and the one asked for. @type {Item|null} */
  item = null;
  /** @type {Item|null} */
  coming = null;
  isCloser = false; // whether detectors look at tiles of its file as well
  isShowing = false; // a photo that is being decoded
  /** Said once, beside the next image. @type {string|null} */
  lost = history.state?.ownPhoto ? RELOADED : null;
  /** Said once the image after a forgotten photo is there. @type {string|null} */
  farewell = null;
  first = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers()); // photo, shown with what is stored of it

  /** @param {Parts} part */
  constructor(part) {
    this.part = part;
    const { setup } = part.channel.props;
    this.setup = setup;
    const { live_url: url } = setup;
    this.channel = createChannel(part.channel);
    this.server = createServerPhoto(this.channel);
    this.stored = createStored(setup.stored);
    this.photoInput = createPhotoInput(partOf(part.channel.element, ".pv-photo"), {
      setup,
      onSample: (id) => this.chooseSample(id),
      onPhoto: ({ file, ...sent }) => this.chooseOwn(file, sent),
      onPhotos: (files) => this.takeMany(files),
      startLive: url ? (video, canvas, say) => startLive(video, canvas, say, { ...setup, url }) : null,
    });
    this.toolbar = createToolbar(partOf(part.channel.element, ".pv-toolbar"), {
      onDownload: () => this.channel.ask("download", "download", {}),
      onForget: () => this.forget(),
      onSwap: () => this.swap(),
      onCloser: () => this.lookCloser(!this.isCloser),
      copied: () => (this.stage.sample ? "Link copied." : "Link copied; your photo is not part of it."),
    });
    part.channel.element.style.setProperty("--pvc-ratio", String(setup.stage_ratio));
    this.comparison = createComparison(partOf(part.channel.element, ".pv-stage"), {
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
      known: (/** @type {string} */ model) =>
        this.item?.results.get(keyOf(model, this.isCloser)) ?? this.stored.result(this.stage.sample, model),
      keep: (/** @type {ResultPayload} */ result) => this.keep(result),
      closer: () => (this.isCloser && this.item ? this.item.file : null),
      onServer: async () => this.server.ensure(this.stage.photo?.id ?? "", () => this.requestOfStage()),
      onModel: () => {
        this.remember();
        this.list.changed();
      },
    };
    return forPanes((pane) => createPaneRunner(pane, { ...options, part: this.part[`pane_${pane}`] }));
  }

  createList() {
    return createPhotoList(partOf(this.part.channel.element, ".pv-strip"), {
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

  /** @returns {Promise<PhotoRequest>} what brings the photo on the stage to the server once more */
  async requestOfStage() {
    const { sample } = this.stage;
    if (!this.item) return { sample };
    const { file } = this.item;
    const sent = { url: this.setup.upload_url, signal: new AbortController().signal };
    return { path: await sendFile(file, sent), name: nameOf(file), sample: null };
  }

  keepDrawn() {
    const { drawn } = this.comparison;
    if (this.item?.photo && drawn !== undefined) this.item.photo = { ...this.item.photo, drawn };
  }

  /** @param {File[]} files in place of what is here */
  takeMany(files) {
    this.list.batch.take(files);
    const left = files.length - MOST_FILES;
    if (left > 0) this.lost = `These are ${files.length} files; the first ${MOST_FILES} are here.`;
    this.open(this.list.batch.items[0]);
  }

  /** @param {Item} item of the list, which is shown */
  open(item) {
    if (!item.photo) this.photoInput.take(item.file);
    else this.show({ photo: item.photo, sample: null, ticket: this.channel.next(), item });
  }

  /** Put what is chosen into the address. */
  remember() {
    const { a, b } = this.runners;
    this.write({ ...this.comparison.state(), a: a.modelId, b: b.modelId, sample: this.stage.sample });
  }

  /** @param {ResultPayload} result is remembered where it is of the visitor's own photo */
  keep(result) {
    if (!this.item || result.photo_id !== this.item.photo?.id) return;
    this.item.results.set(keyOf(result.model_id, result.tiles), result);
    this.list.changed();
  }

  /** @type {(file: File, sent: {path: string, name: string}) => void} */
  chooseOwn(file, sent) {
    this.coming = this.list.batch.itemOf(file);
    this.choose({ ...sent, sample: null }, "Reading your photo …");
  }

  /** @param {boolean} closer */
  lookCloser(closer) {
    this.isCloser = closer;
    this.toolbar.showCloser(this.item !== null, closer);
    for (const pane of PANES) this.runners[pane].run();
  }

  /** @type {(request: PhotoRequest, words: string|null) => void} */
  choose(request, words) {
    this.photoInput.setBusy(words);
    this.server.choose(request);
  }

  /** @param {string} id */
  async chooseSample(id) {
    this.photoInput.setCurrent(id);
    const stored = this.stored.photo(id);
    const isPassed = stored !== null && !this.server.isUsed;
    if (isPassed) this.server.pass();
    else this.choose({ sample: id }, null);
    const ticket = this.server.asked;
    for (const pane of PANES) this.stored.result(id, this.runners[pane].modelId); // asked for beside the photo
    const photo = await stored;
    if (ticket !== this.server.asked || this.stage.ticket >= ticket) return;
    if (photo) await this.show({ photo, sample: id, ticket });
    else if (isPassed) this.choose({ sample: id }, null);
  }

  /** @param {Shown} shown */
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
    if (item) partOf(this.part.channel.element, top).scrollIntoView();
    await Promise.all(PANES.map((pane) => this.runners[pane].run()));
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

  /** @param {SamplesListing} listing */
  listSamples({ samples, can_download }) {
    this.photoInput.setSamples(samples, this.first.promise);
    this.photoInput.setCurrent(this.stage.sample);
    this.toolbar.offerDownload(can_download);
  }

  /** @param {PhotoAnswer} answer */
  hearOfPhoto(answer) {
    const { stage, photoInput, coming } = this;
    if (!this.server.hear(answer)) return;
    const { photo, sample = null, ticket, error } = answer;
    if (photo && ticket > stage.ticket) this.show({ photo, sample, ticket });
    if (error && ticket === this.server.asked) {
      if (coming) coming.error = error;
      this.list.changed();
      photoInput.setCurrent(stage.sample);
      photoInput.setError(error);
    }
  }

  /** @param {SamplesAnswer} answer to the request for more */
  hearOfSamples(answer) {
    if (answer.samples) return this.listSamples(answer);
    this.photoInput.setError(answer.error);
    this.toolbar.offerDownload(true);
  }

  start() {
    const { part, setup, comparison, runners, defaults, untouched } = this;
    part.photo.watch("value", () => this.hearOfPhoto(part.photo.props.value));
    part.batch.watch("value", () => this.list.hear(part.batch.props.value));
    part.samples.watch("value", () => this.hearOfSamples(part.samples.props.value));
    window.addEventListener("popstate", () => comparison.applyState(readSettings(location.search, untouched)));
    this.hearOfSamples(part.samples.props.value);
    const known = { models: setup.models.map(({ id }) => id), samples: this.photoInput.listed.map(({ id }) => id) };
    for (const pane of PANES) runners[pane].choose(readChoice(location.search, pane, known.models, defaults[pane]));
    comparison.applyState(readSettings(location.search, comparison.state()));
    const sample = readChoice(location.search, "sample", known.samples, setup.default_sample);
    return this.chooseSample(sample).finally(this.first.resolve);
  }
}
