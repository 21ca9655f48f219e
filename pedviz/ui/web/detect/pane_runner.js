/** One pane: the detector chosen for it, and the detection that is running or shown. */

import { megabytes, partOf } from "../base/dom.js";
import { sendFile } from "../base/photo_input.js";
import { createModelChooser } from "./model_chooser.js";

/**
 * @import { PhotoPayload, ResultPayload, SetupPayload } from "../payloads.d.ts"
 * @import { Channel, Fetching, Part, RunAnswer } from "./channel.js"
 * @import { TwoPanes } from "./comparison.js"
 * @import { PaneName } from "./scene.js"
 *
 * @typedef {ResultPayload|Promise<ResultPayload|null>} Known
 * @typedef {Object} RunnerOptions
 * @property {Channel} channel
 * @property {Part<RunAnswer>} part brings this pane's answers and holds its chooser
 * @property {SetupPayload} setup
 * @property {TwoPanes} comparison shows the result
 * @property {() => PhotoPayload|null} photo the one on the stage
 * @property {(model: string) => Known|null} known that variant's result for the photo
 * @property {(result: ResultPayload) => void} keep a result has come
 * @property {() => File|null} closer the file to cut tiles out of; null where the photo as it is shown is enough
 * @property {() => Promise<void>} onServer resolves once the server has the photo too
 * @property {() => void} onModel another detector was chosen
 */

const ASK_AGAIN_MS = 1000; // while the server downloads weights

/** @param {Fetching} fetching */
function fetchingWords({ done, total }) {
  return `Downloading its weights: ${megabytes(done)}${total ? ` of ${megabytes(total)}` : ""} …`;
}

class PaneRunner {
  /** The ticket of the detection waited for. @type {number|null} */
  asked = null;
  waiting = false; // for that, or for the server to have the photo
  turn = 0; // grows with every request: what an older one brings is dropped
  sending = new AbortController(); // of the photo's file, for its tiles

  /**
   * @param {PaneName} pane
   * @param {RunnerOptions} options
   */
  constructor(pane, options) {
    this.pane = pane;
    this.options = options;
    const { part, setup, onModel } = options;
    this.chooser = createModelChooser(partOf(part.element, ".pv-pane"), {
      pane,
      badge: setup.palette.roles[pane],
      models: setup.models,
      onChange: () => {
        onModel();
        this.run();
      },
      onCancel: () => this.giveUp("Stopped before it finished."),
      onAgain: () => this.run(),
    });
    part.watch("value", () => this.hear(part.props.value));
  }

  /** The id of the chosen detector. */
  get modelId() {
    return this.chooser.model.id;
  }

  /** @param {string} id of a detector that is chosen without running it */
  choose(id) {
    this.chooser.choose(id);
  }

  /** Whether the visitor waits for an answer. */
  get isBusy() {
    return this.asked !== null || this.waiting;
  }

  /** @param {string|null} error */
  settle(error) {
    const { comparison } = this.options;
    this.asked = null;
    this.waiting = false;
    comparison.setBusy(this.pane, null);
    comparison.setError(this.pane, error);
    if (error) this.chooser.setStopped();
    else this.chooser.setIdle();
  }

  /**
   * What runs is of no use any more, with a sentence where the visitor should know.
   * @param {string|null} sentence
   */
  giveUp(sentence = null) {
    this.turn += 1;
    this.sending.abort();
    const stop = `stop_${this.pane}`;
    if (this.asked !== null) this.options.channel.ask(stop, stop, { until: this.asked });
    if (this.asked !== null || this.waiting) this.settle(sentence);
  }

  /**
   * Detect in the photo on the stage; with `ids`, fetch the masks of those candidates too. Resolves once a result that
   * is known is shown, or another one asked for.
   * @param {number[]|null} ids
   */
  async run(ids = null) {
    const { photo, known: knownOf, closer, comparison } = this.options;
    if (!photo()) return;
    this.giveUp(); // what runs now is for an older request
    const { id, label } = this.chooser.model;
    const known = ids ? null : knownOf(id);
    const words = closer() ? `${label} is looking closer …` : `${label} is looking for people …`;
    const done = known ? this.showKnown(known, words) : this.ask(ids, ids ? "Fetching more masks …" : words);
    comparison.setError(this.pane, null);
    await done;
  }

  /** Whatever runs is no longer of use. */
  stop() {
    this.giveUp();
  }

  /**
   * A result that is here or a file of the site; where it cannot be fetched after all, the detector runs.
   * @param {Known} known
   * @param {string} words
   */
  async showKnown(known, words) {
    const mine = this.turn;
    const result = await known;
    if (mine !== this.turn) return;
    if (result) this.options.comparison.setResult(this.pane, result);
    else this.ask(null, words);
  }

  /** @type {(ids: number[]|null, words: string) => Promise<void>} */
  async ask(ids, words) {
    const { channel, comparison, onServer, photo, closer } = this.options;
    const mine = this.turn;
    this.waiting = true;
    this.chooser.setRunning(words);
    if (!ids) comparison.setBusy(this.pane, words);
    await onServer(); // a sample is shown before the server knows that it is on the stage
    if (mine !== this.turn) return;
    const file = closer();
    const cut = file !== null && !ids; // the server keeps no original, so its file goes there once more
    const upload = cut ? await this.send(file) : "";
    const shown = photo();
    if (mine !== this.turn || upload === null || !shown) return;
    const request = { photo_id: shown.id, model_id: this.chooser.model.id, ids, tiles: file !== null, upload };
    this.asked = channel.ask(`${cut ? "look" : "run"}_${this.pane}`, this.pane, request);
  }

  /**
   * The server's path of a file, or null once it is said why there is none.
   * @param {File} file
   */
  async send(file) {
    this.sending = new AbortController();
    try {
      return await sendFile(file, { url: this.options.setup.upload_url, signal: this.sending.signal });
    } catch (error) {
      this.settle(/** @type {Error} */ (error).message);
      return null;
    }
  }

  /**
   * The weights are on their way: say how far, and ask again unless something newer is asked meanwhile.
   * @param {number} ticket
   * @param {Fetching} fetching
   */
  waitForWeights(ticket, fetching) {
    const words = fetchingWords(fetching);
    this.chooser.setRunning(words);
    this.options.comparison.setBusy(this.pane, words);
    setTimeout(() => {
      if (this.asked === ticket) this.ask(null, words);
    }, ASK_AGAIN_MS);
  }

  /** @param {RunAnswer} answer of the server */
  hear(answer) {
    if (answer.ticket !== this.asked) return; // an answer to an older request
    if (answer.fetching) {
      this.waitForWeights(answer.ticket, answer.fetching);
      return;
    }
    this.settle(answer.error ?? null);
    if (!answer.result) return;
    this.options.keep(answer.result);
    this.options.comparison.setResult(this.pane, answer.result);
  }
}

/**
 * @param {PaneName} pane
 * @param {RunnerOptions} options
 */
export const createPaneRunner = (pane, options) => new PaneRunner(pane, options);
