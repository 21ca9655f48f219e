/** Tabs, of which each has an address: a link to one opens it, and Back returns to the one before. */

import { make } from "./dom.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** @param {{id: string}[]} tabs */
function placeInAddress(tabs) {
  return Math.max(
    0,
    tabs.findIndex(({ id }) => `#${id}` === location.hash),
  );
}

/**
 * @param {string} label what the tabs are of
 * @param {{id: string, title: string, fill: (panel: HTMLElement) => void}[]} tabs at least one; `fill` is called
 *   when a tab is first opened
 * @returns {HTMLElement[]} the list of tabs, and a panel for each
 */
export function createTabs(label, tabs) {
  const filled = new Set();
  const links = tabs.map(({ id, title }) =>
    make("a", { role: "tab", id: `${id}-tab`, href: `#${id}`, "aria-controls": id, onclick: follow }, title),
  );
  const panels = tabs.map(({ id }) =>
    make("section", { role: "tabpanel", id, class: "pv-tabpanel", "aria-labelledby": `${id}-tab` }),
  );

  /** @param {number} place */
  function show(place) {
    links.forEach((link, index) => {
      link.setAttribute("aria-selected", String(index === place));
      link.tabIndex = index === place ? 0 : -1;
      panels[index].hidden = index !== place;
    });
    if (filled.has(place)) return;
    filled.add(place);
    tabs[place].fill(panels[place]);
  }

  /** @param {number} place of the tab to open; without moving the page, which following its link would do */
  function open(place) {
    history.pushState(history.state, "", links[place].href);
    show(place);
  }

  /** @type {(target: EventTarget|null) => number} */
  const placeOf = (target) => links.indexOf(/** @type {HTMLAnchorElement} */ (target));

  /** @param {MouseEvent} event */
  function follow(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new window
    event.preventDefault();
    open(placeOf(event.currentTarget));
  }

  const list = make(
    "div",
    {
      role: "tablist",
      class: "pv-tabs",
      "aria-label": label,
      onkeydown: (event) => {
        const step = STEPS[event.key];
        if (!step) return;
        event.preventDefault();
        const next = (placeOf(event.target) + step + links.length) % links.length;
        open(next);
        links[next].focus();
      },
    },
    ...links,
  );
  const showAsked = () => show(placeInAddress(tabs));
  addEventListener("popstate", showAsked);
  addEventListener("hashchange", showAsked);
  showAsked();
  return [list, ...panels];
}
