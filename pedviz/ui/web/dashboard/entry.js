/** The dashboard: one JSON of the server, and a module for every section. */

import { contents, goToSection, problemNotice } from "../base/contents.js";
import { make } from "../base/dom.js";
import { fetchJson } from "../base/json_cache.js";
import { createPage } from "./page.js";
import { SECTIONS } from "./sections.js";

/** Fill a section; one that cannot be filled says so, and the others stay. */
async function fillOrSay(host, fill) {
  try {
    await fill();
  } catch (error) {
    console.warn(error);
    host.replaceChildren(
      make("p", { class: "pv-notice" }, "This section cannot be shown with the results that are stored."),
    );
  }
}

function showSection({ id, title, mount: fill }, page) {
  const host = make("div", { class: "pvd-content" });
  const section = make(
    "section",
    { class: "pvd-section", id, "aria-labelledby": `${id}-title` },
    make("h2", { id: `${id}-title` }, title),
    host,
  );
  fillOrSay(host, () => fill(host, page.payload.sections[id] ?? {}, page));
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
  const notice = problemNotice("Some results cannot be shown:", payload.problems);
  main.querySelector(".pvd-wait")?.remove();
  main.append(
    ...(notice ? [notice] : []),
    make(
      "p",
      { class: "pvd-lead" },
      "Measured rows come from the 50 test images, which were never used for training. Reported rows come from two " +
        "course " +
        ("reports, A and B, each with its own images. Everything is computed from stored predictions; no detector " +
          "runs here."),
    ),
    contents(
      "pvd-contents",
      shown.map(({ id, title }) => [id, title]),
    ),
    ...shown.map((section) => showSection(section, page)),
  );
  goToSection();
}

/** Fill the document. */
export async function mount(main) {
  const payload = await fetchJson("dashboard.json");
  if (!payload) {
    const again = make("button", { type: "button", class: "pv-button", onclick: () => location.reload() }, "Try again");
    main
      .querySelector(".pvd-wait")
      .replaceWith(
        make(
          "p",
          { class: "pv-notice", role: "alert" },
          "The stored results could not be fetched from the server. ",
          again,
        ),
      );
    return;
  }
  showDashboard(main, payload);
}
