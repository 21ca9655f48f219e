/**
 * The Detect page with a server behind it. Gradio's components carry questions and answers. The page is there before
 * them, so that a stored comparison does not wait for Gradio; what it asks meanwhile waits.
 */

import { followStored } from "../base/shell.js";
import { startPage } from "./page.js";
import { createParts } from "./parts.js";

/**
 * @import { Part, Parts } from "./channel.js"
 * @import { DetectData } from "./parts.js"
 * @typedef {Part<any> & {trigger: (event: string) => void}} Carrier a component of Gradio's
 */

/** @type {Map<keyof Parts, Carrier>} those that are there */
const carriers = new Map();
/** Events that wait for all of them. @type {Set<string>} */
const waiting = new Set();
/** @type {ReturnType<typeof createParts>|null} */
let parts = null;

/** Its front end takes the processor for a while, so it comes after the first photo, or once it is needed. */
function startGradio() {
  const template = document.querySelector("template.pv-gradio");
  if (template instanceof HTMLTemplateElement) template.replaceWith(template.content);
}

function passOn() {
  const channel = carriers.get("channel");
  if (!parts || !channel || carriers.size < Object.keys(parts).length) return;
  channel.props.value = parts.channel.props.value;
  for (const event of waiting) channel.trigger(event);
  waiting.clear();
}

/**
 * Start the page.
 * @param {HTMLElement} main with the channel, two panes and the stage
 * @param {DetectData} data
 */
export function mount(main, data) {
  followStored(); // Gradio, which starts later, turns light or dark as the address says
  parts = createParts(main, data, (event) => {
    waiting.add(event);
    startGradio();
    passOn();
  });
  startPage(parts).then(() => requestAnimationFrame(() => setTimeout(startGradio)));
}

/**
 * Called by each of Gradio's components once it is there.
 * @param {keyof Parts} name
 * @param {Carrier} carrier
 */
export function connect(name, carrier) {
  if (!parts) throw new Error("Gradio's components came without the page");
  const part = parts[name];
  carriers.set(name, carrier);
  if ("answer" in part) carrier.watch("value", () => part.answer(carrier.props.value));
  // It shows progress where it stands: in the queue beside a detector, of a download above both.
  const block = /** @type {Element} */ (carrier.element.closest(".block.pv-block"));
  if (name === "samples") part.element.querySelector(".pv-panes")?.before(block);
  else if (name.startsWith("pane_")) part.element.append(block);
  passOn();
}
