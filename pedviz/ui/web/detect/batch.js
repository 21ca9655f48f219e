/**
 * Several photos of one visitor. The page holds the files and sends one at a time, so that the server never has more
 * of a visitor than one photo. What is on screen goes first: the batch goes on where nobody waits for an answer.
 */

import { pause } from "../base/pause.js";
import { nameOf, refusalBeforeSending, sendFile } from "../base/photo_input.js";

export const MOST_FILES = 50;
const LOOK_AGAIN_MS = 100; // whether somebody still waits
const WEIGHTS_MS = 1000; // while the server downloads weights

/** What a result is remembered under. */
export const keyOf = (/** @type {string} */ model, tiles = false) => `${model},${tiles}`;

/**
 * @import { ResultPayload, SetupPayload } from "../payloads.d.ts"
 * @import { PhotoAnswer, PhotoRequest, RunAnswer, RunRequest } from "./channel.js"
 * @import { StagePhoto } from "./comparison.js"
 *
 * @typedef {Object} Item
 * @property {File} file
 * @property {StagePhoto|null} photo once the server has read the file
 * @property {string|null} error why there is no photo
 * @property {Map<string, ResultPayload>} results by keyOf
 * @property {Map<string, string>} failures of detectors, sentences by keyOf
 *
 * @typedef {Object} BatchHooks
 * @property {SetupPayload} setup
 * @property {() => string[]} models ids of the variants in A and in B
 * @property {() => Item|null} current the photo of these that is on the stage
 * @property {(id: string) => boolean} holds whether the server has that photo now
 * @property {() => boolean} isBusy whether something on screen waits for the server
 * @property {(request: PhotoRequest) => Promise<PhotoAnswer|null>} put resolves to null where a newer request took its
 *   place
 * @property {(request: RunRequest) => Promise<RunAnswer>} run
 * @property {() => void} onChange photos or results have come or gone
 *
 * @typedef {ReturnType<typeof createBatch>} PhotoBatch
 */

/** @type {(file: File) => Item} */
const newItem = (file) => ({ file, photo: null, error: null, results: new Map(), failures: new Map() });

class Batch {
  /** @type {Item[]} */
  items = [];
  paused = false;
  working = false;
  sending = new AbortController();

  /** @param {BatchHooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
  }

  /**
   * Take other files in place of those that are here.
   * @param {File[]} files
   */
  take(files) {
    this.sending.abort();
    this.items = [...files].slice(0, MOST_FILES).map(newItem);
    this.paused = false;
    this.hooks.onChange();
  }

  /**
   * The photo of a file, a new one where it is none of these.
   * @param {File} file
   */
  itemOf(file) {
    return this.items.find((item) => item.file === file) ?? newItem(file);
  }

  /**
   * A photo has come to the stage: one that is not of these takes their place, a sample that of a single one.
   * @param {Item|null} item
   */
  keep(item) {
    if (item ? this.items.includes(item) : this.items.length > 1) return;
    this.sending.abort();
    this.items = item ? [item] : [];
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    if (paused) this.sending.abort();
    this.hooks.onChange();
    this.work();
  }

  /**
   * Ids of variants whose results are still to come.
   * @param {Item} item
   */
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

  /**
   * As much as is missing of one photo, until the visitor waits for something else.
   * @param {Item} item
   */
  async look(item) {
    const { hooks } = this;
    item.error = refusalBeforeSending(item.file, hooks.setup.max_bytes);
    const photo = item.error ? null : await this.put(item);
    if (photo) {
      for (const model of this.missing(item)) {
        if (hooks.isBusy() || this.paused) break;
        await this.detect(item, photo.id, model);
      }
    }
    hooks.onChange();
  }

  /**
   * Have the server read the file; the photo where it has it on its stage now.
   * @param {Item} item
   */
  async put(item) {
    this.sending = new AbortController();
    const { signal } = this.sending;
    try {
      /** @type {Promise<null>} */
      const stopped = new Promise((done) => signal.addEventListener("abort", () => done(null)));
      const url = this.hooks.setup.upload_url;
      const path = await Promise.race([sendFile(item.file, { url, signal }), stopped]);
      if (path === null) return null;
      const answer = await this.hooks.put({ path, name: nameOf(item.file), sample: null });
      item.error = answer?.error ?? null;
      item.photo ??= answer?.photo ?? null;
      return answer?.photo ? item.photo : null;
    } catch (error) {
      item.error = /** @type {Error} */ (error).message;
      return null;
    }
  }

  /** @type {(item: Item, photo: string, model: string) => Promise<void>} */
  async detect(item, photo, model) {
    const { result, fetching, error } = await this.hooks.run({ photo_id: photo, model_id: model, ids: null });
    if (result) item.results.set(keyOf(model), result);
    else if (fetching) await pause(WEIGHTS_MS);
    else if (error && this.hooks.holds(photo)) item.failures.set(keyOf(model), error);
    // Else it made room for what is on screen, and is asked for again.
  }
}

/** @param {BatchHooks} hooks */
export const createBatch = (hooks) => new Batch(hooks);
