/** The download buttons of the comparison. */

import { make } from "../base/dom.js";
import { save } from "../base/files.js";
import { csvOf, fileStem, resultName, toCoco, toCsvRows, toPng } from "./export.js";

/**
 * @param {Object} hooks {photo(), results(), scene(), state(), rows(), settingsOf(pane), announce(text)}
 * @returns {HTMLElement}
 */
export function createExportsBar({ photo, results, scene, state, rows, settingsOf, announce }) {
  const nothing = () => announce("There is nothing to download yet.");

  async function png(pane) {
    const result = results()[pane];
    if (!photo() || !result) return nothing();
    const blob = await toPng(photo(), settingsOf(pane));
    return save(blob, `${fileStem(photo().name)}-${resultName(result)}.png`);
  }

  function text(content, type, ending) {
    if (!photo()) return nothing();
    return save(new Blob([content()], { type }), `${fileStem(photo().name)}-${ending}`);
  }

  const coco = () => JSON.stringify(toCoco({ photo: photo(), scene: scene(), results: results(), state: state() }));
  const csv = () => csvOf(toCsvRows({ photo: photo(), rows: rows(), results: results() }));
  /** @type {[string, () => any][]} */
  const buttons = [
    ["Image A", () => png("a")],
    ["Image B", () => png("b")],
    ["COCO JSON", () => text(coco, "application/json", "coco.json")],
    ["CSV", () => text(csv, "text/csv", "people.csv")],
  ];
  return make(
    "div",
    { class: "pvc-tools pvc-exports", role: "group", "aria-label": "Download" },
    make("span", {}, "Download"),
    ...buttons.map(([label, onclick]) =>
      make("button", { type: "button", class: "pv-button pv-small", onclick }, label),
    ),
  );
}
