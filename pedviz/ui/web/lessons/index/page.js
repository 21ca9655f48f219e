/** The list of lessons: each card shows its lesson in miniature, which follows the pointer across the card. */

import { DRAWINGS, HEIGHT, WIDTH } from "./miniatures.js";

const AT_REST = 0.45; // of the way from left to right

/** One miniature; `part` runs from 0 to 1 as the pointer crosses the card. @param {HTMLElement} card */
function addMiniature(card) {
  const picture = card.querySelector(".pvl-miniature");
  const drawing = DRAWINGS[card.dataset.lesson ?? ""];
  if (!picture || !drawing) return;
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  const draw = (/** @type {number} */ part) => picture.replaceChildren(...drawing(part));
  card.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = card.getBoundingClientRect();
    draw(Math.min(1, Math.max(0, (clientX - left) / width)));
  });
  card.addEventListener("pointerleave", () => draw(AT_REST));
  draw(AT_REST);
}

/**
 * @param {HTMLElement} main which holds the cards already
 */
export function mount(main) {
  /** @type {NodeListOf<HTMLElement>} */
  const cards = main.querySelectorAll(".pvl-card");
  for (const card of cards) addMiniature(card);
}
