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
import { paneSettings } from "./draw.js";
import { createExportsBar } from "./exports_bar.js";
import { createFocus } from "./focus.js";
import { createMaskAreas } from "./full_mask.js";
import { createPen } from "./pen.js";
import { imageSentence, pairSentence, paneSentence } from "./result_summary.js";
import { tableRows } from "./rows.js";
import { buildScene, factsOf, forPanes, identities, PANES, startState, withoutMaps } from "./scene.js";
import { createStage } from "./stage.js";
import { createTable } from "./table.js";
import { createTruth } from "./truth.js";
import { createTruthEditor } from "./truth_editor.js";
import { createViewport } from "./viewport.js";

/**
 * @import { Box } from "../base/boxes.js"
 * @import { Layers } from "../base/layers.js"
 * @import { Photo } from "../base/photo.js"
 * @import { Palette, PhotoPayload, ResultPayload, Thresholds } from "../payloads.d.ts"
 * @import { PersonMasks } from "./rows.js"
 * @import { PaneName, Person, Results, State } from "./scene.js"
 *
 * @typedef {PhotoPayload & {drawn?: Box[]|null}} StagePhoto drawn: the visitor's ground truth
 * @typedef {{palette: Palette, defaults: Thresholds, requestMaps: (pane: PaneName, ids: number[]) => void,
 *   onStateChange: (state: State) => void, announce: (text: string) => void}} ComparisonHooks
 * @typedef {ReturnType<typeof createComparison>} TwoPanes
 */

const MAPS_DELAY = 400; // ms after the last move of a slider
const SPEECH_DELAY = 700;
const TABLE_DELAY = 80; // a table of 200 rows need not follow every frame

const NOBODY = Object.freeze({ a: null, b: null });

class Comparison {
  /** @type {Photo|null} */
  photo = null;
  /** @type {StagePhoto|null} */
  coming = null; // the payload of the photo that is on the stage or being decoded
  /** @type {Results} */
  results = { a: null, b: null };
  /** @type {Record<PaneName, (Layers & PersonMasks)|null>} */
  layers = { a: null, b: null };
  asked = forPanes(() => /** @type {Set<number>} */ (new Set())); // whose masks have been asked for
  running = { a: false, b: false };
  focus = createFocus(() => this.redraw());
  frame = 0;
  showTable = later(() => this.fillTable(), TABLE_DELAY);
  speak = later(() => this.sayAll(), SPEECH_DELAY);
  askForMaps = later(() => this.requestMissing(), MAPS_DELAY);

  /** @param {HTMLElement} root @param {ComparisonHooks} hooks */
  constructor(root, hooks) {
    const { palette, defaults, announce } = hooks;
    this.hooks = hooks;
    this.settings = startState(defaults);
    const redraw = () => this.redraw();
    const onPick = (/** @type {Person|null} */ person) => this.focus.pick(person);
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
    this.identity = this.identified();
    this.scene = this.built();
    this.layOut(root);
  }

  /** @param {HTMLElement} root */
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

  identified() {
    const { palette, defaults } = this.hooks;
    return identities(this.results, palette.people.length, defaults);
  }

  built() {
    const { identity, truth, hooks } = this;
    const { palette, defaults } = hooks;
    return buildScene(this.settings, this.shown(), { identity, truth: truth.array, palette, same: defaults.iou });
  }

  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
  }

  rebuild() {
    this.scene = this.built();
    this.redraw();
    this.showTable();
    this.speak();
    this.askForMaps();
  }

  /** @param {Partial<State>} parts */
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

  /** @param {PaneName} pane */
  settingsOf(pane) {
    const { scene, settings: state, layers, hooks } = this;
    return paneSettings(scene, pane, { state, layers: layers[pane], palette: hooks.palette });
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
    const { scene, photo, layers: masks, settings: state } = this;
    return photo ? tableRows(scene, { photo, state, masks }) : [];
  }

  fillTable() {
    this.table.show(this.rows(), this.settings.view);
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

  /** @type {(pane: PaneName, result: Results["a"]) => void} */
  put(pane, result) {
    this.results[pane] = result;
    this.layers[pane] = result && { ...createLayers(result), areaInOriginal: createMaskAreas(result) };
    this.asked[pane].clear();
    this.identity = this.identified();
  }

  /** @type {(next: Photo|null, drawn?: Box[]|null) => void} */
  showPhoto(next, drawn = null) {
    this.photo = next;
    this.focus.clear();
    const { width, height } = next ?? { width: 1, height: 1 };
    for (const pane of PANES) this.stage.panes[pane].setPhoto(next);
    const scale = next ? scales(next) : [1, 1];
    this.editor.setSize(width, height, scale);
    this.pen.keyStep = scale.map((pixels) => 1 / pixels);
    this.viewport.reset(width, height);
    this.truth.reset(width, height, next?.ground_truth?.boxes ?? null, drawn);
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

  /** @param {Partial<State>} parts */
  applyState(parts) {
    this.settings = { ...this.settings, ...parts };
    this.applied();
  }

  /** @param {StagePhoto|null} payload for the stage; what was found in another one goes at once */
  async setPhoto(payload) {
    const fresh = payload?.id !== this.coming?.id;
    this.coming = payload;
    if (fresh) for (const pane of PANES) this.put(pane, null);
    this.rebuild();
    if (!payload) return this.showPhoto(null);
    const next = await loadPhoto(payload);
    if (this.coming === payload) this.showPhoto(next, payload.drawn);
  }

  /** @type {(pane: PaneName, payload: ResultPayload) => void} one for another photo is left alone */
  setResult(pane, payload) {
    if (payload.photo_id !== this.coming?.id) return;
    this.running[pane] = false;
    this.put(pane, decode(payload));
    this.rebuild();
  }

  /** @type {(pane: PaneName, text: string|null) => void} */
  setBusy(pane, text) {
    this.running[pane] ||= Boolean(text);
    this.stage.panes[pane].setBusy(text);
  }

  /** @type {(pane: PaneName, text: string|null) => void} a result goes unless later masks were asked for in vain */
  setError(pane, text) {
    if (text && this.running[pane]) this.put(pane, null);
    this.running[pane] = false;
    this.stage.panes[pane].setError(text);
    this.rebuild();
  }
}

/** @type {(root: HTMLElement, hooks: ComparisonHooks) => Comparison} */
export const createComparison = (root, hooks) => new Comparison(root, hooks);
