/**
 * The comparison of two detectors on one photo: two panes, thresholds, table, disagreement, truth, exports.
 *
 * It asks the server for nothing but missing masks. Every change of a setting leads to one redraw in the
 * next animation frame.
 */

import { createControls } from "./controls.js";
import { decode } from "./decode.js";
import { make } from "./dom.js";
import { originalBox, scales } from "./export.js";
import { createExportsBar } from "./exports_bar.js";
import { createFacts, foundSentence, truthSentence } from "./facts.js";
import { createLayers } from "./layers.js";
import { createPane } from "./pane.js";
import { maskIou } from "./paste.js";
import { loadPhoto } from "./photo.js";
import { buildScene, DEFAULT_STATE, identities, PANES, thresholds } from "./scene.js";
import { createTable, verdict } from "./table.js";
import { createTruth } from "./truth.js";
import { createTruthEditor } from "./truth_editor.js";
import { createViewport } from "./viewport.js";

const MAPS_DELAY = 400; // ms after the last move of a slider
const SPEECH_DELAY = 700;
const TABLE_DELAY = 80; // a table of 200 rows need not follow every frame
const isEditable = (element) => element?.closest("input, select, textarea, [contenteditable]");

function later(work, delay) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}

const LEGENDS = {
  disagreement: [["both", "found by both"], ["a", "only A"], ["b", "only B"]],
  truth: [["both", "true positive"], ["a", "false positive of A"], ["b", "false positive of B"], ["truth", "really there (filled: missed)"]],
};

function legendEntry(role, words) {
  const swatch = make("span", { class: "pvc-line", style: `border-top-color:${role.colour};border-top-style:${role.dash.length ? (role.dash[0] > 3 ? "dashed" : "dotted") : "solid"}` });
  return make("li", {}, swatch, words);
}

/**
 * @param {HTMLElement} root
 * @param {Object} hooks {palette, requestMaps(pane, ids), onStateChange(state), announce(text)}
 */
