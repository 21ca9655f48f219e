/** The dashboard: one JSON of the server, and a module for every section. */

import { make } from "../dom.js";
import { createPage } from "./page.js";
import { SECTIONS } from "./sections.js";

function problems(listed) {
  if (!listed.length) return [];
  return [make("div", { class: "pv-notice", role: "alert" }, make("strong", {}, "Some results cannot be shown:"),
    make("ul", {}, ...listed.map((problem) => make("li", {}, problem))))];
}

function showSection({ id, title, mount: fill }, page) {
  const host = make("div", { class: "pvd-content" });
  const section = make("section", { class: "pvd-section", id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title` }, title), host);
  try {
    fill(host, page.payload.sections[id] ?? {}, page);
  } catch (error) {
    console.warn(error);
    host.replaceChildren(make("p", { class: "pv-notice" }, "This section cannot be shown with the results that are stored."));
  }
  return section;
}

/**
 * Fill the page.
 * @param {HTMLElement} main
 * @param {Object} payload dashboard_payload() of pedviz/dashboard/payload.py
 */
export function showDashboard(main, payload) {
  const page = createPage(payload);
  const shown = SECTIONS.filter(({ id, always }) => always || payload.sections[id]);
  const links = shown.map(({ id, title }) => make("li", {}, make("a", { href: `#${id}` }, title)));
  main.querySelector(".pvd-wait")?.remove();
  main.append(...problems(payload.problems),
    make("p", { class: "pvd-lead" }, "Measured rows come from the 50 test pictures that no training saw; reported rows from two earlier reports, each on pictures of its own. Nothing is computed by a detector here: all of it comes from stored answers."),
    make("nav", { class: "pvd-contents", "aria-label": "On this page" }, make("ul", {}, ...links)),
    ...shown.map((section) => showSection(section, page)));
  document.getElementById(location.hash.slice(1))?.scrollIntoView(); // it was not there when the page was opened
}

/** Called by the page's component. */
export async function mount(address, { element }) {
  const main = element.querySelector("main");
  const answer = await fetch(new URL(address, document.baseURI)).catch(() => null);
  if (!answer?.ok) {
    const again = make("button", { type: "button", class: "pv-button", onclick: () => location.reload() }, "Try again");
    main.querySelector(".pvd-wait").replaceWith(
      make("p", { class: "pv-notice", role: "alert" }, "The stored results could not be fetched from the server. ", again));
    return;
  }
  showDashboard(main, await answer.json());
}
