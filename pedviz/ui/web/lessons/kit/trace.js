/** Where traces come from: files of the site, or the server's /trace; and what an answer means to the page. */

/**
 * @import { ChoicePayload, LevelPayload, MapsPayload, SamplePayload, TracePayload } from "../../payloads.d.ts"
 * @typedef {{samples: SamplePayload[], models: ChoicePayload[], max_bytes: number}} Choices
 * @typedef {Awaited<ReturnType<typeof decodeTrace>>} Trace
 */

import { bytes, decode } from "../../base/decode.js";
import { createLayers } from "../../base/layers.js";
import { loadPhoto } from "../../base/photo.js";

// A copy of the site as files holds the choices and the pass of one detector over each sample.
const isCopy = "copy" in document.documentElement.dataset;
const NOT_STORED = "This copy of the site stores no such pass: it needs the server. Install PedViz and run: pedviz app";
const UNREACHABLE = "The server did not answer: check the connection and try again.";

/** @param {string} path */
const addressOf = (path) => new URL(path, document.baseURI).href;

/** @type {(path: string, options: RequestInit) => Promise<any>} JSON: the caller knows of what */
async function fetched(path, options) {
  const response = await fetch(addressOf(path), options).catch((error) => {
    throw error.name === "AbortError" ? error : new Error(UNREACHABLE);
  });
  if (!response.ok && isCopy) throw new Error(NOT_STORED);
  if (!response.ok) throw new Error((await response.text()) || UNREACHABLE);
  return response.json();
}

/** @returns {Promise<Choices>} what can be chosen */
export function fetchChoices() {
  return fetched("trace.json", {});
}

/**
 * The detector's pass over an image.
 * @param {{sample: string, file: File|null}} picture the visitor's file counts before the sample
 * @param {string} model id of the variant
 * @param {AbortSignal} signal
 * @throws {Error} with one sentence for the visitor
 */
export async function fetchTrace({ sample, file }, model, signal) {
  if (isCopy && file) throw new Error(NOT_STORED);
  const name = encodeURIComponent(model);
  const path = `trace/${encodeURIComponent(sample)}/${name}`;
  const payload = file
    ? await fetched(`trace?model=${name}`, { method: "POST", body: file, signal })
    : await fetched(`${path}.json`, { signal });
  return decodeTrace(payload, path);
}

/**
 * A level of the pyramid, whose channels have their `pixels` once `load` is done.
 * @param {LevelPayload} level
 * @param {string} path of the file of its maps, where they did not come with it
 */
function decodeLevel(level, path) {
  const size = level.rows * level.columns;
  /** @type {{channel: number, low: number, high: number, pixels: Uint8Array|null}[]} */
  const shown = level.shown.map((channel) => ({ ...channel, pixels: null }));
  /** @param {MapsPayload} maps */
  const fill = ({ pixels }) => {
    const all = bytes(pixels);
    shown.forEach((channel, place) => {
      channel.pixels = all.subarray(place * size, (place + 1) * size);
    });
  };
  if (level.maps) fill(level.maps);
  /** @type {Promise<void>|null} */
  let loading = null;
  return {
    ...level,
    shown,
    load() {
      const asked = loading ?? fetched(path, {}).then(fill);
      loading = asked;
      asked.catch(() => {
        loading = null; // asked anew next time
      });
      return asked;
    },
  };
}

/**
 * The answer of pedviz/ui/trace_payload.py, unpacked once: as it comes, but the photo with its `picture`, arrays
 * instead of base64, and `layers`, the masks of the detections.
 * @param {TracePayload} payload
 * @param {string} path below which the files of its levels are
 */
async function decodeTrace(payload, path) {
  const detections = decode(payload.detections);
  const levels = payload.levels.map((level, place) => decodeLevel(level, `${path}/${place}.json`));
  const proposals = {
    count: payload.proposals.count,
    boxes: new Float32Array(bytes(payload.proposals.boxes).buffer),
    scores: new Float32Array(bytes(payload.proposals.scores).buffer),
  };
  return {
    ...payload,
    photo: await loadPhoto(payload.photo),
    detections,
    layers: createLayers(detections),
    levels,
    proposals,
  };
}
