/** Detections on the moving image of a camera: one frame under way at a time, and none while nobody looks. */

import { decode } from "../base/decode.js";
import { make, pencil } from "../base/dom.js";
import { createLayers } from "../base/layers.js";
import { pause } from "../base/pause.js";
import { drawPeople } from "./draw.js";
import { buildScene, identities, startState } from "./scene.js";

/**
 * @import { Detections } from "../base/decode.js"
 * @import { Palette, Thresholds } from "../payloads.d.ts"
 * @typedef {{url: string, palette: Palette, thresholds: Thresholds}} LiveOptions url: where frames are sent
 */

const WIDTH = 640; // pixels of a frame that is sent; the detector sees no more of it
const QUALITY = 0.8;
const RECENT_MS = 2000; // over which frames are counted
const AGAIN_MS = 500; // after the server had others to look after
const NOT_LOOKED_AT = 204;

class Live {
  stopping = new AbortController();
  /** When the latest frames were answered. @type {number[]} */
  times = [];
  /** The latest result, until it is drawn. @type {Detections|null} */
  undrawn = null;

  /**
   * @param {HTMLVideoElement} video
   * @param {HTMLCanvasElement} canvas
   * @param {(text: string) => void} say
   * @param {LiveOptions} options
   */
  constructor(video, canvas, say, options) {
    this.video = video;
    this.canvas = canvas;
    this.say = say;
    this.options = options;
    this.frame = make("canvas");
    this.state = startState(options.thresholds);
  }

  /**
   * The present image as a JPEG file.
   * @returns {Promise<Blob|null>}
   */
  shoot() {
    const { video, frame, canvas } = this;
    const factor = Math.min(WIDTH / video.videoWidth, 1);
    for (const one of [frame, canvas]) {
      const [width, height] = [Math.round(video.videoWidth * factor), Math.round(video.videoHeight * factor)];
      if (one.width !== width || one.height !== height) [one.width, one.height] = [width, height];
    }
    pencil(frame).drawImage(video, 0, 0, frame.width, frame.height);
    return new Promise((resolve) => frame.toBlob(resolve, "image/jpeg", QUALITY));
  }

  /** @param {Detections} result */
  draw(result) {
    const { canvas, state, options } = this;
    const { palette, thresholds } = options;
    const results = { a: result, b: null };
    const identity = identities(results, palette.people.length, thresholds);
    const { people } = buildScene(state, results, { identity, truth: null, palette, same: thresholds.iou });
    const context = pencil(canvas);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const box = { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
    const common = { state, palette, truth: null, missed: [], selected: -1, unit: canvas.width / WIDTH, box };
    drawPeople(context, { ...common, people: people.a, layers: createLayers(result), threshold: state.mask });
    return people.a.length;
  }

  count() {
    const now = performance.now();
    this.times = [...this.times.filter((time) => time > now - RECENT_MS), now];
    const [first] = this.times;
    return this.times.length < 2 ? null : ((this.times.length - 1) * 1000) / (now - first);
  }

  /** Show the latest result, which is done while the server is at work on the next frame. */
  show() {
    const { undrawn, stopping } = this;
    this.undrawn = null;
    if (!undrawn || stopping.signal.aborted) return;
    const found = this.draw(undrawn);
    const rate = this.count();
    const words = `${found} ${found === 1 ? "person" : "people"}`;
    this.say(rate === null ? words : `${words} · ${rate.toFixed(1)} frames a second`);
  }

  /** One frame there and back; false where no further one makes sense. */
  async look() {
    const { signal } = this.stopping;
    const body = await this.shoot();
    const asked = fetch(this.options.url, { method: "POST", body, signal });
    this.show();
    const answer = await asked;
    if (answer.status === NOT_LOOKED_AT) {
      this.say("Others are waiting for their photos; the camera goes on after them.");
      await pause(AGAIN_MS);
      return true;
    }
    if (!answer.ok) {
      this.say(await answer.text());
      return false;
    }
    this.undrawn = decode(await answer.json());
    return true;
  }

  async run() {
    const { signal } = this.stopping;
    try {
      for (let goesOn = true; goesOn && !signal.aborted; ) {
        if (document.hidden) await pause(AGAIN_MS);
        else goesOn = await this.look();
      }
    } catch (error) {
      if (!signal.aborted) this.say(`The camera stopped: ${/** @type {Error} */ (error).message}`);
    }
  }

  stop() {
    this.stopping.abort();
    pencil(this.canvas).clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.say("");
  }
}

/**
 * Start to look.
 * @param {HTMLVideoElement} video that plays
 * @param {HTMLCanvasElement} canvas over it, for what is found
 * @param {(text: string) => void} say
 * @param {LiveOptions} options
 * @returns {() => void} stops it
 */
export function startLive(video, canvas, say, options) {
  const live = new Live(video, canvas, say, options);
  say("Looking for people …");
  live.run();
  return () => live.stop();
}
