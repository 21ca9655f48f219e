/** The two panes next to each other or one over the other, with the buttons that flip and zoom, and the legend. */

import { make } from "../base/dom.js";
import { createLegend } from "./legend.js";
import { createPane } from "./pane.js";
import { forPanes, PANES } from "./scene.js";

/**
 * @import { Attributes } from "../base/dom.js"
 * @import { Palette } from "../payloads.d.ts"
 * @import { Hands, PersonHooks } from "./pane.js"
 */

const ZOOM_STEP = 1.5;
const KEYS = "Plus and minus zoom, the arrow keys move, 0 fits it to the view, F toggles between A and B.";
const TEXT_FIELDS = "select, textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=radio])";
let made = 0;

/** @type {(words: string|(string|Node)[], onclick: () => void, attributes?: Attributes) => HTMLButtonElement} */
function button(words, onclick, attributes = {}) {
  return make("button", { type: "button", class: "pv-button pv-small", onclick, ...attributes }, ...[words].flat());
}

/**
 * @param {HTMLElement} root of the comparison; keys work while it is on the page
 * @param {Hands & PersonHooks & {palette: Palette, onLayout: (text: string) => void}} options onLayout: the panes were
 *   flipped
 */
export function createStage(root, { palette, viewport, pen, drawing, onHover, onPick, onLayout }) {
  made += 1;
  const keys = make("p", { id: `pvc-keys-${made}`, hidden: true }, KEYS);
  const panes = forPanes((pane) =>
    createPane(pane, { viewport, pen, drawing, onHover, onPick, badge: palette.roles[pane], keys: keys.id }),
  );
  const element = make(
    "div",
    { class: "pvc-stage", "data-layout": "side" },
    ...PANES.map((pane) => panes[pane].element),
    keys,
  );
  const flipText = make("span", {}, "Toggle A / B");
  const flip = button([flipText, make("kbd", { "aria-hidden": "true" }, "F")], flipPanes, {
    title: "Show one over the other (key F)",
  });
  const side = button("Side by side", () => setLayout("side"), { hidden: true });
  const tools = make(
    "div",
    { class: "pvc-tools", role: "group", "aria-label": "Image" },
    flip,
    side,
    button("−", () => viewport.zoomAt(1 / ZOOM_STEP), { "aria-label": "Zoom out" }),
    button("+", () => viewport.zoomAt(ZOOM_STEP), { "aria-label": "Zoom in" }),
    button("Fit to view", () => viewport.reset()),
  );

  function setLayout(/** @type {string} */ next) {
    element.dataset.layout = next;
    side.hidden = next === "side";
    flipText.textContent = next === "side" ? "Toggle A / B" : `Showing ${next.toUpperCase()}`;
    onLayout(next === "side" ? "Showing A and B side by side." : `Showing detector ${next.toUpperCase()} alone.`);
  }

  function flipPanes() {
    setLayout(element.dataset.layout === "a" ? "b" : "a");
  }

  document.addEventListener("keydown", (event) => {
    const isText = event.target instanceof Element && event.target.closest(TEXT_FIELDS);
    const elsewhere = event.defaultPrevented || isText || !root.isConnected;
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "f" || event.key === "F") flipPanes();
    else if (event.key === "Escape" && element.dataset.layout !== "side") setLayout("side");
  });

  return { tools, legend: createLegend(palette.roles), element, panes };
}
