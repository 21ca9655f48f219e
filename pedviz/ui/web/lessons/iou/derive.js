/** The state of the IoU lesson, and everything that follows from it, computed once a redraw. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { LossKind } from "../../maths/iou_losses.js"
 * @import { Common, Lesson } from "../kit/kit.js"
 * @import { NumbersSetting, Setting } from "../kit/settings.js"
 * @import { CrowdData } from "./crowd.js"
 * @import { Photo } from "./photo.js"
 */

import { remembering } from "../../base/memo.js";
import { rememberCrowd } from "./crowd.js";
import { descents } from "./descent.js";
import { rememberMasks } from "./masks.js";
import { journey } from "./path.js";
import { rememberDrawn } from "./photo.js";
import { valuesOf } from "./values.js";

/**
 * The settings of pedviz/lessons/iou.py, what it computes beforehand, and what follows here.
 * @typedef {Record<"a"|"b"|"mine"|"k1"|"k2"|"k3"|"k4", Box> & Record<"found"|"step"|"n"|"rate"|"floor", number>
 *   & Record<"m1"|"m2"|"photo", string> & Common
 *   & {loss: LossKind, path: "right"|"down"|"wider", brush: "m1"|"m2", truth: boolean}} State
 * @typedef {{cases: Record<string, Record<LossKind, number>>, masks: Record<string, {mask: number, box: number}>,
 *   photos: Photo[], crowd: CrowdData}} Data
 * @typedef {ReturnType<ReturnType<typeof deriver>>} Values
 * @typedef {Lesson<State, Values>} IouLesson
 */

/**
 * All that follows from a state; each part is computed once somebody asks, and anew only where it changes.
 * @param {Setting[]} settings
 * @param {Data} data
 */
export function deriver(settings, data) {
  const boxSetting = /** @type {NumbersSetting} */ (settings.find(({ key }) => key === "a"));
  const boxes = remembering(["a", "b"], valuesOf);
  const way = remembering(["a", "b", "path", "loss"], (/** @type {State} */ state) => journey(state, boxSetting));
  const trails = remembering(["a", "b", "n", "rate"], (/** @type {State} */ state) =>
    descents(state, boxes(state).enclosingArea),
  );
  const masks = rememberMasks();
  const drawn = rememberDrawn(data.photos);
  const crowd = rememberCrowd(data.crowd);
  return (/** @type {State} */ state) => ({
    ...boxes(state),
    get masks() {
      return masks(state);
    },
    get drawn() {
      return drawn(state);
    },
    get crowd() {
      return crowd(state);
    },
    get way() {
      return way(state);
    },
    get trails() {
      return trails(state);
    },
  });
}
