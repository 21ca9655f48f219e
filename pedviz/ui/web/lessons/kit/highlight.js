/** Pointing at a symbol shows the thing that it names, and the other way round: both carry the same `data-of`. */

/**
 * @param {HTMLElement} root within which things are named by `data-of`
 */
export function createHighlight(root) {
  /** @typedef {{of: string, inPicture: boolean}|null} Source */
  /** @type {Source} */
  let pointed = null; // by the pointer
  /** @type {Source} */
  let focused = null; // by the keyboard
  /** @type {string[]} */
  let spot = []; // by the lesson, while nobody points
  let isLit = false; // something is

  function refresh() {
    const source = pointed ?? focused;
    const lit = source ? [source.of] : spot;
    if (!lit.length && !isLit) return;
    isLit = lit.length > 0;
    root.classList.toggle("pvl-dims", isLit && !source?.inPicture); // a figure pointed at stays calm
    /** @type {NodeListOf<HTMLElement>} */
    const named = root.querySelectorAll("[data-of]");
    for (const element of named) {
      element.classList.toggle("pvl-lit", lit.includes(element.dataset.of ?? ""));
    }
  }

  /** @type {(event: Event) => Source} */
  function sourceOf(event) {
    const target = /** @type {Element} */ (event.target);
    const element = /** @type {HTMLElement|null|undefined} */ (target.closest?.("[data-of]"));
    return element ? { of: element.dataset.of ?? "", inPicture: element.closest(".pvl-stage") !== null } : null;
  }

  root.addEventListener("pointerover", (event) => {
    if (event.buttons) return; // while something is dragged
    pointed = sourceOf(event);
    refresh();
  });
  root.addEventListener("pointerleave", () => {
    pointed = null;
    refresh();
  });
  root.addEventListener("focusin", (event) => {
    focused = sourceOf(event);
    refresh();
  });
  root.addEventListener("focusout", () => {
    focused = null;
    refresh();
  });

  return {
    /** Do this after the figure was drawn anew. */
    refresh,
    /** Light up some things while nobody points at anything. @param {string[]} keys */
    setSpot(keys) {
      spot = keys;
    },
  };
}
