/**
 * Several photos of one visitor. The page holds the files and sends one at a time, so that the server never has more
 * of a visitor than one photo. What is on screen goes first: the batch goes on where nobody waits for an answer.
 */

import { nameOf, refusalBeforeSending, sendFile } from "../base/photo_input.js";

export const MOST_FILES = 50;
const LOOK_AGAIN_MS = 100; // whether somebody still waits
const WEIGHTS_MS = 1000; // while the server downloads weights

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What a result is remembered under. */
export const keyOf = (model, tiles = false) => `${model},${tiles}`;

/**
 * @typedef {Object} Item
 * @property {File} file
 * @property {any} photo the server's payload once it has read the file; `drawn` is the visitor's ground truth
 * @property {string|null} error why there is no photo
 * @property {Map<string, any>} results payloads by keyOf
 * @property {Map<string, string>} failures of detectors, sentences by keyOf
 */

/** @returns {Item} */
const newItem = (file) => ({ file, photo: null, error: null, results: new Map(), failures: new Map() });

class Batch {
  /** @type {Item[]} */
  items = [];
  paused = false;
  working = false;
  sending = new AbortController();

  constructor(hooks) {
    this.hooks = hooks;
  }

  /** Take other files in place of those that are here. */
  take(files) {
    this.sending.abort();
    this.items = [...files].slice(0, MOST_FILES).map(newItem);
    this.paused = false;
    this.hooks.onChange();
  }

  /** The photo of a file, a new one where it is none of these. */
  itemOf(file) {
    return this.items.find((item) => item.file === file) ?? newItem(file);
  }

  /** A photo has come to the stage: one that is not of these takes their place, a sample that of a single one. */
  keep(item) {
    if (item ? this.items.includes(item) : this.items.length > 1) return;
    this.sending.abort();
    this.items = item ? [item] : [];
  }

  pause(paused) {
    this.paused = paused;
    if (paused) this.sending.abort();
    this.hooks.onChange();
    this.work();
  }

  /** Ids of variants whose results are still to come. */
  missing(item) {
    if (item.error) return [];
    return this.hooks.models().filter((id) => !item.results.has(keyOf(id)) && !item.failures.has(keyOf(id)));
  }

  get done() {
    return this.items.filter((item) => !this.missing(item).length).length;
  }

  /** The next photo to work on; what is on the stage is looked at there. */
  get waiting() {
    if (this.paused || this.items.length < 2) return undefined;
    return this.items.find((item) => item !== this.hooks.current() && this.missing(item).length);
  }

  /** Work through what is missing, unless that happens already. */
  async work() {
    if (this.working) return;
    this.working = true;
    for (let item = this.waiting; item; item = this.waiting) {
      if (this.hooks.isBusy()) await pause(LOOK_AGAIN_MS);
      else await this.look(item);
    }
    this.working = false;
  }

  /** As much as is missing of one photo, until the visitor waits for something else. */
  async look(item) {
    const { hooks } = this;
    item.error = refusalBeforeSending(item.file, hooks.setup.max_bytes);
    if (!item.error && (await this.put(item))) {
      for (const model of this.missing(item)) {
        if (hooks.isBusy() || this.paused) break;
        await this.detect(item, model);
      }
    }
    hooks.onChange();
  }

  /** Have the server read the file; whether it has it on its stage now. */
  async put(item) {
    this.sending = new AbortController();
    const { signal } = this.sending;
    try {
      const stopped = new Promise((done) => signal.addEventListener("abort", () => done(null)));
      const path = await Promise.race([sendFile(item.file, { url: this.hooks.setup.upload_url, signal }), stopped]);
      if (path === null) return false;
      const answer = await this.hooks.put({ path, name: nameOf(item.file), sample: null });
      item.error = answer?.error ?? null;
      item.photo ??= answer?.photo ?? null;
      return Boolean(answer?.photo);
    } catch (error) {
      item.error = /** @type {Error} */ (error).message;
      return false;
    }
  }

  async detect(item, model) {
    const answer = await this.hooks.run({ photo_id: item.photo.id, model_id: model, ids: null });
    if (answer.result) item.results.set(keyOf(model), answer.result);
    else if (answer.fetching) await pause(WEIGHTS_MS);
    else if (this.hooks.holds(item.photo.id)) item.failures.set(keyOf(model), answer.error);
    // Else it made room for what is on screen, and is asked for again.
  }
}

/**
 * @param {Object} hooks
 *   setup: {max_bytes, upload_url}
 *   models(): ids of the variants in A and in B
 *   current(): the photo of these that is on the stage, or null
 *   holds(id): whether the server has that photo now
 *   isBusy(): whether something on screen waits for the server
 *   put(request): a promise of the server's answer to a photo request, null where a newer one took its place
 *   run(request): a promise of the server's answer to a detection
 *   onChange(): photos or results have come or gone
 */
export const createBatch = (hooks) => new Batch(hooks);
