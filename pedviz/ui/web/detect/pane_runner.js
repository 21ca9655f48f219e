/** One pane: the detector chosen for it, and the detection that is running or shown. */

import { megabytes } from "../base/dom.js";
import { sendFile } from "../base/photo_input.js";
import { createModelChooser } from "./model_chooser.js";

const ASK_AGAIN_MS = 1000; // while the server downloads weights

function fetchingWords({ done, total }) {
  return `Downloading its weights: ${megabytes(done)}${total ? ` of ${megabytes(total)}` : ""} …`;
}

class PaneRunner {
  /** The ticket of the detection waited for. @type {number|null} */
  asked = null;
  waiting = false; // for that, or for the server to have the photo
  turn = 0; // grows with every request: what an older one brings is dropped
  sending = new AbortController(); // of the photo's file, for its tiles

  constructor(pane, options) {
    this.pane = pane;
    this.options = options;
    const { part, setup, onModel } = options;
    this.chooser = createModelChooser(part.element.querySelector(".pv-pane"), {
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

  /** Choose a detector without running it. */
  choose(id) {
    this.chooser.choose(id);
  }

  /** Whether the visitor waits for an answer. */
  get isBusy() {
    return this.asked !== null || this.waiting;
  }

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
   * Detect in the photo on the stage; with `ids`, fetch the masks of those candidates too.
   * @param {number[]|null} ids
   */
  run(ids = null) {
    const { photo, known: knownOf, closer, comparison } = this.options;
    if (!photo()) return;
    this.giveUp(); // what runs now is for an older request
    const { id, label } = this.chooser.model;
    const known = ids ? null : knownOf(id);
    const words = closer() ? `${label} is looking closer …` : `${label} is looking for people …`;
    if (known) this.showKnown(known, words);
    else this.ask(ids, ids ? "Fetching more masks …" : words);
    comparison.setError(this.pane, null);
  }

  /** Whatever runs is no longer of use. */
  stop() {
    this.giveUp();
  }

  /** A result that is here or a file of the site; where it cannot be fetched after all, the detector runs. */
  async showKnown(known, words) {
    const mine = this.turn;
    const result = await known;
    if (mine !== this.turn) return;
    if (result) this.options.comparison.setResult(this.pane, result);
    else this.ask(null, words);
  }

  async ask(ids, words) {
    const { channel, comparison, onServer, photo, closer } = this.options;
    const mine = this.turn;
    this.waiting = true;
    this.chooser.setRunning(words);
    if (!ids) comparison.setBusy(this.pane, words);
    await onServer(); // a sample is shown before the server knows that it is on the stage
    if (mine !== this.turn) return;
    const tiles = closer() !== null;
    const cut = tiles && !ids; // the server keeps no original, so its file goes there once more
    const upload = cut ? await this.send(closer()) : "";
    if (mine !== this.turn || upload === null) return;
    const request = { photo_id: photo().id, model_id: this.chooser.model.id, ids, tiles, upload };
    this.asked = channel.ask(`${cut ? "look" : "run"}_${this.pane}`, this.pane, request);
  }

  /** The server's path of a file, or null once it is said why there is none. */
  async send(file) {
    this.sending = new AbortController();
    try {
      return await sendFile(file, { url: this.options.setup.upload_url, signal: this.sending.signal });
    } catch (error) {
      this.settle(/** @type {Error} */ (error).message);
      return null;
    }
  }

  /** The weights are on their way: say how far, and ask again unless something newer is asked meanwhile. */
  waitForWeights({ ticket, fetching }) {
    const words = fetchingWords(fetching);
    this.chooser.setRunning(words);
    this.options.comparison.setBusy(this.pane, words);
    setTimeout(() => {
      if (this.asked === ticket) this.ask(null, words);
    }, ASK_AGAIN_MS);
  }

  /** An answer of the server. */
  hear(answer) {
    if (answer.ticket !== this.asked) return; // an answer to an older request
    if (answer.fetching) {
      this.waitForWeights(answer);
      return;
    }
    this.settle(answer.error ?? null);
    if (!answer.result) return;
    this.options.keep(answer.result);
    this.options.comparison.setResult(this.pane, answer.result);
  }
}

/**
 * @param {string} pane "a" or "b"
 * @param {Object} options
 *   channel: asks the server, see detect/page.js
 *   part: Gradio's component that brings this pane's answers and holds its chooser
 *   setup: {models, palette}
 *   comparison: what shows the result
 *   photo(): the photo on the stage or null
 *   known(model): that variant's result for the photo or a promise of it, or null
 *   keep(result): a result has come
 *   closer(): the file to cut tiles out of, or null where the photo as it is shown is enough
 *   onServer(): a promise that resolves once the server has the photo too
 *   onModel(): another detector was chosen
 */
export const createPaneRunner = (pane, options) => new PaneRunner(pane, options);
