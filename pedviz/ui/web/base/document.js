/** Where every document begins: the frame comes to life, then the page's own module fills <main>. */

import { make, partOf } from "./dom.js";
import { startEmbed } from "./embed.js";
import { startFooter, startHeader } from "./shell.js";

const NOT_LOADED = "This page could not be loaded; reload it.";

/**
 * Called at the end of a page's script, see pedviz/site/documents.py.
 * @template Data
 * @param {((main: HTMLElement, data: Data) => unknown)|null} mount of the page's module; null for one that needs none
 */
export async function start(mount) {
  startEmbed();
  startHeader(partOf(document, ".pv-header"));
  startFooter(partOf(document, ".pv-footer"));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  try {
    const data = document.getElementById("page-data");
    await mount?.(main, data && JSON.parse(data.textContent));
  } catch (error) {
    main.append(make("p", { class: "pv-notice", role: "alert" }, NOT_LOADED));
    throw error;
  }
}
