/** The download buttons of the comparison. */

import { make } from "../base/dom.js";
import { save } from "../base/files.js";
import { csvOf, fileStem, resultName, toCoco, toCsvRows, toPng } from "./export.js";

/**
 * @import { Photo } from "../base/photo.js"
 * @import { PaneSettings } from "./draw.js"
 * @import { Row } from "./rows.js"
 * @import { PaneName, Results, Scene, State } from "./scene.js"
 *
 * @typedef {Object} ExportHooks
 * @property {() => Photo|null} photo
 * @property {() => Results} results
 * @property {() => Scene} scene
 * @property {() => State} state
 * @property {() => Row[]} rows
 * @property {(pane: PaneName) => PaneSettings} settingsOf
 * @property {(text: string) => void} announce
 */

/** @param {ExportHooks} hooks */
export function createExportsBar({ photo, results, scene, state, rows, settingsOf, announce }) {
  const nothing = () => announce("There is nothing to download yet.");

  async function png(/** @type {PaneName} */ pane) {
    const [shown, result] = [photo(), results()[pane]];
    if (!shown || !result) return nothing();
    const blob = await toPng(shown, settingsOf(pane));
    return save(blob, `${fileStem(shown.name)}-${resultName(result)}.png`);
  }

  /** @type {(content: (photo: Photo) => string, type: string, ending: string) => void} */
  function text(content, type, ending) {
    const shown = photo();
    if (!shown) return nothing();
    return save(new Blob([content(shown)], { type }), `${fileStem(shown.name)}-${ending}`);
  }

  const coco = (/** @type {Photo} */ shown) =>
    JSON.stringify(toCoco({ photo: shown, scene: scene(), results: results(), state: state() }));
  const csv = (/** @type {Photo} */ shown) => csvOf(toCsvRows({ photo: shown, rows: rows(), results: results() }));
  /** @type {[string, () => void][]} */
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
