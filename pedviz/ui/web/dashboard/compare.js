/** Two variants: how far apart they are, and whether the test images can tell. */

import { make, say } from "../base/dom.js";
import { numbersTable } from "../charts/result_tables.js";
import { runsOf, verdictCards } from "../charts/results_view.js";
import { kindChoice, select } from "./fields.js";

/**
 * @param {string} a id of a variant
 * @param {string} b id of another
 * @returns {Promise<import("../payloads.d.ts").ComparisonPayload>}
 */
async function ask(a, b) {
  const reply = await fetch(new URL(`dashboard-pair/${a}/${b}.json`, document.baseURI));
  const found = await reply.json();
  if (!reply.ok) throw new Error(found.problem);
  return found;
}

const EXPLAINED =
  "Both are evaluated on the same images, with 1,000 paired bootstrap resamples of those images. If the middle 95 % " +
  "of the resampled differences all have the same sign, the difference is larger than the choice of test images " +
  "explains.";

/** Links to the tabs that show more. A copy of the site as files has no page that compares the images too. */
const inOtherTabs = () => [
  "More of both: ",
  make("a", { href: "#curves" }, "curves"),
  " and ",
  make("a", { href: "#errors" }, "error analysis"),
];

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("./page.js").DashboardPage} page
 */
export function mountCompare(host, page) {
  if (!page.measured.length) {
    const text = "No variant has stored results yet. Measure one: python -m training.evaluate with its id.";
    host.append(make("p", {}, text));
    return;
  }
  /** @type {[string, string][]} */
  const options = page.measured.map(({ id, label }) => [id, label]);
  const fields = { a: select("A", options, (a) => page.set({ a })), b: select("B", options, (b) => page.set({ b })) };
  const cards = make("div");
  const table = make("div");
  const images = make("a", {}, "Curves, errors and the images in which these two disagree");
  const status = make("p", { class: "pv-muted", role: "status" });
  const isCopy = "copy" in document.documentElement.dataset;
  host.append(
    make("p", { class: "pvd-text" }, EXPLAINED),
    make("div", { class: "pvr-fields" }, fields.a.element, fields.b.element, kindChoice(page)),
    cards,
    table,
    make("p", {}, ...(isCopy ? inOtherTabs() : [images])),
    status,
  );
  let wanted = "";
  /** @type {import("../payloads.d.ts").ComparisonPayload | null} */
  let found = null;
  const show = (/** @type {import("../payloads.d.ts").ComparisonPayload} */ data) => {
    const { kind } = page.state();
    const shown = data.by_kind[kind] ? kind : "bbox";
    cards.replaceChildren(verdictCards(data));
    table.replaceChildren(numbersTable(runsOf(data, shown), data.by_kind[shown].difference));
    say(status, data.runs.flatMap(({ notices }) => notices).join(" "));
  };
  page.onChange(async ({ a, b }) => {
    const pair = `${a} ${b}`;
    fields.a.set(a);
    fields.b.set(b);
    images.href = `your-results.html?${new URLSearchParams({ a, b })}`;
    if (wanted === pair) {
      if (found) show(found);
      return;
    }
    [wanted, found] = [pair, null];
    say(status, "Comparing …");
    try {
      const answer = await ask(a, b);
      if (wanted !== pair) return; // a newer choice was made
      found = answer;
      show(answer);
    } catch (error) {
      if (wanted !== pair) return;
      wanted = "";
      for (const part of [cards, table]) part.replaceChildren();
      say(status, `The two could not be compared: ${/** @type {Error} */ (error).message}`);
    }
  });
}
