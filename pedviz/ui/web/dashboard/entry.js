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

/**
 * What a part of the page is filled from.
 * @template Data
 * @param {Data | undefined} data
 * @returns {Data}
 * @throws where Python could not build it
 */
function built(data) {
  if (data === undefined) throw new Error("this section could not be built");
  return data;
}

/**
 * @typedef {import("../payloads.d.ts").DashboardSections} Sections
 * @type {{id: string, title: string,
 *   fill: (host: HTMLElement, sections: Sections, page: import("./page.js").DashboardPage) => void}[]}
 */
const TABS = [
  { id: "compare", title: "Compare", fill: (host, _, page) => mountCompare(host, page) },
  { id: "curves", title: "Curves", fill: (host, { analyses }, page) => mountCurves(host, built(analyses), page) },
  { id: "errors", title: "Errors", fill: (host, { analyses }, page) => mountErrors(host, built(analyses), page) },
  { id: "cost", title: "Cost", fill: (host, { cost }, page) => mountCost(host, built(cost), page) },
  {
    id: "ablations",
    title: "Ablations",
    fill: (host, { ablations }, page) => mountAblations(host, built(ablations), page),
  },
  { id: "training", title: "Training", fill: (host, { training }, page) => mountTraining(host, built(training), page) },
  {
    id: "reports",
    title: "Course reports",
    fill: (host, { reports }, page) => mountReports(host, built(reports), page),
  },
];

/**
 * Fill a part of the page; one that cannot be filled says so, and the others stay.
 * @param {HTMLElement} host
 * @param {() => void} fill
 */
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
 * @param {import("../payloads.d.ts").DashboardPayload} payload
 */
export function showDashboard(main, payload) {
  const page = createPage(payload);
  const notice = problemNotice("Some results cannot be shown:", payload.problems);
  const overview = make("div", { class: "pvd-overview" });
  const tabs = TABS.map(({ id, title, fill }) => ({
    id,
    title,
    fill: (/** @type {HTMLElement} */ panel) => fillOrSay(panel, () => fill(panel, payload.sections, page)),
  }));
  main.querySelector(".pvd-wait")?.remove();
  main.append(...(notice ? [notice] : []), overview);
  fillOrSay(overview, () => mountOverview(overview, payload.sections, page));
  main.append(...createTabs("Results in detail", tabs));
  if (location.hash) document.querySelector(".pv-tabs")?.scrollIntoView();
}

/**
 * Fill the document.
 * @param {HTMLElement} main
 */
export async function mount(main) {
  const payload = await fetchJson("dashboard.json");
  if (payload) {
    showDashboard(main, payload);
    return;
  }
  const again = make("button", { type: "button", class: "pv-button", onclick: () => location.reload() }, "Try again");
  const text = "The stored results could not be fetched from the server. ";
  main.querySelector(".pvd-wait")?.replaceWith(make("p", { class: "pv-notice", role: "alert" }, text, again));
}
