/** Everything that follows from the state of the lesson on RoIPool and RoIAlign. */

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

export const SIDE = 8;
export const SHIFTS = Array.from({ length: 81 }, (_, index) => index / 40); // cells, 0 to 2

/** Whole cells as report B counts them: across without the last one, down with it. */
function reportRegion([x1, y1, x2, y2]) {
  const [left, top, right, bottom] = [x1, y1, x2, y2].map(Math.round);
  return [left, top, right, Math.min(bottom + 1, SIDE)];
}

/** RoIPool by both rules. */
function pooledBy(map, { box, bins }) {
  const outputSize = [bins, bins];
  return {
    report: poolMaximum(map, floorBins(reportRegion(box), { outputSize })),
    torchvision: roiPool(map, box, { outputSize }),
  };
}

/** Sample points of all bins in reading order: x and y in cells, the bin [p, q], value and share. */
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

/** What each cell gets of a gradient of 1 for every output. */
function gradientsOf(pooled, aligned) {
  const ones = aligned.values.map((row) => row.map(() => 1));
  const featureSize = [SIDE, SIDE];
  return {
    pooled: poolBackward(pooled, ones, { featureSize }),
    aligned: alignBackward(aligned, ones, { featureSize }),
  };
}

/** The answers for the first bin while the region moves to the right, and both at the chosen shift. */
function driftOf(map, { box, bins, dx }) {
  const at = (shifts) =>
    poolingDrift(map, box, { shifts: shifts.map((shift) => [shift, 0]), outputSize: [bins, bins] });
  const [all, chosen] = [at(SHIFTS), at([0, dx])];
  return {
    pooled: all.pooled.map((values) => values[0][0]),
    aligned: all.aligned.map((values) => values[0][0]),
    before: { pooled: chosen.pooled[0], aligned: chosen.aligned[0] },
    after: { pooled: chosen.pooled[1], aligned: chosen.aligned[1] },
  };
}

/** @returns {(a: Object) => Object} values of a state, from the maps by key; those of sections once somebody asks */
export function deriver(maps) {
  const drift = remembering(["map", "box", "bins", "dx"], (state) => driftOf(maps[state.map], state));
  return (state) => {
    const map = maps[state.map];
    const outputSize = [state.bins, state.bins];
    const both = pooledBy(map, state);
    const pooled = both[state.rule];
    const { sr: samplingRatio, half: aligned, take } = state;
    const found = roiAlign(map, state.box, { outputSize, samplingRatio, aligned, take });
    const samples = samplesOf(found);
    const chosen = samples.length ? samples[(state.pt - 1) % samples.length] : null;
    /** @type {Object|null} */
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
