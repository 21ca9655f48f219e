/** Small helpers to build elements. Text always goes in as text, never as HTML. */

/**
 * @typedef {{[K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => void}} Listeners
 * @typedef {string|number|boolean|null|undefined} AttributeValue
 * @typedef {{[name: string]: AttributeValue|((event: never) => void)} & Listeners} Attributes
 */

/**
 * An element with attributes, listeners and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag such as "button"
 * @param {Attributes} attributes a function under "onclick" listens; false and null are left out
 * @param {...(Node|string|null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/**
 * The element below another that a selector finds.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 * @throws {TypeError} there is none
 */
export function partOf(root, selector) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new TypeError(`expected an element at ${selector}, got ${found}`);
  return found;
}

/**
 * Put text into an element. Where it is there already nothing is written: that would cost a layout.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * What draws on a canvas; there is always one, because no canvas of ours has another kind of context.
 * @template {HTMLCanvasElement|OffscreenCanvas} Canvas
 * @param {Canvas} canvas
 * @param {CanvasRenderingContext2DSettings} [options]
 * @returns {Canvas extends OffscreenCanvas ? OffscreenCanvasRenderingContext2D : CanvasRenderingContext2D}
 */
export function pencil(canvas, options) {
  return /** @type {any} */ (canvas.getContext("2d", options));
}

/**
 * 20 MB rather than 20971520.
 * @param {number} bytes
 */
export function megabytes(bytes) {
  const millions = bytes / 1e6;
  return `${millions < 10 ? millions.toFixed(1) : Math.round(millions)} MB`;
}