export function createComparison(root, { palette, requestMaps, onStateChange, announce }) {
  let state = { ...DEFAULT_STATE };
  let photo = null;
  let expected = 0; // number of the photo that is being decoded
  const results = { a: null, b: null };
  const layers = { a: null, b: null };
  let identity = identities(results);
  let scene = buildScene(state, results, { identity, truth: null, palette });
  let layout = "side"; // "side", or the pane on top: "a" or "b"
  let hovered = null;
  let pinned = null;
  let frame = 0;

  const redraw = () => { frame ||= requestAnimationFrame(paint); };
  const viewport = createViewport(redraw);
  const truth = createTruth(() => { editor?.show(); rebuild(); });
  const editor = createTruthEditor(truth, () => redraw());
  const panes = {};
  const facts = {};
  for (const pane of PANES) {
    panes[pane] = createPane(pane, { viewport, truth, drawing: () => editor.drawing, onHover: hover, onPick: (_, person) => pick(person), redraw });
    facts[pane] = createFacts();
  }
  const table = createTable({ onHover: (person) => hover(person?.pane, person), onPick: pick });
  const controls = createControls(change);
  const legend = make("ul", { class: "pvc-legend", hidden: true });
  const summary = make("p", { class: "pvc-summary", hidden: true });
  const flip = make("button", { type: "button", class: "pv-button pv-small", title: "Key F", onclick: () => flipPanes() }, "Flip A / B");
  const side = make("button", { type: "button", class: "pv-button pv-small", hidden: true, onclick: () => setLayout("side") }, "Side by side");
  const zoomIn = make("button", { type: "button", class: "pv-button pv-small", "aria-label": "Zoom in", onclick: () => viewport.zoomAt(1.5) }, "+");
  const zoomOut = make("button", { type: "button", class: "pv-button pv-small", "aria-label": "Zoom out", onclick: () => viewport.zoomAt(1 / 1.5) }, "−");
  const zoomAll = make("button", { type: "button", class: "pv-button pv-small", onclick: () => viewport.reset() }, "Whole photo");
  const figures = Object.fromEntries(PANES.map((pane) => [pane,
    make("figure", { class: `pvc-pane pvc-pane-${pane}` }, panes[pane].element, make("figcaption", {}, facts[pane].element))]));
  const stage = make("div", { class: "pvc-stage", "data-layout": "side" }, figures.a, figures.b);
  const exportTools = createExportsBar({
    photo: () => photo, results: current, scene: () => scene, state: () => state, rows: () => rows(), settingsOf, announce,
  });
  root.classList.add("pvc");
  root.replaceChildren(
    make("div", { class: "pvc-bar" }, controls.views, make("div", { class: "pvc-tools" }, flip, side, zoomOut, zoomIn, zoomAll)),
    legend, stage, summary, controls.element, editor.element, exportTools, table.element);

  /** Results of the photo that is on the stage; one may be here before its photo is decoded. */
  function current() {
    return Object.fromEntries(PANES.map((pane) => [pane, results[pane]?.photoId === photo?.id ? results[pane] : null]));
  }

  function rebuild() {
    scene = buildScene(state, current(), { identity, truth: truth.array, palette });
    redraw();
    showTable();
    speak();
    askForMaps();
  }

  function change(parts) {
    state = { ...state, ...parts };
    if (parts.linked === false) Object.assign(state, { score_b: state.score, mask_b: state.mask, nms_b: state.nms });
    applied();
    onStateChange(state);
  }

  function applied() {
    controls.show(state);
    editor.setVisible(state.view === "truth");
    showLegend();
    rebuild();
  }

  function showLegend() {
    legend.hidden = state.view === "detections";
    legend.replaceChildren(...(LEGENDS[state.view] ?? []).map(([role, words]) => legendEntry(palette.roles[role], words)));
  }

  /** Whether a person is lit up: itself under the pointer or pinned, or the partner of one that is. */
  function litTest() {
    const focus = hovered ?? pinned;
    if (!focus) return null;
    return (person) => (person.pane === focus.pane ? person.id === focus.id : person.partner === focus.id);
  }

  function settingsOf(pane) {
    const counts = scene.counts[pane];
    const taken = new Set(scene.people[pane].map((person) => person.truth));
    const all = scene.truth ? [...Array(scene.truth.length / 4).keys()] : [];
    return {
      people: scene.people[pane], state, layers: layers[pane], threshold: thresholds(state, pane).mask, palette,
      truth: state.view === "truth" ? scene.truth : null, selected: editor.drawing ? truth.selected : -1,
      missed: new Set(counts ? all.filter((place) => !taken.has(place)) : []),
    };
  }

  function paint() {
    frame = 0;
    const lit = litTest();
    for (const pane of PANES) {
      panes[pane].draw({ ...settingsOf(pane), lit });
      facts[pane].show(results[pane], scene.people[pane], scene.best[pane], scene.counts[pane]);
    }
    table.light(lit);
    showSummary();
  }

  function showSummary() {
    const both = results.a && results.b;
    summary.hidden = !both || state.view !== "disagreement";
    const only = (pane) => scene.people[pane].length - scene.pairs;
    summary.textContent = both ? `${scene.pairs} found by both, ${only("a")} only by A, ${only("b")} only by B, at IoU ≥ ${state.iou.toFixed(2)}.` : "";
  }

  function maskOf(person) {
    return layers[person.pane].mask(person.id, thresholds(state, person.pane).mask);
  }

  function rows() {
    const [sx, sy] = scales(photo);
    const byId = { a: new Map(), b: new Map() };
    for (const pane of PANES) for (const person of scene.people[pane]) byId[pane].set(person.id, person);
    return PANES.flatMap((pane) => scene.people[pane].map((person) => {
      const other = pane === "a" ? "b" : "a";
      const partner = person.partner === null ? null : byId[other].get(person.partner);
      const box = originalBox(person.box, [sx, sy]);
      const mask = maskOf(person);
      const partnerMask = partner && maskOf(partner);
      const sign = pane === "a" ? 1 : -1;
      return {
        person, box, partner, verdict: verdict(person),
        boxArea: (box[2] - box[0]) * (box[3] - box[1]), maskArea: mask ? mask.area * sx * sy : null,
        maskIou: mask && partnerMask && state.view === "disagreement" ? maskIou(mask.window, mask.bits, partnerMask.window, partnerMask.bits) : null,
        difference: partner ? sign * (person.score - partner.score) : null,
      };
    }));
  }

  const showTable = later(() => {
    if (!photo) return;
    table.show(rows(), state.view);
    table.light(litTest());
  }, TABLE_DELAY);

  function paneSentence(pane) {
    if (!results[pane]) return `${pane.toUpperCase()}: no result yet.`;
    const { counts, people, best } = scene;
    const judged = counts[pane] ? ` ${truthSentence(counts[pane])}.` : "";
    return `${pane.toUpperCase()}, ${results[pane].model.label}: ${foundSentence(people[pane], best[pane])}.${judged}`;
  }

  function describe() {
    for (const pane of PANES) {
      const scores = scene.people[pane].map((person) => person.score.toFixed(2)).join(", ");
      panes[pane].describe(photo ? `${photo.name}. ${paneSentence(pane)}${scores ? ` Scores ${scores}.` : ""}` : "No photo yet");
    }
  }

  const speak = later(() => {
    describe();
    if (results.a || results.b) announce(`${PANES.map(paneSentence).join(" ")} ${summary.hidden ? "" : summary.textContent}`.trim());
  }, SPEECH_DELAY);

  const asked = { a: new Set(), b: new Set() };
  const askForMaps = later(() => {
    for (const pane of PANES) {
      if (!results[pane]?.model.masks) continue;
      const missing = scene.people[pane].filter(({ hasMap, id }) => !hasMap && !asked[pane].has(id)).map(({ id }) => id);
      if (!missing.length) continue;
      missing.forEach((id) => asked[pane].add(id));
      requestMaps(pane, missing);
    }
  }, MAPS_DELAY);

  function hover(pane, person) {
    if (hovered?.id === person?.id && hovered?.pane === person?.pane) return;
    hovered = person;
    redraw();
  }

  function pick(person) {
    const same = pinned && person && pinned.pane === person.pane && pinned.id === person.id;
    pinned = same ? null : person;
    redraw();
  }

  function setLayout(next) {
    layout = next;
    stage.dataset.layout = layout;
    side.hidden = layout === "side";
    flip.textContent = layout === "side" ? "Flip A / B" : `Showing ${layout.toUpperCase()}: flip`;
    redraw();
    if (layout !== "side") announce(`Showing pane ${layout.toUpperCase()} alone.`);
  }

  const flipPanes = () => setLayout(layout === "a" ? "b" : "a");

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || isEditable(event.target) || !root.isConnected) return;
    if (event.key === "f" || event.key === "F") flipPanes();
    else if (event.key === "Escape" && layout !== "side") setLayout("side");
  }

  document.addEventListener("keydown", onKey);
  new ResizeObserver(redraw).observe(stage);
  applied();

  return {
    /** Put a photo on the stage; what was found in the last one goes. */
    async setPhoto(payload) {
      expected += 1;
      const mine = expected;
      const next = payload && (await loadPhoto(payload));
      if (mine !== expected) return;
      const fresh = !payload || payload.id !== photo?.id;
      photo = next;
      for (const pane of PANES) {
        if (fresh || results[pane]?.photoId !== payload.id) clear(pane);
        panes[pane].setPhoto(photo);
      }
      [hovered, pinned] = [null, null];
      editor.setSize(photo?.width ?? 1, photo?.height ?? 1);
      viewport.reset(photo?.width ?? 1, photo?.height ?? 1);
      truth.reset(photo?.width ?? 1, photo?.height ?? 1, photo?.ground_truth?.boxes ?? null);
    },
    /** Show a pane's result; one for another photo than the one on its way is left alone. */
    setResult(pane, payload) {
      results[pane] = { ...decode(payload), photoId: payload.photo_id };
      layers[pane] = createLayers(results[pane]);
      asked[pane].clear();
      identity = identities(results);
      rebuild();
    },
    setBusy: (pane, text) => panes[pane].setBusy(text),
    setError(pane, text) {
      if (text) clear(pane);
      panes[pane].setError(text);
      rebuild();
    },
    state: () => ({ ...state }),
    applyState(parts) {
      state = { ...state, ...parts };
      applied();
    },
  };

  function clear(pane) {
    results[pane] = null;
    layers[pane] = null;
    asked[pane].clear();
    identity = identities(results);
  }
}
