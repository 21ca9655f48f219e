/** Two variants: how far apart they are, and whether 50 images can tell. */

import { make, say } from "../base/dom.js";
import { select } from "./fields.js";
import { KINDS } from "./page.js";

const SPAN = 0.3; // of the scale, either side of no difference, in AP
const points = (value) => `${value > 0 ? "+" : ""}${(100 * value).toFixed(1)}`;

/** The interval as a bar on a scale with "no difference" in its middle. */
function scale(found) {
  const at = (value) => `${50 + (50 * Math.max(-SPAN, Math.min(SPAN, value))) / SPAN}%`;
  const bar = make(
    "div",
    {
      class: "pvd-scale",
      role: "img",
      "aria-label": `Difference ${points(found.value)} AP, 95 % interval ${points(found.low)} to ${points(found.high)}`,
    },
    make("i", { class: "pvd-zero" }),
    make("i", { class: "pvd-range" }),
    make("i", { class: "pvd-value" }),
  );
  const [, range, value] = bar.children;
  range.style.left = at(found.low);
  range.style.right = `calc(100% - ${at(found.high)})`;
  value.style.left = at(found.value);
  return bar;
}

function answer(kind, found) {
  const body = [make("h3", {}, KINDS[kind]), make("p", { class: "pvd-verdict" }, found.sentence)];
  if ("value" in found) {
    body.push(
      scale(found),
      make(
        "p",
        { class: "pv-muted" },
        `B minus A: ${points(found.value)} AP, 95 % interval ${points(found.low)} to ${points(found.high)}, over ` +
          `${found.pictures} images with ${found.people} people.`,
      ),
    );
  }
  return make("article", { class: "pvd-card" }, ...body);
}

async function ask(a, b) {
  const reply = await fetch(new URL(`dashboard-pair/${a}/${b}.json`, document.baseURI));
  const found = await reply.json();
  if (!reply.ok) throw new Error(found.problem);
  return found;
}

/** The section. */
export function mountPair(host, _, page) {
  if (!page.measured.length) {
    host.append(
      make("p", {}, "No variant has stored results yet. Measure one: python -m training.evaluate with its id."),
    );
    return;
  }
  const options = page.measured.map(({ id, label }) => [id, label]);
  const fields = { a: select("A", options, (a) => page.set({ a })), b: select("B", options, (b) => page.set({ b })) };
  const results = make("div", { class: "pvd-cards" });
  const status = make("p", { class: "pv-muted", role: "status" });
  host.append(
    make(
      "p",
      { class: "pvd-text" },
      "Both are evaluated on the same images, with 1,000 paired bootstrap resamples of those images. If the middle " +
        "95 % " +
        ("of the resampled differences all have the same sign, the difference is larger than the choice of test " +
          "images ") +
        "explains.",
    ),
    make("div", { class: "pvd-fields" }, fields.a.element, fields.b.element),
    results,
    status,
  );
  let shown = "";
  page.onChange(async ({ a, b }) => {
    const wanted = `${a} ${b}`;
    fields.a.set(a);
    fields.b.set(b);
    if (shown === wanted) return;
    shown = wanted;
    say(status, "Comparing …");
    try {
      const found = await ask(a, b);
      if (shown !== wanted) return; // a newer choice was made
      results.replaceChildren(...Object.entries(found).map(([kind, part]) => answer(kind, part)));
      say(status, "");
    } catch (error) {
      if (shown !== wanted) return;
      shown = "";
      results.replaceChildren();
      say(status, `The two could not be compared: ${error.message}`);
    }
  });
}
