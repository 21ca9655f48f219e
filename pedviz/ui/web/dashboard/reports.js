/** The two course reports: every row, ablation, score and loss that they print, with what limits each. */

import { make } from "../base/dom.js";
import { framed, header } from "../charts/result_tables.js";
import { mountTables } from "./tables.js";

const LOSSES = /** @type {const} */ (["total", "classifier", "box", "mask", "objectness", "rpn_box"]);
/** @type {(name: string|(string|Node)[], cells: (string|number|null)[]) => HTMLElement} */
const row = (name, cells) =>
  make(
    "tr",
    {},
    make("th", { scope: "row" }, ...[name].flat()),
    ...cells.map((cell) => make("td", {}, cell === null ? "" : String(cell))),
  );
/** @type {(keys: string[], caveats: Record<string, string>) => HTMLElement[]} */
const notes = (keys, caveats) => keys.map((key) => make("small", {}, caveats[key]));
/** @type {(title: string, ...parts: Node[]) => HTMLElement} */
const titled = (title, ...parts) => make("section", { class: "pvd-report" }, make("h3", {}, title), ...parts);

/** @param {import("../payloads.d.ts").ReportCorrection[]} listed */
function corrections(listed) {
  const items = listed.map(({ report, says, but }) =>
    make("li", {}, make("strong", {}, `Course report ${report}: `), says, make("br"), but),
  );
  const open = make("details", {}, make("summary", {}, `${listed.length} claims that do not hold`));
  open.append(make("ul", { class: "pvd-list" }, ...items));
  return open;
}

/**
 * @param {import("../payloads.d.ts").ReportAblation[]} listed
 * @param {Record<string, string>} caveats
 */
function ablationTable(listed, caveats) {
  const rows = listed.flatMap(({ report, label, number, points, first, step, caveats: keys }) =>
    points.map(([setting, value], index) =>
      row(index ? `${label}: ${setting}` : [`${label}: ${setting}`, ...notes(keys, caveats)], [
        `Report ${report}`,
        number,
        value.toFixed(3),
        Math.round((value - first) / step),
      ]),
    ),
  );
  const heads = ["Setting", "Source", "Number", "Value", "Steps from its base"];
  return framed(
    "Reported ablations",
    heads.map((text) => header(text)),
    rows,
  );
}

/**
 * @param {import("../payloads.d.ts").ScoresTable} table
 * @param {Record<string, string>} caveats
 */
function scoreTable({ rows, caveats: keys }, caveats) {
  const people = rows[0].scores.map((_, person) => header(`Person ${person + 1}`));
  const lines = rows.map(({ setting, scores, caveats: own }) => row([setting, ...notes(own, caveats)], scores));
  return [...notes(keys, caveats), framed("Reported scores", [header("Setting"), ...people], lines)];
}

/**
 * @param {import("../payloads.d.ts").ReportLosses[]} losses
 * @param {Record<string, string>} caveats
 */
function lossTable(losses, caveats) {
  const heads = ["Reported loss", "Epoch", "Iteration", ...LOSSES.map((name) => name.replaceAll("_", " "))];
  const rows = losses.map((entry) =>
    row(
      [`Report ${entry.report}, ${entry.label}`, ...notes(entry.caveats, caveats)],
      [entry.epoch, entry.iteration, ...LOSSES.map((name) => entry[name])],
    ),
  );
  return framed(
    "Reported losses",
    heads.map((text) => header(text)),
    rows,
  );
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").ReportsData | null} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountReports(host, data, page) {
  const { tables } = page.payload.sections;
  if (!data || !tables) {
    host.append(make("p", {}, "The course reports' figures cannot be read."));
    return;
  }
  const results = make("div");
  host.append(
    make(
      "p",
      { class: "pvd-text" },
      "Course reports A and B are the two student reports whose detectors this site measures again. Each used its " +
        "own images, so no row compares with a measured one. Press ! for what limits a row.",
    ),
    results,
    corrections(data.corrections),
    make(
      "div",
      { class: "pvr-charts" },
      titled("Losses", lossTable(data.losses, data.caveats)),
      titled("Ablations of report B", ablationTable(data.ablations, data.caveats)),
      titled(
        `Scores of four people in image ${data.person_scores.image}, report ${data.person_scores.report}`,
        ...scoreTable(data.person_scores, data.caveats),
      ),
    ),
  );
  mountTables(results, tables, page, { what: "reported" });
}
