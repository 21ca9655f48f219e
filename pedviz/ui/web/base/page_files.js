/** Files that come by being dropped on the page or pasted into it. */

import { make } from "./dom.js";

/** @typedef {FileList|File[]} Files */

/**
 * Files dropped anywhere, of which `onAddress` is told when they are only addresses, and images pasted anywhere.
 * @param {(files: Files) => void} takeFiles
 */
export function listenToThePage(takeFiles, onAddress = () => {}) {
  const veil = make(
    "div",
    { class: "pv-root pv-veil", hidden: true, "aria-hidden": "true" },
    make("p", {}, "Drop the photo anywhere"),
  );
  /** @type {(event: DragEvent, type: string) => boolean|undefined} */
  const brings = (event, type) => event.dataTransfer?.types.includes(type);
  const bringsFiles = (/** @type {DragEvent} */ event) => brings(event, "Files");
  document.body.append(veil);
  window.addEventListener("dragover", (event) => {
    if (!bringsFiles(event) && !brings(event, "text/uri-list")) return;
    event.preventDefault(); // the browser would leave this page for what is dropped
    veil.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true; // left the window
  });
  window.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!bringsFiles(event) && !brings(event, "text/uri-list")) return;
    event.preventDefault();
    const files = event.dataTransfer?.files ?? [];
    if (files.length) takeFiles(files);
    else onAddress();
  });
  document.addEventListener("paste", (event) => takeFiles(event.clipboardData?.files ?? []));
}
