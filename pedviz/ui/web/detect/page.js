/**
 * The Detect page: photo chooser, two detectors and the comparison, and their talk with the server.
 *
 * Everything asked of the server is a request with a ticket, a number that only grows; an answer with an old
 * ticket is dropped. The requests are the value of the "channel" component: when an event has to wait for the one
 * before it, Gradio reads the value once it starts, but would repeat the data of the event that came first.
 */

import { addressWriter, readChoice, readSettings } from "../base/address.js";
import { createPhotoInput } from "../base/photo_input.js";
import { createComparison } from "./comparison.js";
import { createPaneRunner } from "./pane_runner.js";
import { createStored } from "./stored.js";
import { createToolbar } from "./toolbar.js";

const PANES = ["a", "b"];
const PARTS = ["channel", "photo", "samples", "pane_a", "pane_b", "stage"];
const RELOADED = "The page was loaded again, and your photo and what you drew are gone: choose the photo again.";
const parts = new Map();

/**
 * Called by each component of the page once it is there; the last one starts the page.
 * @param {string} name which of PARTS
 * @param {Object} part Gradio's {element, trigger, watch, props} of that component
 */
export function mount(name, part) {
  parts.set(name, part);
  if (PARTS.every((needed) => parts.has(needed))) startDetectPage(Object.fromEntries(parts));
}

/** Asks the server; every request gets the next ticket. */
function createChannel({ props, trigger }) {
  let tickets = 0;
  return {
    ask(event, key, request) {
      tickets += 1;
      props.value = { ...props.value, [key]: { ...request, ticket: tickets } };
      trigger(event);
      return tickets;
    },
  };
}

function startDetectPage(part) {
  const setup = part.channel.props.setup;
  const channel = createChannel(part.channel);
  const stage = { photo: null, sample: null, ticket: 0 }; // what is shown
  const stored = createStored(setup.stored);
  let asked = 0; // the ticket of the newest photo request
  let arrival = Promise.withResolvers(); // of that photo on the server
  let lost = history.state?.ownPhoto ? RELOADED : null; // said once, beside the first image
  let farewell = null; // said once the image after a forgotten photo is there

  const photoInput = createPhotoInput(part.channel.element.querySelector(".pv-photo"), {
    setup,
    onSample: chooseSample,
    onPhoto: (file) => choose({ ...file, sample: null }, "Reading your photo …"),
  });
  const toolbar = createToolbar(part.channel.element.querySelector(".pv-toolbar"), {
    onDownload: () => channel.ask("download", "download", {}),
    onForget: forget,
    onSwap: swap,
    copied: () => (stage.sample ? "Link copied." : "Link copied; your photo is not part of it."),
  });
  part.stage.element.style.setProperty("--pvc-ratio", setup.stage_ratio);
  const comparison = createComparison(part.stage.element.querySelector(".pv-stage"), {
    defaults: setup.thresholds,
    palette: setup.palette,
    requestMaps: (pane, ids) => runners[pane].run(ids),
    onStateChange: remember,
    announce: (text) => toolbar.announce(text),
  });
  const runnerOptions = {
    channel,
    setup,
    comparison,
    photo: () => stage.photo,
    stored: (model) => stored.result(stage.sample, model),
    onServer: () => arrival.promise,
    onModel: remember,
  };
  const runners = Object.fromEntries(
    PANES.map((pane) => [pane, createPaneRunner(pane, { ...runnerOptions, part: part[`pane_${pane}`] })]),
  );

  const [a, b] = setup.default_models;
  const defaults = { ...comparison.state(), a, b, sample: setup.default_sample };
  const write = addressWriter(defaults);
  const untouched = comparison.state();
  window.addEventListener("popstate", () => comparison.applyState(readSettings(location.search, untouched)));

  function remember() {
    write({ ...comparison.state(), a: runners.a.modelId, b: runners.b.modelId, sample: stage.sample });
  }

  function choose(request, words) {
    photoInput.setBusy(words);
    arrival = Promise.withResolvers();
    asked = channel.ask("choose", "photo", request);
  }

  function chooseSample(id) {
    photoInput.setCurrent(id);
    choose({ sample: id }, null);
    const ticket = asked;
    stored.photo(id)?.then((photo) => {
      if (photo && ticket === asked && stage.ticket < ticket) show({ photo, sample: id, ticket });
    });
  }

  async function show({ photo, sample, ticket }) {
    Object.assign(stage, { photo, sample, ticket });
    photoInput.setCurrent(sample);
    photoInput.setBusy(null);
    if (photo.notice || lost) photoInput.setError(photo.notice ? `${photo.notice}.` : lost);
    lost = null;
    history.replaceState({ ...history.state, ownPhoto: sample === null }, "");
    toolbar.offerForget(sample === null);
    toolbar.announce(farewell ?? `${photo.name}, ${photo.original_width} by ${photo.original_height} pixels.`);
    farewell = null;
    remember();
    await comparison.setPhoto(photo);
    if (stage.ticket !== ticket) return;
    if (sample === null) part.stage.element.querySelector(".pv-stage").scrollIntoView();
    for (const pane of PANES) runners[pane].run();
  }

  function forget() {
    for (const pane of PANES) runners[pane].stop();
    comparison.setPhoto(null);
    farewell = "Your photo and its results are deleted.";
    channel.ask("forget", "forget", {});
    chooseSample(setup.default_sample);
  }

  function swap() {
    const [first, second] = PANES.map((pane) => runners[pane].modelId);
    runners.a.choose(second);
    runners.b.choose(first);
    remember();
    for (const pane of PANES) runners[pane].run();
  }

  function listSamples({ samples, can_download }) {
    photoInput.setSamples(samples);
    photoInput.setCurrent(stage.sample);
    toolbar.offerDownload(can_download);
  }

  part.photo.watch("value", () => {
    const answer = part.photo.props.value;
    if (answer.ticket === asked) arrival.resolve();
    if (answer.photo && answer.ticket > stage.ticket) show(answer);
    if (answer.error && answer.ticket === asked) {
      photoInput.setCurrent(stage.sample);
      photoInput.setError(answer.error);
    }
  });
  part.samples.watch("value", () => {
    const answer = part.samples.props.value;
    if (answer.samples) {
      listSamples(answer);
    } else {
      photoInput.setError(answer.error);
      toolbar.offerDownload(true);
    }
  });

  const { samples } = part.samples.props.value;
  const known = { models: setup.models.map(({ id }) => id), samples: samples.map(({ id }) => id) };
  for (const pane of PANES) runners[pane].choose(readChoice(location.search, pane, known.models, defaults[pane]));
  comparison.applyState(readSettings(location.search, comparison.state()));
  listSamples(part.samples.props.value);
  chooseSample(readChoice(location.search, "sample", known.samples, setup.default_sample));
}
