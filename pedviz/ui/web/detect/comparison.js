/**
 * The comparison of two detectors on one photo: two panes, thresholds, table, disagreement, truth, exports. It asks the
 * server for nothing but missing masks. Every change of a setting leads to one redraw in the next animation frame.
 */

import { decode } from "../base/decode.js";
import { make, say } from "../base/dom.js";
import { createLayers } from "../base/layers.js";
import { later } from "../base/memo.js";
import { loadPhoto, scales } from "../base/photo.js";
import { createControls } from "./controls.js";
import { createExportsBar } from "./exports_bar.js";
import { createFocus } from "./focus.js";
import { createMaskAreas } from "./full_mask.js";
import { createPen } from "./pen.js";
import { imageSentence, pairSentence, paneSentence } from "./result_summary.js";
import { tableRows } from "./rows.js";
import { buildScene, factsOf, identities, PANES, startState, thresholds, withoutMaps } from "./scene.js";
import { createStage } from "./stage.js";
import { createTable } from "./table.js";
import { createTruth } from "./truth.js";
import { createTruthEditor } from "./truth_editor.js";
import { createViewport } from "./viewport.js";

const MAPS_DELAY = 400; // ms after the last move of a slider
const SPEECH_DELAY = 700;
const TABLE_DELAY = 80; // a table of 200 rows need not follow every frame

const NOBODY = Object.freeze({ a: null, b: null });

class Comparison {
  /** @type {any} */
  photo = null;
  /** @type {any} */
  coming = null; // the payload of the photo that is on the stage or being decoded
  /** @type {{a: any, b: any}} */
  results = { a: null, b: null };
  /** @type {{a: any, b: any}} */
  layers = { a: null, b: null };
  asked = { a: new Set(), b: new Set() }; // whose masks have been asked for
  running = { a: false, b: false };
  focus = createFocus(() => this.redraw());
  /** @type {any} */
  identity = null;
  /** @type {any} */
  scene = null;
  frame = 0;
  showTable = later(() => this.fillTable(), TABLE_DELAY);
  speak = later(() => this.sayAll(), SPEECH_DELAY);
  askForMaps = later(() => this.requestMissing(), MAPS_DELAY);

  constructor(root, hooks) {
    const { palette, defaults, announce } = hooks;
    this.hooks = hooks;
    this.settings = /** @type {any} */ (startState(defaults));
    const redraw = () => this.redraw();
    const onPick = (person) => this.focus.pick(person);
    this.viewport = createViewport(redraw);
    this.truth = createTruth(() => {
      this.editor.show();
      this.rebuild();
    });
    this.pen = createPen(this.truth, redraw);
    this.editor = createTruthEditor(this.truth, redraw);
    this.stage = createStage(root, {
      palette,
      viewport: this.viewport,
      pen: this.pen,
      drawing: () => this.editor.drawing,
      onHover: (person) => this.focus.point(person, null),
      onPick,
      onLayout: (text) => {
        redraw();
        announce(text);
      },
    });
    this.table = createTable({ onHover: (person) => this.focus.point(null, person), onPick });
    this.controls = createControls((parts) => this.change(parts), { styles: palette.styles, thresholds: defaults });
    this.summary = make("p", { class: "pvc-summary", hidden: true });
    this.layOut(root);
  }

  layOut(root) {
    const { controls, stage, editor, hooks } = this;
    const exportsBar = createExportsBar({
      photo: () => this.photo,
      results: () => this.shown(),
      scene: () => this.scene,
      state: () => this.settings,
      rows: () => this.rows(),
      settingsOf: (pane) => this.settingsOf(pane),
      announce: hooks.announce,
    });
    this.identify();
    root.classList.add("pvc");
    root.replaceChildren(
      make("div", { class: "pvc-bar" }, controls.views, stage.tools),
      controls.thresholds,
      stage.legend.element,
      stage.element,
      this.summary,
      controls.display,
      editor.element,
      exportsBar,
      this.table.element,
    );
    new ResizeObserver(() => this.redraw()).observe(stage.element);
    this.applied();
  }

  /** The results to show: none while their photo is being decoded. */
  shown() {
    return this.photo?.id === this.coming?.id ? this.results : NOBODY;
  }

