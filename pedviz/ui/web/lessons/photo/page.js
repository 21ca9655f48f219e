/**
 * Lesson 7, Inside the detector: the whole detector on a sample or the visitor's photo, stage by stage.
 *
 * @import { Random } from "../kit/random.js"
 * @import { Trace } from "../kit/trace.js"
 * @import { Ready, State, Values } from "./values.js"
 */

import { make, say } from "../../base/dom.js";
import { format } from "../../base/numbers.js";
import { createLesson } from "../kit/kit.js";
import { fetchChoices, fetchTrace } from "../kit/trace.js";
import { addChooser } from "./chooser.js";
import { addPicture } from "./picture.js";
import { QUESTIONS, WAITING } from "./questions.js";
import { addStages } from "./stages.js";
import { valuesOf } from "./values.js";

const INKS = {
  photo: 6,
  net: 1,
  pad: 5,
  anchor: 2,
  proposal: 4,
  candidate: 1,
  below: 1,
  gone: 2,
  kept: 3,
  inter: 5,
  window: 4,
};

/**
 * The image in words, stage by stage; answers only where `ask` is off.
 * @type {((state: State, values: Ready) => string)[]}
 */
const WORDS = [
  ({ ask }, { trace: { photo }, size }) =>
    `${photo.name}, ${photo.width} by ${photo.height} ` +
    "pixels" +
    (ask
      ? ""
      : `, scaled by ${format(size.scale)} to ${size.resized[1]} by ${size.resized[0]} and ` +
        `padded to ${size.padded[1]} by ${size.padded[0]}`) +
    ".",
  (_, { level, channel }) =>
    `Channel ${channel.channel} of the level with stride ${level.stride}, ${level.columns} by ${level.rows} cells, ` +
    "over the photo.",
  (_, { proposals, trace }) => `The best ${proposals} of ${trace.proposals.count} proposals.`,
  ({ score }, { fates, trace }) =>
    `${fates.kept.length + fates.gone.length} of ${trace.detections.count} candidates score above ${score}.`,
  ({ ask, nms }, { fates, reason }) =>
    `At the threshold ${nms}, ${fates.kept.length} boxes stay and ${fates.gone.length} ` +
    "go." +
    (reason && !ask ? ` Box ${reason.id + 1} went because of box ${reason.by + 1}: IoU ${format(reason.iou, 3)}.` : ""),
  ({ mask }, { person }) =>
    person.map
      ? `The mask of box ${person.id + 1} at the threshold ${mask}: ${person.mask.area} pixels.`
      : "There is no mask here.",
  (_, { people }) => `The result: ${people.length} people with their boxes and masks.`,
];

/** @param {State} state @param {Values} values */
function describe(state, values) {
  return values.ready ? WORDS[state.step - 1](state, values) : WAITING;
}

const FEATURES = 2; // the stage that shows feature maps
const BOXES = 6; // of the best candidates one is asked about

/** Another sample, threshold and box. */
const varying =
  (/** @type {string[]} */ samples) =>
  (/** @type {Random} */ { whole, pick }) => ({
    sample: pick(samples),
    nms: pick([0.3, 0.4, 0.5, 0.6]),
    score: 0.1,
    box: whole(1, BOXES),
  });

/**
 * What is said over the image while the network works, and when it cannot.
 * @param {HTMLElement} host
 * @param {() => void} retry
 */
function createCover(host, retry) {
  const words = make("p", { role: "status" });
  const bar = make("progress", { "aria-label": "The network is at work" });
  const again = make("button", { type: "button", class: "pv-button", onclick: retry }, "Try again");
  const cover = make("div", { class: "pvl-photo-cover" }, words, bar, again);
  host.append(cover);
  /** @param {string} text @param {{busy: boolean}} how */
  function show(text, { busy }) {
    cover.hidden = false;
    cover.classList.toggle("pvl-photo-failed", !busy);
    bar.hidden = !busy;
    again.hidden = busy;
    say(words, text);
  }
  return {
    /** @param {string} what */
    work(what) {
      show(`${what} …`, { busy: true });
    },
    /** @param {string} sentence */
    fail(sentence) {
      show(sentence, { busy: false });
    },
    done() {
      cover.hidden = true;
    },
  };
}

/**
 * Asks for a trace whenever the image or the detector changes; the newest question wins.
 * @param {{cover: ReturnType<typeof createCover>, onTrace: (trace: Trace) => void}} options
 */
function createRunner({ cover, onTrace }) {
  /** @type {{sample: string, model: string, file: File|null}|null} */
  let asked = null;
  let running = new AbortController();
  /** @type {(state: State, file: File|null, how?: {again: boolean}) => Promise<void>} */
  return async function run({ sample, model }, file, { again } = { again: false }) {
    if (!again && asked && asked.sample === sample && asked.model === model && asked.file === file) return;
    asked = { sample, model, file };
    running.abort();
    running = new AbortController();
    const { signal } = running;
    cover.work(`Running the detector on ${file ? "your photo" : "the sample image"}`);
    try {
      const trace = await fetchTrace({ sample, file }, model, signal);
      if (signal.aborted) return;
      cover.done();
      onTrace(trace);
    } catch (error) {
      if (!signal.aborted) cover.fail(/** @type {Error} */ (error).message);
    }
  };
}

/**
 * Show the lesson.
 * @param {HTMLElement} element what it fills
 * @param {import("../../payloads.d.ts").LessonPayload} data of pedviz/lessons/photo.py
 */
export function mount(element, data) {
  /** @type {Trace|null} */
  let trace = null;
  /** @type {File|null} */
  let file = null; // the visitor's own photo
  /** @type {number|null} */
  let pointed = null; // the candidate that the mouse or the table points at
  const lesson = createLesson(element, data, {
    inks: INKS,
    describe,
    questions: QUESTIONS,
    derive: (/** @type {State} */ state) => valuesOf(state, trace),
    vary: varying(data.data.samples),
    apart: ["step", "level", "channel", "see", "n", "anchors", "mask"],
  });
  const chooser = addChooser(lesson, lesson.cases, {
    onFile: (chosen) => {
      file = chosen;
      chooser.setOwn(file !== null);
    },
  });
  const { frame } = addPicture(lesson, lesson.main, {
    colours: data.data.colours,
    describe,
    pointed: () => pointed,
    point,
  });
  const cover = createCover(frame, () => {
    run(lesson.state(), file, { again: true });
    offer();
  });
  const run = createRunner({
    cover,
    onTrace: (found) => {
      trace = found;
      lesson.renew();
    },
  });
  addStages(lesson, data.presets, { point });
  lesson.onDraw((state, { ready, level }) => {
    run(state, file);
    if (ready && state.step === FEATURES && !level.shown[0].pixels)
      level.load().then(lesson.requestDraw, (error) => cover.fail(error.message));
  });
  lesson.start();
  offer();

  /** @param {number|null} id */
  function point(id) {
    pointed = id;
    lesson.requestDraw();
  }
  function offer() {
    fetchChoices().then(chooser.setChoices, (error) => cover.fail(/** @type {Error} */ (error).message));
  }
}
