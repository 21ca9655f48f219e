/** The people of the scene as rows of numbers, for the table and the exports; lengths in pixels of the original. */

import { areaOf } from "../base/boxes.js";
import { originalBox, scales } from "../base/photo.js";
import { maskIou } from "../maths/masks.js";
import { bestPerson } from "./lesson_link.js";
import { PANES } from "./scene.js";

const ROLE_WORDS = { found: "", both: "both", hit: "true positive", wrong: "false positive" };

/** The verdict on a person in words, for those who do not see colours. */
function verdict({ role, pane }) {
  return role === "only" ? `only ${pane.toUpperCase()}` : ROLE_WORDS[role];
}

function overlap(mask, other) {
  return mask && other ? maskIou(mask.window, mask.bits, other.window, other.bits) : null;
}

/**
 * @param {Object} scene see scene.js
 * @param {{photo: Object, compare: boolean, maskOf: (person: Object) => Object|null,
 *   areaOfMask: (person: Object) => number|null}} context compare: whether the masks of partners are compared; maskOf:
 *   a person's mask in pixels of the capped image; areaOfMask: its pixels in the original
 * @returns {Object[]} {person, partner, best, verdict, box, boxArea, maskArea, maskIou, difference}; best is the
 *   true person it overlaps most, difference the score in A minus that in B
 */
export function tableRows(scene, { photo, compare, maskOf, areaOfMask }) {
  const byId = Object.fromEntries(
    PANES.map((pane) => [pane, new Map(scene.people[pane].map((person) => [person.id, person]))]),
  );
  return PANES.flatMap((pane) =>
    scene.people[pane].map((person) => {
      const partner = byId[pane === "a" ? "b" : "a"].get(person.partner) ?? null;
      const [a, b] = pane === "a" ? [person, partner] : [partner, person];
      const box = originalBox(person.box, scales(photo));
      return {
        person,
        partner,
        box,
        best: bestPerson(person.box, scene.truth),
        verdict: verdict(person),
        boxArea: areaOf(box),
        maskArea: areaOfMask(person),
        maskIou: compare && partner ? overlap(maskOf(person), maskOf(partner)) : null,
        difference: partner ? a.score - b.score : null,
      };
    }),
  );
}

/** The same rows with partners next to each other, for reading pair by pair. */
export function pairedRows(rows) {
  const [first, second] = PANES.map((pane) => rows.filter(({ person }) => person.pane === pane));
  const partners = new Map(second.filter(({ partner }) => partner).map((row) => [row.partner.id, row]));
  const together = first.flatMap((row) => (partners.has(row.person.id) ? [row, partners.get(row.person.id)] : [row]));
  return [...together, ...second.filter(({ partner }) => !partner)];
}
