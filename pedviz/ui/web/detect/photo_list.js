/** The visitor's own photos: the batch that is worked through, and the strip that shows it. */

import { later } from "../base/memo.js";
import { createBatch, keyOf } from "./batch.js";
import { saveAll, sceneOf } from "./export_all.js";
import { createPhotoStrip } from "./photo_strip.js";
import { PANES } from "./scene.js";

/**
 * @import { SetupPayload } from "../payloads.d.ts"
 * @import { BatchHooks, Item } from "./batch.js"
 * @import { Channel, RunAnswer, RunRequest } from "./channel.js"
 * @import { Given } from "./export_all.js"
 * @import { ItemFacts, StripHooks } from "./photo_strip.js"
 * @import { State } from "./scene.js"
 * @import { PhotoOnServer } from "./server_photo.js"
 *
 * @typedef {Object} OwnHooks
 * @property {Channel} channel
 * @property {PhotoOnServer} server
 * @property {() => State} state what the comparison is set to
 * @property {() => void} keepDrawn keep the ground truth of the photo on the stage
 * @typedef {OwnHooks & Pick<BatchHooks, "setup"|"models"|"current"|"isBusy"> & Pick<StripHooks, "onOpen">} ListHooks
 */

const COUNT_DELAY = 150; // ms after the last change of a threshold
const NOBODY = { people: { a: [], b: [] }, pairs: 0 };

class PhotoList {
  /** @type {Map<number, (answer: RunAnswer) => void>} resolve with the answers to detections, by ticket */
  answers = new Map();
  /** Something that the strip shows is another. */
  changed = later(() => this.show(), COUNT_DELAY);

  /**
   * @param {HTMLElement} root
   * @param {ListHooks} hooks
   */
  constructor(root, hooks) {
    const { setup, server, models, isBusy, current } = hooks;
    this.hooks = hooks;
    this.batch = createBatch({
      setup,
      models,
      isBusy,
      current,
      holds: (id) => server.held === id,
      put: (request) => server.put(request),
      run: (request) => this.run(request),
      onChange: () => this.changed(),
    });
    this.strip = createPhotoStrip(root, {
      onOpen: hooks.onOpen,
      onPause: () => this.batch.pause(!this.batch.paused),
      onDownload: (kind) => saveAll(kind, this.batch.items, this.given()),
    });
  }

  /** @type {(request: RunRequest) => Promise<RunAnswer>} */
  run(request) {
    return new Promise((resolve) => this.answers.set(this.hooks.channel.ask("run_batch", "batch", request), resolve));
  }

  /** @param {RunAnswer} answer to a detection of the batch */
  hear(answer) {
    this.answers.get(answer.ticket)?.(answer);
    this.answers.delete(answer.ticket);
  }

  /** What the photos are looked at with. */
  given() {
    const { models, state, setup, keepDrawn } = this.hooks;
    keepDrawn();
    return { models: models(), state: state(), palette: setup.palette, defaults: setup.thresholds };
  }

  show() {
    const { batch, hooks } = this;
    const given = this.given();
    batch.work();
    this.strip.show(batch, hooks.current(), (item) => factsOf(item, given));
  }
}

/** @type {(item: Item, given: Given) => ItemFacts} what the strip says of a photo */
function factsOf(item, given) {
  const { people, pairs } = item.photo ? sceneOf(item.photo, item.results, given).scene : NOBODY;
  const counts = PANES.map((pane, place) =>
    item.results.has(keyOf(given.models[place])) ? people[pane].length : null,
  );
  const failure = given.models.map((id) => item.failures.get(keyOf(id))).find((sentence) => sentence);
  const [a, b] = counts;
  const differ = !counts.includes(null) && (a !== pairs || b !== pairs);
  return { error: item.error ?? failure ?? null, a, b, differ };
}

/**
 * @param {HTMLElement} root an empty element
 * @param {ListHooks} hooks
 */
export const createPhotoList = (root, hooks) => new PhotoList(root, hooks);
