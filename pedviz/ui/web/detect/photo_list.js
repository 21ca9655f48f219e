/** The visitor's own photos: the batch that is worked through, and the strip that shows it. */

import { later } from "../base/memo.js";
import { createBatch, keyOf } from "./batch.js";
import { saveAll, sceneOf } from "./export_all.js";
import { createPhotoStrip } from "./photo_strip.js";
import { PANES } from "./scene.js";

const COUNT_DELAY = 150; // ms after the last change of a threshold
const NOBODY = { people: { a: [], b: [] }, pairs: 0 };

class PhotoList {
  /** Resolve with the answers to detections of the batch, by ticket. @type {Map<number, (answer: any) => void>} */
  answers = new Map();
  /** Something that the strip shows is another. */
  changed = later(() => this.show(), COUNT_DELAY);

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

  run(request) {
    return new Promise((resolve) => this.answers.set(this.hooks.channel.ask("run_batch", "batch", request), resolve));
  }

  /** The server's answer to a detection of the batch. */
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

/** What the strip says of a photo: people in A and in B, null where that is not known, and whether they differ. */
function factsOf(item, given) {
  const { people, pairs } = item.photo ? sceneOf(item, given).scene : NOBODY;
  const counts = PANES.map((pane, place) =>
    item.results.has(keyOf(given.models[place])) ? people[pane].length : null,
  );
  const [failure] = given.models.map((id) => item.failures.get(keyOf(id))).filter(Boolean);
  const [a, b] = counts;
  const differ = !counts.includes(null) && (a !== pairs || b !== pairs);
  return { error: item.error ?? failure ?? null, a, b, differ };
}

/**
 * @param {HTMLElement} root an empty element
 * @param {Object} hooks
 *   setup, channel, server: see page.js and server_photo.js
 *   models(), state(): ids of the variants in A and in B, and what the comparison is set to
 *   current(): the one of these photos that is on the stage, or null
 *   isBusy(): whether something on screen waits for the server
 *   keepDrawn(): keep the ground truth of the photo on the stage
 *   onOpen(item): the visitor wants to see it
 */
export const createPhotoList = (root, hooks) => new PhotoList(root, hooks);
