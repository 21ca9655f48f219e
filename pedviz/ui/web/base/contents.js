/** What pages of several sections share: problems of their data, links to the sections, and the one asked for. */

import { make } from "./dom.js";

/**
 * The sentences about files that cannot be shown, or null where there are none.
 * @param {string} title
 * @param {string[]} problems
 */
export function problemNotice(title, problems) {
  if (!problems.length) return null;
  return make(
    "div",
    { class: "pv-notice", role: "alert" },
    make("strong", {}, title),
    make("ul", {}, ...problems.map((problem) => make("li", {}, problem))),
  );
}

/**
 * Links to sections, from pairs of an id and a title.
 * @param {string} className
 * @param {[string, string][]} sections
 */
export function contents(className, sections) {
  const links = sections.map(([id, title]) => make("li", {}, make("a", { href: `#${id}` }, title)));
  return make("nav", { class: className, "aria-label": "On this page" }, make("ul", {}, ...links));
}

/** Go to the section that the address names: it was not there yet when the page was opened. */
export function goToSection() {
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
