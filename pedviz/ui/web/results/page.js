/** "Your results": files go to the server, are compared there in a process of their own, and deleted on request. */

import { addressWith } from "../base/address.js";
import { make, say } from "../base/dom.js";
import { fetchJson } from "../base/json_cache.js";
import { showResults } from "../charts/results_view.js";
import { Comparison } from "./comparison.js";

/**
 * @typedef {import("../payloads.d.ts").ComparisonPayload} ComparisonPayload
 * @typedef {import("./comparison.js").Slot} Slot
 * @typedef {import("./comparison.js").State} State
 * @typedef {{id: string, label: string}} Example one of our own variants
 */

/** Name, label, hint and whether a file is needed. @type {[Slot, string, string, boolean][]} */
const SLOTS = [
  ["truth", "Ground truth", "COCO instances JSON", true],
  ["a", "Results A", "COCO results JSON of one detector", true],
  ["b", "Results B (optional)", "of another detector on the same images", false],
];
const KEPT = "comparison";

/** @param {typeof SLOTS[number]} slot */
function fileField([slot, label, hint, required]) {
  const field = make("input", { type: "file", accept: ".json,.zip,application/json", name: slot, required });
  return { slot, field, element: make("label", {}, `${label}: ${hint}`, field) };
}

function introduction() {
  return make(
    "p",
    {},
    "Compare the results of two detectors on your own data set: COCO's twelve numbers with intervals, whether the " +
      "difference is more than chance, curves, calibration, error types, and the images in which the two disagree. " +
      "The files (up to 200 MB each) are compared on the server for you alone and removed when you delete them, or " +
      "after 15 minutes. Images are never uploaded.",
  );
}

function formats() {
  return make(
    "details",
    {},
    make("summary", {}, "Which files are understood"),
    make(
      "ul",
      {},
      ...[
        "Ground truth: COCO instances JSON with images, annotations and categories; masks as polygons or run lengths.",
        "Results: a list of {image_id, category_id, bbox or segmentation, score}; the same under predictions or " +
          "annotations; one entry per image with boxes, scores and labels, as torchmetrics has them; Ultralytics' " +
          "predictions.json; this site's own export.",
        "On your own machine, without a limit: pedviz compare truth.json a.json b.json --out report/",
      ].map((text) => make("li", {}, text)),
    ),
  );
}

/**
 * The form.
 * @param {(files: Map<Slot, File>, category: string) => void} submit
 */
function form(submit) {
  const fields = SLOTS.map(fileField);
  const category = make("input", {
    type: "text",
    name: "category",
    placeholder: "all categories",
    autocomplete: "off",
  });
  const send = make("button", { type: "submit", class: "pv-button pv-primary" }, "Compare");
  const element = make(
    "form",
    {
      class: "pvr",
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        /** @type {Map<Slot, File>} */
        const files = new Map();
        for (const { slot, field } of fields) if (field.files?.[0]) files.set(slot, field.files[0]);
        submit(files, category.value.trim());
      },
    },
    make("div", { class: "pvr-fields" }, ...fields.map((one) => one.element)),
    make("div", { class: "pvr-fields" }, make("label", {}, "Only this category (optional)", category), send),
  );
  return { element, setBusy: (/** @type {boolean} */ busy) => (send.disabled = busy) };
}

/**
 * The button that shows two of our own detectors in the same way.
 * @param {Example[]} examples two
 * @param {(a: string, b: string) => void} show
 */
function exampleButton([a, b], show) {
  const text = `Show an example: ${a.label} and ${b.label}`;
  const press = () => show(a.id, b.id);
  return make("p", {}, make("button", { type: "button", class: "pv-button", onclick: press }, text));
}

/**
 * What shows how far a comparison is, with a button to stop it.
 * @param {() => void} cancel
 */
function progressBar(cancel) {
  const bar = make("progress", { class: "pvr-progress", max: 1, "aria-label": "Progress" });
  const text = make("p", { role: "status" });
  const stop = make("button", { type: "button", class: "pv-button", onclick: cancel }, "Cancel");
  const element = make("div", { class: "pvr-more", hidden: true }, text, bar, stop);
  return {
    show(/** @type {State} */ { stage, share }) {
      element.hidden = false;
      say(text, share === null ? `${stage} …` : `${stage}: ${Math.round(100 * share)} %`);
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
    },
    hide: () => (element.hidden = true),
    element,
  };
}

