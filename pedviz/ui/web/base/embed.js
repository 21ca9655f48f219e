/** A page inside somebody else's: no header, its height told to the page around it, and the code that puts it there. */

import { copyText } from "./clipboard.js";

const PARAMETER = "embed";
const LATER_MS = 100; // a page that fills itself says its height once, not with every part
const REFUSED = "The browser does not let this page copy: put the address with embed=1 into an iframe by hand.";

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const quoted = (/** @type {string} */ text) => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]);

/** Links lead out of the frame, where a page has room and its own header. */
function openLinksOutside() {
  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target instanceof Element ? target.closest("a") : null;
      if (!link?.href || link.getAttribute("href")?.startsWith("#")) return;
      link.target = "_blank";
      link.rel = "noopener";
    },
    { capture: true },
  );
}

/**
 * Tell a page around this one something; without such a page nothing happens. The frame does not know that page's
 * origin, so any page may hear it: a message holds nothing that names a visitor. docs/lessons.md lists all of them.
 * @param {{type: string, [more: string]: unknown}} message
 */
export function tellParent(message) {
  if (window.parent !== window) window.parent.postMessage({ source: "pedviz", ...message }, "*");
}

/**
 * Tell the page around this one how high it is, now and whenever that changes. Where a frame is out of sight, browsers
 * do not run what waits for its size or its next image; changes of the document are seen all the same.
 */
function tellHeight() {
  let told = 0;
  let waiting = 0;
  function tell() {
    waiting = 0;
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height !== told) tellParent({ type: "height", height });
    told = height;
  }
  new ResizeObserver(tell).observe(document.body);
  const changes = new MutationObserver(() => {
    if (!waiting) waiting = setTimeout(tell, LATER_MS);
  });
  changes.observe(document.body, { childList: true, subtree: true });
}

/** With ?embed=1: hide the frame of the site, and say how high the page is. */
export function startEmbed() {
  if (new URLSearchParams(location.search).get(PARAMETER) !== "1") return;
  document.documentElement.classList.add("pv-embed");
  openLinksOutside();
  if (window.parent !== window) tellHeight();
}

/**
 * HTML that shows a page in its present state inside another one, as high as it is.
 * @param {string} href address of the page with its state
 * @param {string} title of the frame, for those who listen
 */
function embedCode(href, title) {
  const address = new URL(href);
  address.searchParams.set(PARAMETER, "1");
  return `<iframe src="${quoted(address.href)}" title="${quoted(title)}"
  style="width: 100%; height: 900px; border: 0" loading="lazy"></iframe>
<script>
addEventListener("message", ({ source, data }) => {
  if (data?.source !== "pedviz" || data.type !== "height") return;
  for (const frame of document.querySelectorAll("iframe"))
    if (frame.contentWindow === source) frame.style.height = Number(data.height) + "px";
});
</script>
`;
}

/**
 * Copy the code of a page.
 * @param {string} href address of the page with its state
 * @param {(text: string) => void} say what came of it
 */
export function copyEmbedCode(href, say) {
  copyText(embedCode(href, document.title)).then(
    () => say("Code copied: paste it into the HTML of your own page."),
    () => say(REFUSED),
  );
}
