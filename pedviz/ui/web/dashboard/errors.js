/** Error analysis: which errors, how much AP they cost, and in which images. */

import { make } from "../base/dom.js";
import { errorChart } from "../charts/error_chart.js";
import { framed, header } from "../charts/result_tables.js";
import { runsOfVariants } from "./curves.js";
import { kindChoice } from "./fields.js";

const EXPLAINED =
  "Every false positive and every false negative has one cause at an IoU threshold of .50 (below .10 it is " +
  "background). A bar shows the AP gained if that error type alone were fixed; press a bar, or a number in the " +
  "table, to see the images in which it happens most.";

/**
 * A test image: opened on the Detect page with its ground truth where the data set is, else its name.
 * @param {string} name
 * @param {number} count
 * @param {{spec: string, score: number, shown: boolean|undefined}} context shown: whether the data set is here
 */
function imageItem(name, count, { spec, score, shown }) {
  if (!shown) return make("li", {}, `${name}: ${count}`);
  const address = `./?${new URLSearchParams({ sample: name, a: spec, score: String(score), show: "truth" })}`;
  const thumbnail = make("img", { src: `thumbnails/${name}.webp`, alt: "", loading: "lazy" });
  return make("li", {}, make("a", { href: address }, thumbnail, make("span", {}, name)), ` ${count}`);
}

/**
 * How often each variant makes each error; a number opens its images.
 * @param {ReturnType<typeof runsOfVariants>} runs
 * @param {import("../payloads.d.ts").ErrorCount[]} types
 * @param {(id: string, key: string) => void} open
 */
function countTable(runs, types, open) {
  const rows = runs.map(({ id, label, analysis: { errors } }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, label),
      ...types.map(({ key, label: type }) => {
        const attributes = { type: "button", class: "pv-button pv-small", onclick: () => open(id, key) };
        const text = make("span", { class: "pv-hidden" }, ` ${type} of ${label}`);
        return make("td", {}, make("button", attributes, String(errors.types[key].count), text));
      }),
    ),
  );
  const heads = types.map(({ label, meaning }) => header(label, meaning));
  return framed("Number of errors", [header("Errors of"), ...heads], rows);
}

/**
 * The tab.
 * @param {HTMLElement} host
 * @param {import("../payloads.d.ts").AnalysesData} data
 * @param {import("./page.js").DashboardPage} page
 */
export function mountErrors(host, data, page) {
  if (!Object.keys(data.variants).length) {
    host.append(make("p", {}, "There are no stored predictions to analyse."));
    return;
  }
  const { test_images: shown, thresholds } = page.payload;
  const hint = shown
    ? "Each opens on the Detect page with its ground truth."
    : "With Penn-Fudan installed (python -m pedviz data download) each opens on the Detect page.";
  const [chartHost, counts] = [make("div"), make("div")];
  const list = make("div", { class: "pvd-images", tabindex: "-1" });
  const meanings = make("dl", { class: "pvd-facts" });
  host.append(
    make("p", { class: "pvd-text" }, EXPLAINED),
    make("div", { class: "pvr-fields" }, kindChoice(page)),
    chartHost,
    counts,
    make("details", {}, make("summary", {}, "What the error types mean"), meanings),
    list,
  );
  /** @type {ReturnType<typeof runsOfVariants>} */
  let runs = [];
  function open(/** @type {string|undefined} */ id, /** @type {string} */ key) {
    const run = runs.find((one) => one.id === id);
    if (!run) return;
    const { label, analysis } = run;
    const { label: type, count, images } = analysis.errors.types[key];
    const names = Object.entries(images);
    const context = { spec: run.id, score: thresholds.floor, shown };
    list.replaceChildren(
      make("h3", {}, `${type}: ${count} of ${label}`),
      make("p", { class: "pv-muted" }, names.length ? hint : "None."),
      make("ul", {}, ...names.map(([name, many]) => imageItem(name, many, context))),
    );
    list.focus();
  }
  const drawErrors = errorChart(chartHost, (label, key) => open(runs.find((run) => run.label === label)?.id, key));
  let shownKind = "";
  page.onChange(({ kind }) => {
    if (kind === shownKind) return;
    shownKind = kind;
    runs = runsOfVariants(data, page, kind);
    const types = Object.values(runs[0].analysis.errors.types);
    drawErrors(runs);
    counts.replaceChildren(countTable(runs, types, open));
    meanings.replaceChildren(
      ...types.flatMap(({ label, meaning }) => [make("dt", {}, label), make("dd", {}, meaning)]),
    );
    list.replaceChildren();
  });
}
