/** Error analysis: which errors, how much AP they cost, and in which images. */

import { make } from "../base/dom.js";
import { stepsTo } from "../charts/axes.js";
import { createChart } from "../charts/chart.js";
import { kindChoice } from "./fields.js";
import { KINDS } from "./page.js";

/** A test image: opened on the Detect page with its ground truth where the data set is, else its name. */
function pictureItem(name, count, { spec, score, shown }) {
  if (!shown) return make("li", {}, `${name}: ${count}`);
  const address = `./?${new URLSearchParams({ sample: name, a: spec, score, show: "truth" })}`;
  const thumbnail = make("img", { src: `thumbnails/${name}.jpg`, alt: "", loading: "lazy" });
  return make("li", {}, make("a", { href: address }, thumbnail, make("span", {}, name)), ` ${count}`);
}

/** The section. */
export function mountErrors(host, data, page) {
  const specs = Object.keys(data.variants);
  if (!specs.length) {
    host.append(make("p", {}, "There are no stored predictions to analyse."));
    return;
  }
  const explained = make(
    "dl",
    { class: "pvd-facts" },
    ...data.types.flatMap(({ label, meaning }) => [make("dt", {}, label), make("dd", {}, meaning)]),
  );
  const { test_pictures: shown, thresholds } = page.payload;
  const hint = shown
    ? "Each opens on the Detect page with its ground truth."
    : "With Penn-Fudan installed (python -m pedviz data download) each opens on the Detect page.";
  const grid = make("div", { class: "pvd-charts" });
  const list = make("div", { class: "pvd-pictures", tabindex: "-1" });
  host.append(
    make(
      "p",
      { class: "pvd-text" },
      `Every false positive and every false negative has one cause at an IoU threshold of ${data.foreground_iou} ` +
        "(below " +
        (`${data.background_iou} it is background). A bar shows the AP gained if that error type alone were fixed; ` +
          "press ") +
        "it to see the images.",
    ),
    explained,
    make("div", { class: "pvd-fields" }, kindChoice(page, KINDS)),
    grid,
    list,
  );

  function showPictures(spec, type, { count, pictures }) {
    const names = Object.entries(pictures);
    list.replaceChildren(
      make("h3", {}, `${type.label}: ${count} of ${page.variant(spec).label}`),
      make("p", { class: "pv-muted" }, names.length ? hint : "None."),
      make("ul", {}, ...names.map(([name, many]) => pictureItem(name, many, { spec, score: thresholds.floor, shown }))),
    );
    list.focus();
  }

  let shownKind = "";
  page.onChange(({ kind }) => {
    if (kind === shownKind) return;
    shownKind = kind;
    grid.replaceChildren();
    list.replaceChildren();
    const listed = specs.filter((spec) => data.variants[spec][kind]);
    const most = Math.max(
      ...listed.flatMap((spec) => data.types.map(({ key }) => data.variants[spec][kind].errors[key].gain)),
      0.01,
    );
    const ticks = stepsTo(most, 4);
    for (const spec of listed) {
      const { ap, errors } = data.variants[spec][kind];
      const chart = createChart(grid, {
        title: `${page.variant(spec).label}: AP50 ${ap.toFixed(3)}`,
        height: 230,
        x: {
          label: "Error type",
          low: 0,
          high: data.types.length,
          ticks: data.types.map((_, index) => index + 0.5),
          format: (at) => data.types[Math.floor(at)].label,
        },
        y: { label: "AP gained if fixed", low: 0, high: ticks.at(-1), ticks, format: (value) => value.toFixed(3) },
      });
      chart.draw([
        {
          ...page.variant(spec),
          kind: "bars",
          points: data.types.map((type, index) => ({
            x: index + 0.5,
            y: errors[type.key].gain,
            span: 0.7,
            name: type.label,
            tip:
              `${type.label}, ${errors[type.key].count} errors: fixing them gains ` +
              `${errors[type.key].gain.toFixed(3)} AP. Press to see the images.`,
            open: () => showPictures(spec, type, errors[type.key]),
          })),
        },
      ]);
      const buttons = data.types.map((type) =>
        make(
          "button",
          { type: "button", class: "pv-button pv-small", onclick: () => showPictures(spec, type, errors[type.key]) },
          `${type.label} ${errors[type.key].count}`,
        ),
      );
      chart.element.append(make("div", { class: "pvd-buttons" }, ...buttons));
    }
  });
}
