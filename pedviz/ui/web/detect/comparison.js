/**
 * The comparison of two detectors on one photo: two panes, thresholds, table, disagreement, truth, exports.
 *
 * It asks the server for nothing but missing masks. Every change of a setting leads to one redraw in the
 * next animation frame.
 */

import { decode } from "../base/decode.js";
import { make, say } from "../base/dom.js";
import { createLayers } from "../base/layers.js";
import { loadPhoto } from "../base/photo.js";
import { createControls } from "./controls.js";
import { createExportsBar } from "./exports_bar.js";
import { createPen } from "./pen.js";
import { foundSentence, truthSentence } from "./result_summary.js";
import { tableRows } from "./rows.js";
import { buildScene, identities, PANES, startState, thresholds } from "./scene.js";
import { createStage } from "./stage.js";
import { createTable } from "./table.js";
import { createTruth } from "./truth.js";
import { createTruthEditor } from "./truth_editor.js";
import { createViewport } from "./viewport.js";

const MAPS_DELAY = 400; // ms after the last move of a slider
const SPEECH_DELAY = 700;
const TABLE_DELAY = 80; // a table of 200 rows need not follow every frame

function later(work, delay) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}

const NOBODY = Object.freeze({ a: null, b: null });
const same = (one, other) => one?.pane === other?.pane && one?.id === other?.id;

/**
 * @param {HTMLElement} root
 * @param {Object} hooks {palette, defaults: the thresholds, requestMaps(pane, ids), onStateChange(state),
 *   announce(text)}
 */
