/** The dashboard: one JSON of the server; what to use and why, always in view; below it a tab for each question. */

import { problemNotice } from "../base/contents.js";
import { make } from "../base/dom.js";
import { fetchJson } from "../base/json_cache.js";
import { createTabs } from "../base/tabs.js";
import { mountAblations } from "./ablations.js";
import { mountCompare } from "./compare.js";
import { mountCost } from "./cost.js";
import { mountCurves } from "./curves.js";
import { mountErrors } from "./errors.js";
import { mountOverview } from "./overview.js";
import { createPage } from "./page.js";
import { mountReports } from "./reports.js";
import { mountTraining } from "./training.js";

/** A tab; its data is what pedviz/dashboard/payload.py builds under `section`. */
const TABS = [
  { id: "compare", title: "Compare", section: "analyses", mount: mountCompare },
  { id: "curves", title: "Curves", section: "analyses", mount: mountCurves },
  { id: "errors", title: "Errors", section: "analyses", mount: mountErrors },
  { id: "cost", title: "Cost", section: "cost", mount: mountCost },
  { id: "ablations", title: "Ablations", section: "ablations", mount: mountAblations },
  { id: "training", title: "Training", section: "training", mount: mountTraining },
  { id: "reports", title: "Course reports", section: "reports", mount: mountReports },
];

/** Fill a part of the page; one that cannot be filled says so, and the others stay. */
function fillOrSay(host, fill) {
  try {
    fill();
  } catch (error) {
    console.warn(error);
    host.replaceChildren(make("p", { class: "pv-notice" }, "This cannot be shown with the results that are stored."));
  }
}

/**
 * Fill the page.
 * @param {HTMLElement} main
 * @param {Object} payload dashboard_payload() of pedviz/dashboard/payload.py
 */
export function showDashboard(main, payload) {
  const page = createPage(payload);
  const notice = problemNotice("Some results cannot be shown:", payload.problems);
  const overview = make("div", { class: "pvd-overview" });
  const tabs = TABS.map(({ id, title, section, mount: fill }) => ({
    id,
    title,
    fill: (panel) => fillOrSay(panel, () => fill(panel, payload.sections[section] ?? {}, page)),
  }));
  main.querySelector(".pvd-wait")?.remove();
  main.append(...(notice ? [notice] : []), overview);
  fillOrSay(overview, () => mountOverview(overview, payload.sections, page));
  main.append(...createTabs("Results in detail", tabs));
  if (location.hash) document.querySelector(".pv-tabs")?.scrollIntoView();
}

/** Fill the document. */
export async function mount(main) {
  const payload = await fetchJson("dashboard.json");
  if (payload) {
    showDashboard(main, payload);
    return;
  }
  const again = make("button", { type: "button", class: "pv-button", onclick: () => location.reload() }, "Try again");
  const text = "The stored results could not be fetched from the server. ";
  main.querySelector(".pvd-wait").replaceWith(make("p", { class: "pv-notice", role: "alert" }, text, again));
}
