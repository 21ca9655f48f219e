/** The about page: model cards, prose, licences and references, from one JSON of the server. */

import { contents, goToSection, problemNotice } from "../base/contents.js";
import { make } from "../base/dom.js";
import { fetchJson } from "../base/json_cache.js";
import { proseElements } from "../base/prose.js";
import { modelCard } from "./card.js";
import { copyable } from "./copyable.js";

const SHORT = new Set(["data", "limits", "reproduce", "privacy"]); // side by side where there is room

/**
 * @param {string} id
 * @param {string} title
 * @param {...Node} children
 */
function section(id, title, ...children) {
  return make(
    "section",
    { class: SHORT.has(id) ? "pva-section" : "pva-section pva-wide", id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title` }, title),
    ...children,
  );
}

/** @param {import("../payloads.d.ts").Card[]} listed */
function cards(listed) {
  const empty = make("p", {}, "No weights are installed, so there are no model cards.");
  return section("cards", "Model cards", ...(listed.length ? listed.map(modelCard) : [empty]));
}

/** @param {import("../payloads.d.ts").Licences} texts */
function licences({ code, weights }) {
  const [, ...rest] = weights.split("\n"); // its own title
  return make(
    "div",
    { class: "pva-licences" },
    make("article", { class: "pva-card" }, make("h3", {}, "Code"), ...proseElements(code)),
    make("article", { class: "pva-card" }, make("h3", {}, "Weights"), ...proseElements(rest.join("\n"))),
  );
}

/** @param {import("../payloads.d.ts").Work} work */
function reference({ authors, title, venue, year, address, used_for: used, bibtex }) {
  return make(
    "li",
    {},
    make(
      "p",
      {},
      `${authors.join(", ")}: `,
      address ? make("a", { href: address, rel: "noreferrer" }, title) : make("cite", {}, title),
      `. ${venue}, ${year}.`,
    ),
    make("p", { class: "pv-muted" }, used),
    make("details", {}, make("summary", {}, "BibTeX"), copyable(bibtex, `BibTeX of ${title}`)),
  );
}

/** @param {import("../payloads.d.ts").Work[]} listed */
function references(listed) {
  const all = listed.map(({ bibtex }) => bibtex).join("\n\n");
  return [
    make("ol", { class: "pva-references" }, ...listed.map(reference)),
    make("details", {}, make("summary", {}, "All of them as BibTeX"), copyable(all, "BibTeX of all works")),
  ];
}

/**
 * Fill the page.
 * @param {HTMLElement} main
 * @param {import("../payloads.d.ts").AboutPayload} data
 */
export function showAbout(main, data) {
  /** @type {Record<string, () => Node[]>} by the key of a section */
  const extra = { licences: () => [licences(data.licences)], references: () => references(data.references) };
  const prose = Object.entries(data.sections).map(([key, { title, text }]) =>
    section(key, title, ...proseElements(text), ...(extra[key]?.() ?? [])),
  );
  const [first, ...others] = prose;
  const parts = [first, cards(data.cards), ...others].filter(Boolean);
  /** @type {[string, string][]} */
  const links = parts.map((part) => [part.id, part.querySelector("h2")?.textContent ?? ""]);
  const notice = problemNotice("Some of this page cannot be shown:", data.problems);
  main.append(...(notice ? [notice] : []), contents("pva-contents", links), ...parts);
  goToSection();
}

/**
 * Fill the document.
 * @param {HTMLElement} main
 */
export async function mount(main) {
  const content = await fetchJson("about.json");
  if (!content) throw new Error("about.json could not be fetched");
  showAbout(main, content);
}