/**
 * The buttons under which a result can be taken along or deleted.
 * @param {Comparison} comparison
 * @param {() => void} remove
 */
function actions(comparison, remove) {
  const link = (/** @type {string} */ file, /** @type {string} */ text) =>
    make("a", { class: "pv-button", href: comparison.address(file), download: file }, text);
  return [
    link("report.html", "Save as a report"),
    link("report.json", "Save as JSON"),
    make("button", { type: "button", class: "pv-button", onclick: remove }, "Delete my files and results"),
  ];
}

class ResultsPage {
  /** @type {Comparison|null} */
  current = null;

  /**
   * @param {HTMLElement} main
   * @param {Example[]} example
   */
  constructor(main, example) {
    this.problem = make("p", { class: "pv-notice", role: "alert", hidden: true });
    this.results = make("div");
    this.after = make("div", { class: "pvr-fields", hidden: true });
    this.bar = progressBar(() => this.forget("Cancelled; the files are deleted."));
    this.status = make("p", { class: "pv-muted", role: "status" });
    this.entry = form((files, category) => this.start(files, category));
    const parts = [this.problem, this.bar.element, this.status, this.after, this.results];
    const shown = example.length === 2 ? [exampleButton(example, (a, b) => this.showPair(a, b))] : [];
    main.append(introduction(), this.entry.element, ...shown, formats(), ...parts);
  }

  /** Nothing is running any more. */
  settle(text = "") {
    this.entry.setBusy(false);
    this.bar.hide();
    say(this.status, text);
  }

  /** @param {string} text what is said of it */
  async forget(text) {
    const gone = this.current;
    this.current = null;
    sessionStorage.removeItem(KEPT);
    this.results.replaceChildren();
    this.after.hidden = true;
    this.settle(text);
    await gone?.drop();
  }

  /** What shows the progress of a comparison for as long as it is the current one. */
  progressOf(/** @type {Comparison} */ comparison) {
    return (/** @type {State} */ state) => {
      if (this.current === comparison) this.bar.show(state);
    };
  }

  /**
   * Show a comparison as soon as it has ended.
   * @param {Comparison} comparison
   */
  async follow(comparison) {
    const data = await comparison.wait(this.progressOf(comparison));
    if (this.current !== comparison) return;
    this.settle();
    this.after.replaceChildren(...actions(comparison, () => this.forget("Deleted.")));
    this.after.hidden = false;
    showResults(this.results, data);
  }

  /**
   * Show two of our own variants, compared from their stored predictions.
   * @param {string} a id
   * @param {string} b id
   */
  async showPair(a, b) {
    await this.forget("Reading the stored predictions …");
    this.problem.hidden = true;
    /** @type {ComparisonPayload|null} */
    const data = await fetchJson(`dashboard-pair/${a}/${b}.json`);
    const text = "Two detectors of this site on the 50 test images, from their stored predictions.";
    this.settle(data ? text : "The stored predictions of these two could not be fetched.");
    if (!data) return;
    history.replaceState(history.state, "", addressWith(location.href, { a, b }, {}));
    showResults(this.results, data);
  }

  /**
   * @param {Map<Slot, File>} files
   * @param {string} category
   */
  async start(files, category) {
    await this.forget("");
    this.problem.hidden = true;
    this.entry.setBusy(true);
    const comparison = new Comparison();
    this.current = comparison;
    try {
      await comparison.send(files, { category, progress: this.progressOf(comparison) });
      sessionStorage.setItem(KEPT, comparison.token ?? "");
      await this.follow(comparison);
    } catch (error) {
      comparison.drop();
      if (this.current !== comparison) return;
      this.settle();
      this.problem.hidden = false;
      say(this.problem, /** @type {Error} */ (error).message);
    }
  }

  /**
   * Show what was compared before the page was loaded again.
   * @param {string} token
   */
  async resume(token) {
    this.current = new Comparison(token);
    try {
      await this.follow(this.current);
    } catch {
      await this.forget("The comparison of before is no longer on the server.");
    }
  }
}

/**
 * Fill the document.
 * @param {HTMLElement} main
 * @param {{example: Example[]}} data two; none where nothing is stored
 */
export async function mount(main, { example }) {
  const page = new ResultsPage(main, example);
  const kept = sessionStorage.getItem(KEPT);
  const [a, b] = ["a", "b"].map((name) => new URLSearchParams(location.search).get(name));
  if (kept) await page.resume(kept);
  else if (a !== null && b !== null) await page.showPair(a, b);
}
