/** Everything that follows from the state of the lesson on RoIPool and RoIAlign. */

/**
 * @import { Box } from "../../base/boxes.js"
 * @import { Aligned, FeatureMap, Pooled, Take } from "../../maths/roi.js"
 * @import { Common, Lesson } from "../kit/kit.js"
 */

import { remembering } from "../../base/memo.js";
import { bilinearPoint } from "../../maths/bilinear.js";
import {
  alignBackward,
  floorBins,
  poolBackward,
  poolingDrift,
  poolMaximum,
  roiAlign,
  roiPool,
} from "../../maths/roi.js";

/**
 * The settings of pedviz/lessons/roi.py, and what follows from them.
 * @typedef {"ramp"|"hill"|"noise"} MapName
 * @typedef {Record<"bins"|"step"|"sr"|"pt"|"dx"|"person"|"channel", number>
 *   & {box: Box, rule: "report"|"torchvision", map: MapName, half: boolean, take: Take, sample: string}
 *   & Common} State
 * @typedef {ReturnType<ReturnType<typeof deriver>>} Values
 * @typedef {Lesson<State, Values>} RoiLesson
 */

export const SIDE = 8;
export const SHIFTS = Array.from({ length: 81 }, (_, index) => index / 40); // cells, 0 to 2

/**
 * Whole cells as report B counts them: across without the last one, down with it.
 * @param {Box} region
 */
function reportRegion([x1, y1, x2, y2]) {
  const [left, top, right, bottom] = [x1, y1, x2, y2].map(Math.round);
  return [left, top, right, Math.min(bottom + 1, SIDE)];
}

/**
 * RoIPool by both rules.
 * @param {FeatureMap} map
 * @param {State} state
 */
function pooledBy(map, { box, bins }) {
  const outputSize = [bins, bins];
  return {
    report: poolMaximum(map, floorBins(reportRegion(box), { outputSize })),
    torchvision: roiPool(map, box, { outputSize }),
  };
}

/**
 * Sample points of all bins in reading order: x and y in cells, the bin [p, q], value and share.
 * @param {Aligned} aligned
 */
function samplesOf({ grid, samples, shares }) {
  return samples.flatMap((row, p) =>
    row.flatMap((bin, q) =>
      bin.flatMap((values, s) =>
        values.map((value, t) => ({
          x: grid.xs[q][t],
          y: grid.ys[p][s],
          bin: [p, q],
          value,
          share: shares[p][q][s][t],
        })),
      ),
    ),
  );
}

/**
 * What each cell gets of a gradient of 1 for every output.
 * @param {Pooled} pooled
 * @param {Aligned} aligned
 */
function gradientsOf(pooled, aligned) {
  const ones = aligned.values.map((row) => row.map(() => 1));
  const featureSize = [SIDE, SIDE];
  return {
    pooled: poolBackward(pooled, ones, { featureSize }),
    aligned: alignBackward(aligned, ones, { featureSize }),
  };
}

/**
 * The answers for the first bin while the region moves to the right, and both at the chosen shift.
 * @param {FeatureMap} map
 * @param {State} state
 */
function driftOf(map, { box, bins, dx }) {
  const at = (/** @type {number[]} */ shifts) =>
    poolingDrift(map, box, { shifts: shifts.map((shift) => [shift, 0]), outputSize: [bins, bins] });
  const [all, chosen] = [at(SHIFTS), at([0, dx])];
  return {
    pooled: all.pooled.map((values) => values[0][0]),
    aligned: all.aligned.map((values) => values[0][0]),
    before: { pooled: chosen.pooled[0], aligned: chosen.aligned[0] },
    after: { pooled: chosen.pooled[1], aligned: chosen.aligned[1] },
  };
}

/**
 * The values of a state; those of sections once somebody asks.
 * @param {Record<MapName, FeatureMap>} maps
 */
export function deriver(maps) {
  const drift = remembering(["map", "box", "bins", "dx"], (/** @type {State} */ state) =>
    driftOf(maps[state.map], state),
  );
  return (/** @type {State} */ state) => {
    const map = maps[state.map];
    const outputSize = [state.bins, state.bins];
    const both = pooledBy(map, state);
    const pooled = both[state.rule];
    const { sr: samplingRatio, half: aligned, take } = state;
    const found = roiAlign(map, state.box, { outputSize, samplingRatio, aligned, take });
    const samples = samplesOf(found);
    const chosen = samples.length ? samples[(state.pt - 1) % samples.length] : null;
    /** @type {ReturnType<typeof gradientsOf>|null} */
    let back = null;
    return {
      map,
      both,
      pooled,
      aligned: found,
      samples,
      chosen,
      point: chosen && bilinearPoint(map, chosen),
      get back() {
        back ??= gradientsOf(pooled, found);
        return back;
      },
      get drift() {
        return drift(state);
      },
    };
  };
}