export function createComparison(root, { palette, defaults, requestMaps, onStateChange, announce }) {
  let state = startState(defaults);
  let photo = null;
  let coming = null; // the payload of the photo that is on the stage or being decoded
  const results = { a: null, b: null };
  const layers = { a: null, b: null };
  const asked = { a: new Set(), b: new Set() }; // whose masks have been asked for
  const running = { a: false, b: false };
  let identity, scene;
  let pointed = null; // under the pointer in an image
  let listed = null; // under the pointer or the focus in the table
  let pinned = null;
  let frame = 0;

  const redraw = () => {
    if (!frame) frame = requestAnimationFrame(paint);
  };
  const viewport = createViewport(redraw);
  const truth = createTruth(() => {
    editor.show();
    rebuild();
  });
  const pen = createPen(truth, redraw);
  const editor = createTruthEditor(truth, redraw);
  const stage = createStage(root, {
    palette,
    viewport,
    pen,
    drawing: () => editor.drawing,
    onHover: (person) => point(person, null),
    onPick: pick,
    onLayout: (text) => {
      redraw();
      announce(text);
    },
  });
  const table = createTable({ onHover: (person) => point(null, person), onPick: pick });
  const controls = createControls(change, { styles: palette.styles, floor: defaults.floor });
  const summary = make("p", { class: "pvc-summary", hidden: true });
  const exportsBar = createExportsBar({
    photo: () => photo,
    results: shown,
    scene: () => scene,
    state: () => state,
    rows,
    settingsOf,
    announce,
  });

  /** The results to show: none while their photo is being decoded. */
  function shown() {
    return photo?.id === coming?.id ? results : NOBODY;
  }

  function identify() {
    identity = identities(results, palette.people.length, defaults);
  }

  function rebuild() {
    scene = buildScene(state, shown(), { identity, truth: truth.array, palette });
    redraw();
    showTable();
    speak();
    askForMaps();
  }

  function change(parts) {
    const parted = parts.linked === false ? { score_b: state.score, mask_b: state.mask, nms_b: state.nms } : {};
    state = { ...state, ...parted, ...parts };
    applied();
    onStateChange(state);
  }

  function applied() {
    controls.show(state);
    editor.setVisible(state.view === "truth");
    stage.legend.show(state.view);
    rebuild();
  }

  /** Who is lit up: the person pointed at or pinned, and their partner. Null: nobody in particular. */
  function litTest() {
    const focus = pointed ?? listed ?? pinned;
    return focus && ((person) => (person.pane === focus.pane ? person.id === focus.id : person.partner === focus.id));
  }

  function settingsOf(pane) {
    return {
      people: scene.people[pane],
      state,
      layers: layers[pane],
      threshold: thresholds(state, pane).mask,
      palette,
      truth: state.view === "truth" ? scene.truth : null,
      missed: scene.counts[pane]?.missed ?? [],
      selected: -1,
    };
  }

  function paint() {
    frame = 0;
    const lit = litTest();
    const drawn = editor.drawing ? { truth: pen.boxes(), selected: truth.selected } : {};
    for (const pane of PANES) stage.panes[pane].draw({ ...settingsOf(pane), ...drawn, lit });
    // Words after images: to measure a canvas between two changes of text would cost a layout each time.
    for (const pane of PANES) {
      stage.panes[pane].tell({
        result: shown()[pane],
        people: scene.people[pane],
        best: scene.best[pane],
        counts: scene.counts[pane],
      });
    }
    table.light({ lit, pinned, pointed });
    showSummary();
  }

  function showSummary() {
    const both = shown().a && shown().b;
    summary.hidden = !both || state.view !== "disagreement";
    const only = (pane) => scene.people[pane].length - scene.pairs;
    say(
      summary,
      both
        ? `${scene.pairs} found by both, ${only("a")} only by A, ${only("b")} only by B, at IoU ≥ ` +
            `${state.iou.toFixed(2)}.`
        : "",
    );
  }

  function rows() {
    const maskOf = ({ pane, id }) => layers[pane].mask(id, thresholds(state, pane).mask);
    return tableRows(scene, { photo, compare: state.view === "disagreement", maskOf });
  }

  const showTable = later(() => {
    table.show(photo ? rows() : [], state.view);
    redraw();
  }, TABLE_DELAY);

  function paneSentence(pane) {
    if (!results[pane]) return `${pane.toUpperCase()}: no result yet.`;
    const { counts, people, best } = scene;
    const judged = counts[pane] ? ` ${truthSentence(counts[pane])}.` : "";
    return `${pane.toUpperCase()}, ${results[pane].model.label}: ${foundSentence(people[pane], best[pane])}.${judged}`;
  }

  const speak = later(() => {
    for (const pane of PANES) {
      const scores = scene.people[pane].map((person) => person.score.toFixed(2)).join(", ");
      stage.panes[pane].describe(
        photo ? `${photo.name}. ${paneSentence(pane)}${scores ? ` Scores ${scores}.` : ""}` : "No photo yet",
      );
    }
    if (results.a || results.b)
      announce(`${PANES.map(paneSentence).join(" ")} ${summary.hidden ? "" : summary.textContent}`.trim());
  }, SPEECH_DELAY);

  const askForMaps = later(() => {
    for (const pane of PANES) {
      if (!results[pane]?.model.masks) continue;
      const missing = scene.people[pane]
        .filter(({ hasMap, id }) => !hasMap && !asked[pane].has(id))
        .map(({ id }) => id);
      if (!missing.length) continue;
      missing.forEach((id) => asked[pane].add(id));
      requestMaps(pane, missing);
    }
  }, MAPS_DELAY);

  function point(inPicture, inTable) {
    if (same(pointed, inPicture) && same(listed, inTable)) return;
    [pointed, listed] = [inPicture, inTable];
    redraw();
  }

  function pick(person) {
    pinned = same(pinned, person) ? null : person;
    redraw();
  }

  function put(pane, result) {
    results[pane] = result;
    layers[pane] = result && createLayers(result);
    asked[pane].clear();
    identify();
  }

  identify();
  root.classList.add("pvc");
  root.replaceChildren(
    make("div", { class: "pvc-bar" }, controls.views, stage.tools),
    controls.thresholds,
    stage.legend.element,
    stage.element,
    summary,
    controls.display,
    editor.element,
    exportsBar,
    table.element,
  );
  new ResizeObserver(redraw).observe(stage.element);
  applied();

  return {
    /** Put a photo on the stage, or none; what was found in another one goes at once. */
    async setPhoto(payload) {
      const fresh = payload?.id !== coming?.id;
      coming = payload;
      if (fresh) for (const pane of PANES) put(pane, null);
      rebuild();
      if (!payload) showPhoto(null);
      const next = payload && (await loadPhoto(payload));
      if (next && coming === payload) showPhoto(next);
    },
    /** Show a pane's result; one for another photo is left alone. */
    setResult(pane, payload) {
      if (payload.photo_id !== coming?.id) return;
      running[pane] = false;
      put(pane, decode(payload));
      rebuild();
    },
    setBusy(pane, text) {
      running[pane] ||= Boolean(text);
      stage.panes[pane].setBusy(text);
    },
    /** Say what went wrong; a result goes unless it is a later request for masks that failed. */
    setError(pane, text) {
      if (text && running[pane]) put(pane, null);
      running[pane] = false;
      stage.panes[pane].setError(text);
      rebuild();
    },
    state: () => ({ ...state }),
    applyState(parts) {
      state = { ...state, ...parts };
      applied();
    },
  };

  function showPhoto(next) {
    photo = next;
    [pointed, listed, pinned] = [null, null, null];
    const { width, height } = photo ?? { width: 1, height: 1 };
    for (const pane of PANES) stage.panes[pane].setPhoto(photo);
    editor.setSize(width, height);
    viewport.reset(width, height);
    truth.reset(width, height, photo?.ground_truth?.boxes ?? null);
  }
}
