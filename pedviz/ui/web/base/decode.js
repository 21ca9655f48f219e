/** A pane's answer from the server, unpacked once: candidates best first, with their mask maps. */

import { MAP_SIDE } from "../maths/masks.js";

/** @typedef {ReturnType<typeof decode>} Detections */

const MAP_CELLS = MAP_SIDE * MAP_SIDE;

/**
 * The bytes that base64 stands for.
 * @param {string} base64
 */
export function bytes(base64) {
  const text = atob(base64);
  const array = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) array[i] = text.charCodeAt(i);
  return array;
}

/**
 * @param {import("../payloads.d.ts").ResultPayload} payload
 * @returns boxes are x1, y1, x2, y2 in pixels of the capped image, four numbers a candidate; imageSize [height, width]
 */
export function decode(payload) {
  return {
    count: payload.count,
    boxes: new Float32Array(bytes(payload.boxes).buffer),
    scores: new Float32Array(bytes(payload.scores).buffer),
    mapRows: new Int32Array(bytes(payload.map_rows).buffer),
    maps: bytes(payload.maps),
    imageSize: payload.image_size,
    model: payload.model,
    timings: payload.timings,
    cached: payload.cached,
    tiles: payload.tiles,
  };
}

/**
 * The 28 x 28 map of a candidate (probability x 255), or null where it has none.
 * @param {Pick<Detections, "mapRows"|"maps">} detections
 * @param {number} id
 */
export function mapOf(detections, id) {
  const row = detections.mapRows[id];
  return row < 0 ? null : detections.maps.subarray(row * MAP_CELLS, (row + 1) * MAP_CELLS);
}

/**
 * The box of a candidate as four numbers.
 * @param {Pick<Detections, "boxes">} detections
 * @param {number} id
 */
export function boxOf(detections, id) {
  return detections.boxes.subarray(4 * id, 4 * id + 4);
}
