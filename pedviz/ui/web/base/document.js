/** Where every document begins: the frame comes to life, then the module that <main> names fills it. */

import { make } from "./dom.js";
import { startEmbed } from "./embed.js";
import { startFooter, startHeader } from "./shell.js";

const NOT_LOADED = "This page could not be loaded; reload it.";

async function start() {
  startEmbed();
  startHeader(document.querySelector(".pv-header"));
  startFooter(document.querySelector(".pv-footer"));
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const { module } = main.dataset;
  if (!module) return;
  try {
    const data = document.getElementById("page-data");
    const { mount } = await import(`../${module}`);
    await mount(main, data && JSON.parse(data.textContent));
  } catch (error) {
    main.append(make("p", { class: "pv-notice", role: "alert" }, NOT_LOADED));
    throw error;
  }
}

start();
