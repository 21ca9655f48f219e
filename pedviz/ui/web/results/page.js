/** "Your results": files go to the server, are compared there in a process of their own, and are forgotten on request. */

import { make, say } from "../base/dom.js";
import { showResults } from "../charts/results_view.js";
import { Comparison } from "./comparison.js";

const SLOTS = [
  ["truth", "Ground truth", "COCO instances JSON", true],
  ["a", "Results A", "COCO results JSON of one detector", true],
  ["b", "Results B (optional)", "of another detector on the same images", false],
];
const KEPT = "comparison";

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
        "Results: a list of {image_id, category_id, bbox or segmentation, score}; the same under predictions or annotations; one entry per image with boxes, scores and labels, as torchmetrics has them; Ultralytics' predictions.json; this site's own export.",
        "On your own machine, without a limit: pedviz compare truth.json a.json b.json --out report/",
      ].map((text) => make("li", {}, text)),
    ),
  );
}

/** The form; `submit` gets the files by slot and the category. */
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
      onsubmit: (event) => {
        event.preventDefault();
        const files = new Map(fields.flatMap(({ slot, field }) => (field.files[0] ? [[slot, field.files[0]]] : [])));
        submit(files, category.value.trim());
      },
    },
    make("div", { class: "pvr-fields" }, ...fields.map((one) => one.element)),
    make("div", { class: "pvr-fields" }, make("label", {}, "Only this category (optional)", category), send),
  );
  return { element, setBusy: (busy) => (send.disabled = busy) };
}

/** What shows how far a comparison is, with a button to stop it. */
function progressBar(cancel) {
  const bar = make("progress", { class: "pvr-progress", max: 1, "aria-label": "Progress" });
  const text = make("p", { role: "status" });
  const stop = make("button", { type: "button", class: "pv-button", onclick: cancel }, "Cancel");
  const element = make("div", { class: "pvr-more", hidden: true }, text, bar, stop);
  return {
    show({ stage, share }) {
      element.hidden = false;
      say(text, share === null ? `${stage} …` : `${stage}: ${Math.round(100 * share)} %`);
      if (share === null) bar.removeAttribute("value");
      else bar.value = share;
    },
    hide: () => (element.hidden = true),
    element,
  };
}

/** Fill the document. */
export async function mount(main) {
  let current = null;
  const problem = make("p", { class: "pv-notice", role: "alert", hidden: true });
  const results = make("div");
  const after = make("div", { class: "pvr-fields", hidden: true });
  const bar = progressBar(() => forget("Cancelled; the files are deleted."));
  const status = make("p", { class: "pv-muted", role: "status" });
  const entry = form(start);

  function settle(text = "") {
    entry.setBusy(false);
    bar.hide();
    say(status, text);
  }

  async function forget(text) {
    const gone = current;
    current = null;
    sessionStorage.removeItem(KEPT);
    results.replaceChildren();
    after.hidden = true;
    settle(text);
    await gone?.drop();
  }

  function fail(error) {
    settle();
    problem.hidden = false;
    say(problem, error.message);
  }

  async function follow(comparison) {
    const data = await comparison.wait((state) => current === comparison && bar.show(state));
    if (current !== comparison) return;
    settle();
    after.replaceChildren(
      make(
        "a",
        { class: "pv-button", href: comparison.address("report.html"), download: "report.html" },
        "Save as a report",
      ),
      make(
        "a",
        { class: "pv-button", href: comparison.address("report.json"), download: "report.json" },
        "Save as JSON",
      ),
      make(
        "button",
        { type: "button", class: "pv-button", onclick: () => forget("Deleted.") },
        "Delete my files and results",
      ),
    );
    after.hidden = false;
    showResults(results, data);
  }

  async function start(files, category) {
    await forget("");
    problem.hidden = true;
    entry.setBusy(true);
    const comparison = new Comparison();
    current = comparison;
    try {
      await comparison.send(files, { category, progress: (state) => current === comparison && bar.show(state) });
      sessionStorage.setItem(KEPT, comparison.token);
      await follow(comparison);
    } catch (error) {
      if (current === comparison) fail(error);
      comparison.drop();
    }
  }

  main.append(introduction(), entry.element, formats(), problem, bar.element, status, after, results);
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  current = new Comparison(kept);
  try {
    await follow(current);
  } catch {
    await forget("The comparison of before is no longer on the server.");
  }
}
