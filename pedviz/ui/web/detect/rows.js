/** The people of the scene as rows of numbers, for the table and the exports; lengths in pixels of the original. */

import { areaOf } from "../base/boxes.js";
import { originalBox, scales } from "../base/photo.js";
import { maskIou } from "../maths/masks.js";
import { bestPerson } from "./lesson_link.js";
import { forPanes, PANES, thresholds } from "./scene.js";

/**
 * @import { Layers, Mask } from "../base/layers.js"
 * @import { PhotoPayload } from "../payloads.d.ts"
 * @import { createMaskAreas } from "./full_mask.js"
 * @import { PaneName, Person, Scene, State } from "./scene.js"
 *
 * @typedef {Object} PersonMasks of one pane
 * @property {Layers["mask"]} mask in pixels of the capped image
 * @property {ReturnType<typeof createMaskAreas>} areaInOriginal
 *
 * @typedef {ReturnType<typeof tableRows>[number]} Row
 */

const ROLE_WORDS = { found: "", both: "both", hit: "true positive", wrong: "false positive" };

/**
 * The verdict on a person in words, for those who do not see colours.
 * @param {Person} person
 */
function verdict({ role, pane }) {
  return role === "only" ? `only ${pane.toUpperCase()}` : ROLE_WORDS[role];
}

/** @type {(mask: Mask|null, other: Mask|null) => number|null} */
function overlap(mask, other) {
  return mask && other ? maskIou(mask.window, mask.bits, other.window, other.bits) : null;
}

/**
 * @param {Scene} scene
 * @param {{photo: PhotoPayload, state: State, masks: Record<PaneName, PersonMasks|null>}} context
 * @returns a row a person: best is the true person it overlaps most, difference the score in A minus that in B
 */
export function tableRows(scene, { photo, state, masks }) {
  const limits = forPanes((pane) => thresholds(state, pane).mask);
  const maskOf = (/** @type {Person} */ { pane, id }) => masks[pane]?.mask(id, limits[pane]) ?? null;
  const compare = state.view === "disagreement";
  /** @type {Record<PaneName, Map<number|null, Person>>} */
  const byId = forPanes((pane) => new Map(scene.people[pane].map((person) => [person.id, person])));
  return PANES.flatMap((pane) =>
    scene.people[pane].map((person) => {
      const partner = byId[pane === "a" ? "b" : "a"].get(person.partner) ?? null;
      const lead = partner && person.score - partner.score;
      const box = originalBox(person.box, scales(photo));
      return {
        person,
        partner,
        box,
        best: bestPerson(person.box, scene.truth),
        verdict: verdict(person),
        boxArea: areaOf(box),
        maskArea: masks[pane]?.areaInOriginal(person.id, photo, limits[pane]) ?? null,
        maskIou: compare && partner ? overlap(maskOf(person), maskOf(partner)) : null,
        difference: lead && (pane === "a" ? lead : -lead),
      };
    }),
  );
}

/**
 * The same rows with partners next to each other, for reading pair by pair.
 * @param {Row[]} rows
 */
export function pairedRows(rows) {
  const [first, second] = PANES.map((pane) => rows.filter(({ person }) => person.pane === pane));
  const partners = new Map(second.map((row) => [row.partner?.id, row]));
  const together = first.flatMap((row) => [row, partners.get(row.person.id) ?? []].flat());
  return [...together, ...second.filter(({ partner }) => !partner)];
}
