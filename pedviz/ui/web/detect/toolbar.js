/** The line between the photo and the comparison: what changed last, and the tools for the whole page. */

import { copyText } from "../base/clipboard.js";
import { make } from "../base/dom.js";
import { copyEmbedCode } from "../base/embed.js";
import { icon } from "../base/icons.js";

/**
 * @import { IconName } from "../base/icons.js"
 *
 * @typedef {Object} ToolbarOptions what to do where a tool is used
 * @property {() => void} onDownload
 * @property {() => void} onForget
 * @property {() => void} onSwap
 * @property {() => void} onCloser
 * @property {() => string} copied what to say once the link is in the clipboard
 */

/**
 * @param {string} text
 * @param {() => void} onclick
 * @param {IconName|null} picture
 */
function tool(text, onclick, picture = null) {
  return make("button", { type: "button", class: "pv-button pv-small", onclick }, picture && icon(picture), text);
}

/**
 * @param {HTMLElement} root an empty element
 * @param {ToolbarOptions} options
 */
export function createToolbar(root, { onDownload, onForget, onSwap, onCloser, copied }) {
  const live = make("p", { class: "pv-live pv-muted", role: "status", "aria-live": "polite" });
  const announce = (/** @type {string} */ text) => {
    live.textContent = text;
  };
  const copyLink = () =>
    copyText(location.href).then(
      () => announce(copied()),
      () => announce("The browser does not let this page copy: copy the address instead."),
    );
  const download = tool("Add Penn-Fudan to this server (51 MB)", () => {
    download.disabled = true;
    onDownload();
  });
  const forget = tool("Delete my photo", onForget, "bin");
  const closer = tool("Look closer", onCloser, "closer");
  closer.title = "Look at overlapping tiles of the original too: finds small people, and takes many times as long";
  let missing = false; // the data set
  // Beside the tools for a photo there is no room for it.
  const showDownload = () => download.toggleAttribute("hidden", !missing || !forget.hidden);
  for (const hidden of [download, forget, closer]) hidden.hidden = true;
  root.append(
    live,
    make(
      "div",
      { class: "pv-tools" },
      download,
      closer,
      forget,
      tool("Swap A and B", onSwap, "swap"),
      tool("Copy link", copyLink, "link"),
      tool("Embed", () => copyEmbedCode(location.href, announce), "embed"),
    ),
  );

  return {
    /** Say in one line what changed. */
    announce,
    /** Show "Delete my photo" only where there is one; `count` photos of the visitor's own. */
    offerForget(/** @type {number} */ count) {
      forget.hidden = count === 0;
      forget.replaceChildren(icon("bin"), count > 1 ? "Delete my photos" : "Delete my photo");
      showDownload();
    },
    /**
     * @param {boolean} there whether there is a file to look at more closely
     * @param {boolean} pressed whether that is done
     */
    showCloser(there, pressed) {
      closer.hidden = !there;
      closer.setAttribute("aria-pressed", String(pressed));
    },
    /** Offer the data set, unless it is here already, beside samples. */
    offerDownload(/** @type {boolean} */ offered) {
      missing = offered;
      download.disabled = false;
      showDownload();
    },
  };
}