  identify() {
    const { palette, defaults } = this.hooks;
    this.identity = identities(this.results, palette.people.length, defaults);
  }

  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
  }

  rebuild() {
    const { identity, truth, hooks } = this;
    const { palette, defaults } = hooks;
    this.scene = buildScene(this.settings, this.shown(), { identity, truth: truth.array, palette, same: defaults.iou });
    this.redraw();
    this.showTable();
    this.speak();
    this.askForMaps();
  }

  change(parts) {
    const { score, mask, nms } = this.settings;
    const parted = parts.linked === false ? { score_b: score, mask_b: mask, nms_b: nms } : {};
    this.settings = { ...this.settings, ...parted, ...parts };
    this.applied();
    this.hooks.onStateChange(this.settings);
  }

  applied() {
    this.controls.show(this.settings);
    this.editor.setVisible(this.settings.view === "truth");
    this.stage.legend.show(this.settings.view);
    this.rebuild();
  }

  settingsOf(pane) {
    const { scene, settings: state, layers, hooks } = this;
    return {
      people: scene.people[pane],
      state,
      layers: layers[pane],
      threshold: thresholds(state, pane).mask,
      palette: hooks.palette,
      truth: state.view === "truth" ? scene.truth : null,
      missed: scene.counts[pane]?.missed ?? [],
      selected: -1,
    };
  }

  paint() {
    this.frame = 0;
    const { editor, pen, truth, stage, scene } = this;
    const { pointed, pinned, test: lit } = this.focus;
    const drawn = editor.drawing ? { truth: pen.boxes(), selected: truth.selected } : {};
    for (const pane of PANES) stage.panes[pane].draw({ ...this.settingsOf(pane), ...drawn, lit });
    // Words after images: to measure a canvas between two changes of text would cost a layout each time.
    for (const pane of PANES) {
      stage.panes[pane].tell({ result: this.shown()[pane], ...factsOf(scene, pane) });
    }
    this.table.light({ lit, pointed, pinned });
    this.showSummary();
  }

  showSummary() {
    const { scene, settings: state, summary } = this;
    const { a, b } = this.shown();
    summary.hidden = !(a && b) || state.view !== "disagreement";
    say(summary, a && b ? pairSentence(scene, state.iou) : "");
  }

  rows() {
    const { scene, photo, layers, settings: state } = this;
    const maskOf = ({ pane, id }) => layers[pane].mask(id, thresholds(state, pane).mask);
    const areaOfMask = ({ pane, id }) => layers[pane].areaInOriginal(id, photo, thresholds(state, pane).mask);
    return tableRows(scene, { photo, compare: state.view === "disagreement", maskOf, areaOfMask });
  }

  fillTable() {
    this.table.show(this.photo ? this.rows() : [], this.settings.view);
    this.redraw();
  }

  /** What screen readers are told, of each image and of all. */
  sayAll() {
    const { scene, photo, results, summary, stage } = this;
    for (const pane of PANES) {
      stage.panes[pane].describe(imageSentence(photo, scene, pane, results[pane]));
    }
    if (!results.a && !results.b) return;
    const both = PANES.map((pane) => paneSentence(scene, pane, results[pane])).join(" ");
    this.hooks.announce(`${both} ${summary.hidden ? "" : summary.textContent}`.trim());
  }

  requestMissing() {
    for (const pane of PANES) {
      if (!this.results[pane]?.model.masks) continue;
      const missing = withoutMaps(this.scene.people[pane]).filter((id) => !this.asked[pane].has(id));
      for (const id of missing) this.asked[pane].add(id);
      if (missing.length) this.hooks.requestMaps(pane, missing);
    }
  }

  put(pane, result) {
    this.results[pane] = result;
    this.layers[pane] = result && { ...createLayers(result), areaInOriginal: createMaskAreas(result) };
    this.asked[pane].clear();
    this.identify();
  }

  showPhoto(next) {
    this.photo = next;
    this.focus.clear();
    const { width, height, ground_truth, drawn } = next ?? { width: 1, height: 1 };
    for (const pane of PANES) this.stage.panes[pane].setPhoto(next);
    this.editor.setSize(width, height, next ? scales(next) : [1, 1]);
    this.viewport.reset(width, height);
    this.truth.reset(width, height, ground_truth?.boxes ?? null, drawn);
  }

  /** What the visitor made of the ground truth; null where it is as it came, undefined while a photo is decoded. */
  get drawn() {
    if (this.photo?.id !== this.coming?.id) return undefined;
    return this.truth.isChanged ? this.truth.known : null;
  }

  /** A copy of what can be set. */
  state() {
    return { ...this.settings };
  }

  applyState(parts) {
    this.settings = { ...this.settings, ...parts };
    this.applied();
  }

  /** Put a photo on the stage, or none; what was found in another one goes at once. */
  async setPhoto(payload) {
    const fresh = payload?.id !== this.coming?.id;
    this.coming = payload;
    if (fresh) for (const pane of PANES) this.put(pane, null);
    this.rebuild();
    if (!payload) this.showPhoto(null);
    const next = payload && (await loadPhoto(payload));
    if (next && this.coming === payload) this.showPhoto(next);
  }

  /** Show a pane's result; one for another photo is left alone. */
  setResult(pane, payload) {
    if (payload.photo_id !== this.coming?.id) return;
    this.running[pane] = false;
    this.put(pane, decode(payload));
    this.rebuild();
  }

  setBusy(pane, text) {
    this.running[pane] ||= Boolean(text);
    this.stage.panes[pane].setBusy(text);
  }

  /** Say what went wrong; a result goes unless it is a later request for masks that failed. */
  setError(pane, text) {
    if (text && this.running[pane]) this.put(pane, null);
    this.running[pane] = false;
    this.stage.panes[pane].setError(text);
    this.rebuild();
  }
}

/**
 * @param {HTMLElement} root
 * @param {Object} hooks {palette, defaults: the thresholds, requestMaps(pane, ids), onStateChange(state),
 *   announce(text)}
 */
export const createComparison = (root, hooks) => new Comparison(root, hooks);
