/** One photo from the camera, in a dialog of its own. */

import { make, pencil } from "./dom.js";

const PROBLEMS = {
  NotAllowedError: "The browser was not allowed to use the camera: allow it for this page, or choose a file.",
  NotFoundError: "No camera was found; choose a file instead.",
  NotReadableError: "The camera is in use by another program; close that, or choose a file.",
};
const JPEG_QUALITY = 0.92;

function pictureOf(video) {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  pencil(canvas).drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}

function showDialog(stream, onFile) {
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": "Camera image" });
  video.muted = true;
  video.srcObject = stream;
  const shoot = async () => {
    const blob = await pictureOf(video);
    dialog.close();
    onFile(new File([blob], "camera.jpg", { type: blob.type }));
  };
  const dialog = make(
    "dialog",
    { class: "pv-root pv-camera", "aria-label": "Take a photo" },
    video,
    make(
      "div",
      { class: "pv-drop-buttons" },
      make("button", { type: "button", class: "pv-button pv-primary", onclick: shoot }, "Take the photo"),
      make("button", { type: "button", class: "pv-button", onclick: () => dialog.close() }, "Close"),
    ),
  );
  dialog.addEventListener("close", () => {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Ask for the camera and show it.
 * @param {Object} options onFile(file): a photo was taken; onProblem(text): why there is no camera
 */
export async function openCamera({ onFile, onProblem }) {
  if (!navigator.mediaDevices) {
    onProblem("This browser offers the camera only on https pages; choose a file instead.");
    return;
  }
  try {
    showDialog(await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 } } }), onFile);
  } catch (error) {
    onProblem(PROBLEMS[/** @type {Error} */ (error).name] ?? "The camera could not be started; choose a file instead.");
  }
}
