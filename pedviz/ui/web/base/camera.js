/** The camera in a dialog of its own: one photo from it, or detections on its moving image. */

import { make, pencil } from "./dom.js";
import { pause } from "./pause.js";

/**
 * @typedef {(video: HTMLVideoElement, canvas: HTMLCanvasElement, say: (text: string) => void) => () => void} StartLive
 *   look for people in the image until the function that it gives is called
 * @typedef {Object} CameraOptions
 * @property {(file: File) => void} onFile a photo was taken
 * @property {(text: string) => void} onProblem why there is no camera
 * @property {StartLive|null} [startLive]
 */

/** @type {Record<string, string>} */
const PROBLEMS = {
  NotAllowedError: "The browser was not allowed to use the camera: allow it for this page, or choose a file.",
  NotFoundError: "No camera was found; choose a file instead.",
  NotReadableError: "The camera is in use by another program; close that, or choose a file.",
};
const JPEG_QUALITY = 0.92;
/** What is asked of the camera for a photo. */
const FINE = { width: { ideal: 1920 } };
const LIVE_WIDTH = 640; // while people are looked for: no more is sent, and every image costs processor time
const CHANGE_MS = 1000; // at most, until the camera shows images of another size

/** @type {(video: HTMLVideoElement) => Promise<Blob|null>} null before the first image has come */
function pictureOf(video) {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  pencil(canvas).drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}

/**
 * What is asked of the camera while people are looked for: the same view, smaller and less often.
 * @type {(video: HTMLVideoElement) => MediaTrackConstraints}
 */
const liveOf = ({ videoWidth, videoHeight }) => ({
  width: { ideal: LIVE_WIDTH },
  height: { ideal: Math.round((LIVE_WIDTH * videoHeight) / videoWidth) },
  frameRate: { ideal: 15 },
});

/**
 * Ask another size of images of the camera, and wait until they come.
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack} track
 * @param {MediaTrackConstraints} constraints
 */
async function change(video, track, constraints) {
  await track.applyConstraints(constraints).catch(() => {}); // one that cannot change goes on as it is
  const { width = 0, height = 0 } = track.getSettings();
  if (width * height === video.videoWidth * video.videoHeight) return;
  const changed = new Promise((resolve) => video.addEventListener("resize", resolve, { once: true }));
  await Promise.race([changed, pause(CHANGE_MS)]);
}

/**
 * A button that has people looked for in the image, and the line that says what is found.
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack} track of the camera
 * @param {StartLive} startLive
 */
function liveParts(video, track, startLive) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const line = make("p", { class: "pv-muted" });
  const say = (/** @type {string} */ text) => {
    line.textContent = text;
  };
  /** @type {(() => void)|null} */
  let stop = null;
  const end = async () => {
    if (!stop) return;
    stop();
    stop = null;
    button.setAttribute("aria-pressed", "false");
    await change(video, track, FINE);
  };
  const toggle = async () => {
    if (stop) return end();
    stop = startLive(video, canvas, say);
    button.setAttribute("aria-pressed", "true");
    await change(video, track, liveOf(video));
  };
  const button = make(
    "button",
    { type: "button", class: "pv-button", "aria-pressed": "false", onclick: toggle },
    "Detect live",
  );
  return { canvas, line, button, end };
}

/** @type {(stream: MediaStream, options: CameraOptions) => void} */
function showDialog(stream, { onFile, startLive }) {
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": "Camera image" });
  const view = make("div", { class: "pv-camera-view" }, video);
  video.addEventListener("resize", () => {
    view.style.setProperty("--ratio", String(video.videoWidth / video.videoHeight)); // a telephone may be turned
  });
  video.muted = true;
  video.srcObject = stream;
  const shoot = async () => {
    await live?.end();
    const blob = await pictureOf(video);
    if (!blob) return;
    dialog.close();
    onFile(new File([blob], "camera.jpg", { type: blob.type }));
  };
  const live = startLive && liveParts(video, stream.getVideoTracks()[0], startLive);
  if (live) view.append(live.canvas);
  const dialog = make(
    "dialog",
    { class: "pv-root pv-camera", "aria-label": "Take a photo" },
    view,
    live?.line ?? null,
    make(
      "div",
      { class: "pv-camera-buttons" },
      make("button", { type: "button", class: "pv-button pv-primary", onclick: shoot }, "Take the photo"),
      live?.button ?? null,
      make("button", { type: "button", class: "pv-button", onclick: () => dialog.close() }, "Close"),
    ),
  );
  dialog.addEventListener("close", () => {
    for (const track of stream.getTracks()) track.stop();
    live?.end();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Ask for the camera and show it.
 * @param {CameraOptions} options
 */
export async function openCamera(options) {
  const { onProblem } = options;
  if (!navigator.mediaDevices) {
    onProblem("This browser offers the camera only on https pages; choose a file instead.");
    return;
  }
  try {
    showDialog(await navigator.mediaDevices.getUserMedia({ video: FINE }), options);
  } catch (error) {
    onProblem(PROBLEMS[/** @type {Error} */ (error).name] ?? "The camera could not be started; choose a file instead.");
  }
}
